# METADATA
# title: Bedrock enforces what is granted
# description: |
#   Asks whether every instance of bedrock that the System names as intake or outlet makes everybody say who they
#   are, and denies what it does not grant.
#
#   Where a log lets in whoever comes, or allows what no rule is about, every grant is a comment: a candidate
#   writes the outlet because nobody stops it, and no other question about access has an answer. So
#   those fail, too, where an instance is known not to enforce.
# custom:
#   level: 2
#   kind: invariant
#   severity: critical
#   exemptible: false
#   remediation: Turn on authentication on every listener of the instance and authorisation that denies by default, in the object that declares it.
package pocdr.checks.access.enforced

import data.pocdr.lib.access
import data.pocdr.lib.contracts
import data.pocdr.lib.logs
import data.pocdr.lib.system

# unnamed says, by place, which part of the bedrock in use the System does not name.
unnamed[at] := message if {
	input.system.declared
	some at, message in object.union(logs.absent, contracts.absent)
}

subjects contains at if some at, _ in unnamed

fails[at] contains message if some at, message in unnamed

# seen are the facts about the instances in use; about all of them where no System says which are.
seen contains e if {
	some instance in access.instances
	some e in access.enforcement(instance)
}

seen contains e if {
	not input.system.declared
	some e in input.facts.enforcement
}

subjects contains e.at if some e in seen

passes contains e.at if {
	some e in seen
	access.enforces(e)
}

fails[at] contains message if some message in access.unenforced[at]

fails[e.at] contains access.unenforced_because(e) if {
	not input.system.declared
	some e in seen
	access.leaks(e)
}

unknowns[e.at] contains "does not enforce what is granted, and whether it is the instance that the System names is not known" if {
	some e in seen
	access.leaks(e)
}

unknowns[e.at] contains sprintf("whether %v enforces what is granted cannot be told: %v", [access.instance_title([e.platform, e.scope]), reason(e)]) if {
	some e in seen
	not access.enforces(e)
	not access.leaks(e)
}

reason(e) := e.gap if e.gap != null

reason(e) := "not all of it is declared" if e.gap == null

# unseen has, by place in the System, the instances of which nothing is declared.
unseen[system.at(r.path)] contains instance if {
	some r in access.references
	some instance in access.instances_of(r.ref)
	count(access.enforcement(instance)) == 0
}

subjects contains at if some at, _ in unseen

unknowns[at] contains sprintf("nothing declares whether %v enforces what is granted", [access.instance_title(instance)]) if some instance in unseen[at]
