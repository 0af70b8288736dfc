# METADATA
# title: The intake is a declared resource
# description: |
#   Asks whether the log that the System names as its intake is itself declared.
#
#   A log that nobody declared was made by hand or by whoever first wrote to it: how long it keeps the
#   input, how many copies there are and who may read it again is then nowhere written down,
#   and it comes back differently the day that it has to be made anew.
# custom:
#   level: 1
#   kind: invariant
#   severity: high
#   remediation: Name the log in spec.intake (platform, scope, name), and declare it where its platform's other logs are declared.
package pocdr.checks.intake.declared

import data.pocdr.lib.logs
import data.pocdr.lib.system

place := system.at(["spec", "intake"])

subjects contains at if some at, _ in logs.absent

subjects contains place if system.spec.intake

fails[at] contains message if some at, message in logs.absent

missing[at] contains message if some at, message in logs.undeclared

passes contains place if count(logs.intake) == 1

unknowns[place] contains sprintf("log %v is declared in %v; spec.intake.scope does not say which of them is meant", [system.spec.intake.name, concat(", ", {scope(l) | some l in logs.intake})]) if {
	count(logs.intake) > 1
}

scope(l) := l.scope if l.scope != null

scope(l) := "an instance that is not named" if l.scope == null
