# METADATA
# title: The delivered commit has a signed verdict
# description: |
#   Asks whether the commit that was delivered has a verdict of this engine, signed, from before it was delivered.
#
#   That the scan runs in the pipeline does not say that it ran on what was delivered: a branch of its own, a
#   pipeline that was skipped, a tag that was moved. The verdict names the commit, and whoever delivers can ask for it.
# custom:
#   level: 3
#   kind: goal
#   release: true
#   severity: high
#   remediation: Sign the verdict of each commit that is delivered, record it as evidence, and deliver no commit that has none.
#   awaits: [evidence]
package pocdr.checks.gate.commit_judged
