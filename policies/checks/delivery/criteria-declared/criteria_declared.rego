# METADATA
# title: What proves a candidate is declared beforehand, within the Profile's bounds
# description: |
#   Asks whether the System declares for how long and over how many records a candidate is compared with the incumbent, how large a share may differ
#   unexplained, which fields are ignored and which differences are expected, and whether the Profile allows it; and whether each path in
#   spec.proof.differences names what differs between the plants, and not a container with its image and all.
#
#   Criteria that are chosen after the comparison fit whatever came out of it. And one record, a tolerance
#   of everything, or all fields ignored prove nothing, whoever wrote them down.
# custom:
#   level: 3
#   kind: goal
#   severity: high
#   remediation: Declare window, volume, tolerance, ignoredFields and expectedDifferences in spec.proof, within the bounds of the Profile; name each ignored field, and each field in which the plants differ.
package pocdr.checks.delivery.criteria_declared

import data.pocdr.lib.system
import data.pocdr.lib.units

proof := system.spec.proof

bounds := input.profile.spec.proof

unsaid[system.at([])] := "no System declares what proves a candidate" if not input.system.declared

unsaid[system.at(["spec", "proof"])] := "spec.proof is not declared" if {
	input.system.declared
	not proof
}

subjects contains at if some at, _ in unsaid

fails[at] contains message if some at, message in unsaid

criteria := ["window", "volume", "tolerance", "ignoredFields", "expectedDifferences"]

place(criterion) := system.at(["spec", "proof", criterion])

subjects contains place(criterion) if {
	proof
	some criterion in criteria
}

passes contains place(criterion) if {
	proof
	some criterion in criteria
	not faults[criterion]
}

fails[place(criterion)] contains message if some message in faults[criterion]

faults[criterion] contains sprintf("spec.proof.%v is not declared", [criterion]) if {
	proof
	some criterion in criteria
	object.get(proof, criterion, null) == null
}

faults.window contains sprintf("the window is %v; the Profile asks for %v", [words(proof.window), words(bounds.minWindow)]) if {
	units.seconds(proof.window) < units.seconds(bounds.minWindow)
}

faults.volume contains sprintf("%v records are compared; the Profile asks for %v", [proof.volume, bounds.minVolume]) if {
	proof.volume < bounds.minVolume
}

faults.tolerance contains sprintf("a share of %v may differ; the Profile allows %v", [proof.tolerance, bounds.maxTolerance]) if {
	units.number(proof.tolerance) > units.number(bounds.maxTolerance)
}

faults.ignoredFields contains sprintf("%v fields are ignored; the Profile allows %v", [count(proof.ignoredFields), bounds.maxIgnoredFields]) if {
	count(proof.ignoredFields) > bounds.maxIgnoredFields
}

faults.ignoredFields contains sprintf("%q ignores more than one field", [field]) if {
	some field in proof.ignoredFields
	contains(field, "*")
}

faults.expectedDifferences contains "an expected difference does not say what it is" if {
	some difference in proof.expectedDifferences
	trim_space(difference) == ""
}

# --- In what the plants may differ

different(i) := system.at(["spec", "proof", "differences", i])

subjects contains different(i) if some i, _ in proof.differences

passes contains different(i) if {
	some i, path in proof.differences
	not vague(path)
}

fails[different(i)] contains vague(path) if some i, path in proof.differences

vague(path) := sprintf("%q is no path of a field: what it stands for is not looked for", [path]) if {
	contains(path, "*")
} else := sprintf("%q lets all of a container differ, its image and what it is run with", [path]) if {
	some image in images
	image != path
	startswith(image, concat("", [path, "."]))
}

# images are the fields that name an image, in what any plant runs.
images contains field if {
	some name in ["a", "b"]
	some ref in system.plants[name].workloads
	some t in system.templates_of(ref)
	some field, _ in t.fields
	endswith(field, ".image")
}

words(duration) := units.words(units.seconds(duration))
