# The System's service level objective.
package pocdr.lib.objective

import data.pocdr.lib.system
import data.pocdr.lib.units

at := system.at([]) if {
	not input.system.declared
} else := system.at(["spec", "objective"])

# target is the share that is promised, in percent.
target := to_number(system.spec.objective.target)

faults contains "no System declares an objective" if not input.system.declared

faults contains "spec.objective is not declared" if {
	input.system.declared
	not system.spec.objective
}

faults contains "spec.objective.statement does not say what is measured" if trim_space(system.spec.objective.statement) == ""

faults contains sprintf("spec.objective promises %v%%", [target]) if target == 0

faults contains sprintf("spec.objective holds over a window of %v", [system.spec.objective.window]) if {
	units.seconds(system.spec.objective.window) <= 0
}
