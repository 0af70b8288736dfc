# METADATA
# title: The system has owners, who must approve changes of its declaration
# description: |
#   Asks whether the System names its owners, and whether somebody must approve changes of the file that declares it.
#
#   When output is wrong at night, someone has to be called, and it is too late to find out whom. And a
#   declaration that anybody may change without being asked says nothing about what was agreed.
# related_resources:
# - ref: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
#   description: Code owners on GitHub
# - ref: https://docs.gitlab.com/user/project/codeowners/
#   description: Code owners on GitLab
# custom:
#   level: 1
#   kind: goal
#   severity: high
#   remediation: Name the owners in spec.owners, and give the file an owner in the repository's own rules of who must approve.
package pocdr.checks.radius.owned

import data.pocdr.lib.system

owners := system.at(["spec", "owners"])

declaration := system.at([])

subjects contains owners if input.system.declared

subjects contains declaration

passes contains owners if {
	input.system.declared
	named
}

fails[owners] contains "spec.owners names nobody" if {
	input.system.declared
	not named
}

passes contains declaration if {
	input.system.declared
	approved
}

fails[declaration] contains "no owner must approve changes of the file that declares it" if {
	input.system.declared
	not approved
}

fails[declaration] contains "no System declares who owns what runs here" if not input.system.declared

named if {
	some owner in system.spec.owners
	trim_space(owner) != ""
}

approved if {
	some o in input.facts.ownership
	o.document == input.system.at[0]
	count(o.owners) > 0
}
