# METADATA
# title: Who may read an outlet is exactly who is declared downstream
# description: |
#   Asks whether the principals that may read the system's outlets are those that the System declares downstream, each with an
#   owner; nobody may be declared where it is seen that nobody reads. Left out are the system's own actors, its corrector, and administrators whose credentials no workload holds.
#
#   A reader that nobody knows of is not told when the output was wrong, and goes on drinking. A
#   reader that is declared and may not read has lost its source, or never was one.
# custom:
#   level: 2
#   kind: goal
#   severity: high
#   remediation: Declare the reader in spec.downstream with its owner and principals, or revoke the grant; if it is a plant's own, name it in that plant's credentials. State in spec.authority of which scopes this repository declares everything, and have the Profile approve it.
package pocdr.checks.radius.downstream_declared

import data.pocdr.lib.access
import data.pocdr.lib.contracts
import data.pocdr.lib.readers
import data.pocdr.lib.system

subjects contains at if some at, _ in contracts.absent

subjects contains at if some at, _ in contracts.nobody

fails[at] contains message if some at, message in contracts.absent

fails[at] contains message if {
	some at, message in contracts.nobody
	not nobody_reads
}

# Nobody is downstream where it is seen that nobody reads: of a system that is about to retire, say.
passes contains at if {
	some at, _ in contracts.nobody
	nobody_reads
}

nobody_reads if count(readers.unsettled) == 0

# Each outlet: all who may read it can be seen.

subjects contains contracts.at(i) if some i, _ in system.spec.outlets

passes contains contracts.at(i) if {
	some i, outlet in system.spec.outlets
	count(readers.doubts(outlet)) == 0
	count(readers.leaks(outlet)) == 0
}

fails[contracts.at(i)] contains message if {
	some i, outlet in system.spec.outlets
	some message in readers.leaks(outlet)
}

unknowns[contracts.at(i)] contains message if {
	some i, outlet in system.spec.outlets
	some message in readers.doubts(outlet)
}

# Each grant: whoever reads by it is expected to.

subjects contains g.at if some g in readers.grants[_]

passes contains at if some at in {g.at | some g in readers.grants[_]} - {at | some at, _ in readers.strangers}

fails[at] contains sprintf("%v and is not declared downstream", [reading]) if {
	some at, list in readers.strangers
	not system.incomplete
	some reading in list
}

# Who reads may be one of the system's own as long as not all of them are declared.
unknowns[at] contains sprintf("%v and is not declared downstream; whether that is one of the system's own cannot be told: not all of its workloads are declared", [reading]) if {
	some at, list in readers.strangers
	system.incomplete
	some reading in list
}

# Each downstream: it has an owner, and may read.

subjects contains downstream(i) if some i, _ in system.spec.downstream

passes contains downstream(i) if {
	some i, d in system.spec.downstream
	owned(d)
	named(d)
	count(cut_off(d)) == 0
}

fails[downstream(i)] contains sprintf("downstream %v has no owner", [d.name]) if {
	some i, d in system.spec.downstream
	not owned(d)
}

fails[downstream(i)] contains sprintf("downstream %v names no principal with which it reads", [d.name]) if {
	some i, d in system.spec.downstream
	not named(d)
}

missing[downstream(i)] contains sprintf("%v is declared downstream and may read no outlet", [p]) if {
	some i, d in system.spec.downstream
	some p in cut_off(d)
	readers.seen
}

unknowns[downstream(i)] contains sprintf("no grant that is declared here lets %v read an outlet", [p]) if {
	some i, d in system.spec.downstream
	some p in cut_off(d)
	not readers.seen
}

downstream(i) := system.at(["spec", "downstream", i])

owned(d) if trim_space(d.owner) != ""

named(d) if count(d.principals) > 0

# cut_off(d) are the principals of a downstream that no declared grant lets read.
cut_off(d) := {p | some p in d.principals; not p in readers.all; not access.everybody_like(p) in readers.all}
