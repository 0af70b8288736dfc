# METADATA
# title: The way back is declared, can be started, and has a time limit
# description: |
#   Asks whether spec.rollback names a procedure that is declared and can be started as it stands, in how much time it
#   takes the system back, and for how long after a switch that is promised; both within the Profile's bounds.
#
#   A page of instructions is carried out at night, by whoever is on call, against the clock. What was written as code was read by a
#   second person, was tried, and does the same thing each time; and only what has a time limit can be measured against it.
# custom:
#   level: 3
#   kind: goal
#   severity: high
#   remediation: Name the object or the pipeline file that takes the system back in spec.rollback.procedure, let a person be able to start it, and declare objective and window within the Profile's bounds.
package pocdr.checks.rollback.as_code

import data.pocdr.lib.objects
import data.pocdr.lib.system
import data.pocdr.lib.units

subjects contains system.at([]) if not input.system.declared

fails[system.at([])] contains "no System declares how to go back" if not input.system.declared

rollback := system.spec.rollback if input.system.declared

bounds := input.profile.spec.rollback

place(field) := system.at(["spec", "rollback", field])

asked := [field | rollback; some field in ["procedure", "objective", "window"]]

subjects contains place(field) if some field in asked

passes contains place(field) if {
	some field in asked
	rollback[field]
	not fails[place(field)]
	not missing[place(field)]
}

fails[place(field)] contains sprintf("spec.rollback.%v is not declared", [field]) if {
	some field in asked
	not rollback[field]
}

# --- The procedure

procedure := rollback.procedure

fails[place("procedure")] contains "spec.rollback.procedure names neither an object nor a file" if {
	procedure
	not procedure.object
	not procedure.file
}

fails[place("procedure")] contains sprintf("%v cannot be started as it stands", [title(p)]) if {
	some p in found
	not p.runnable
}

fails[place("procedure")] contains sprintf("%v is nothing that can be started", [objects.title(ref)]) if {
	unfound
	declared
}

missing[place("procedure")] contains sprintf("%v is not declared", [objects.title(ref)]) if {
	unfound
	not declared
}

missing[place("procedure")] contains sprintf("no pipeline is declared in %v", [procedure.file]) if {
	not procedure.file in {p.name | some p in found; p.kind == null}
}

ref := procedure.object

# found are the declared procedures that are named: the object, and the file, which has no kind.
found contains p if {
	some p in input.facts.procedure
	[p.kind, p.namespace, p.name] == [ref.kind, ref.namespace, ref.name]
}

found contains p if {
	some p in input.facts.procedure
	p.kind == null
	p.name == procedure.file
}

unfound if {
	ref
	count({p | some p in found; p.kind != null}) == 0
}

declared if {
	some o in input.facts.object
	o.name == ref.name
	o.kind == ref.kind
	o.namespace in {ref.namespace, null}
}

title(p) := p.name if p.kind == null

title(p) := objects.title(p) if p.kind != null

# --- Its time limit

fails[place("objective")] contains sprintf("spec.rollback.objective is %v", [rollback.objective]) if {
	units.seconds(rollback.objective) <= 0
}

fails[place("objective")] contains sprintf("going back may take %v; the Profile allows %v", [words(rollback.objective), words(bounds.maxObjective)]) if {
	units.seconds(rollback.objective) > units.seconds(bounds.maxObjective)
}

fails[place("window")] contains sprintf("going back is promised for %v; the Profile asks for %v", [words(rollback.window), words(bounds.minWindow)]) if {
	units.seconds(rollback.window) < units.seconds(bounds.minWindow)
}

words(duration) := units.words(units.seconds(duration))
