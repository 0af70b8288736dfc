# METADATA
# title: Policies
# description: The Rego modules of the repository.
# custom:
#   reads:
#   - {format: rego}
#   emits: [policy]
package pocdr.bedrock.git.policy

facts contains {"fact": "policy", "path": [], "package": input["package"], "rules": input.rules, "tests": input.tests}
