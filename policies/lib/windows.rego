# For how long the intake must keep what it has: the times that the System declares, no shorter than the Profile asks for.
package pocdr.lib.windows

import data.pocdr.lib.system
import data.pocdr.lib.units

declared["proof.window"] := units.seconds(system.spec.proof.window)

declared["rollback.window"] := units.seconds(system.spec.rollback.window)

declared["correction.timeToDetect"] := units.seconds(system.spec.correction.timeToDetect)

declared["correction.timeToRepair"] := units.seconds(system.spec.correction.timeToRepair)

sections := {"proof.window": "proof", "rollback.window": "rollback", "correction.timeToDetect": "correction", "correction.timeToRepair": "correction"}

least["proof.window"] := units.seconds(input.profile.spec.proof.minWindow)

least["rollback.window"] := units.seconds(input.profile.spec.rollback.minWindow)

# window(field) is a declared time in seconds, no less than the Profile asks for.
window(field) := max([declared[field], object.get(least, field, 0)])

# needed is for how long a record must be kept; undefined where a window is not declared.
needed := (longest + window("rollback.window")) + window("correction.timeToRepair") if {
	longest := max([window("proof.window"), window("correction.timeToDetect")])
}
