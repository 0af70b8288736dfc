# METADATA
# title: Detecting and correcting wrong output was drilled lately
# description: |
#   Asks whether a passing drill, in which wrong output was found and corrected, is younger than its maximum age.
#
#   Who has never corrected a record does not know whether the alert fires, whether the corrector still has its rights, and
#   whether downstream applies what it is sent. It is learnt on an ordinary day, or on the worst one.
# custom:
#   level: 5
#   kind: goal
#   severity: medium
#   remediation: Put a wrong record into the candidate's outlet, have it found and corrected, and record the drill.
#   awaits: [evidence]
package pocdr.checks.repair.drilled
