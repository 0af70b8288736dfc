# METADATA
# title: Every commit that touches production is signed by someone known
# description: |
#   Asks whether each commit that changed what this system declares, within the look-back, is signed by a known key: a
#   person's, or the key with which the forge signs what it merges, where that one is declared.
#
#   What is in git is what runs, so that whoever can write a commit in another's name can run what he likes, and the
#   name on it tells nobody. A signature ties the change to the one who answers for it.
# related_resources:
# - ref: https://git-scm.com/book/en/v2/Git-Tools-Signing-Your-Work
#   description: Signed commits
# custom:
#   level: 5
#   kind: goal
#   severity: medium
#   remediation: Sign commits, refuse unsigned ones on the branch that is delivered, and declare the known keys, the forge's own among them.
#   awaits: [history]
package pocdr.checks.declaration.signed_history
