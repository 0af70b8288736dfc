# METADATA
# title: GitHub workflows
# description: The jobs of GitHub's workflows - whether they run on every change, and whether they run the scan and fail with it.
# custom:
#   reads:
#   - {format: github-actions}
#   emits: [pipeline, procedure]
package pocdr.bedrock.git.github

import data.pocdr.bedrock.git.script

jobs := {name: job | some name, job in input.pipeline.jobs; is_object(job)}

facts contains {
	"fact": "pipeline",
	"path": ["pipeline", "jobs", name],
	"platform": "github-actions",
	"name": name,
	"changes": name in on_changes,
	"manual": manual,
	"scans": name in scanning,
	"doubts": sort(doubts(name, job)),
	"tolerant": name in tolerant,
} if {
	some name, job in jobs
}

facts contains {
	"fact": "procedure",
	"path": ["pipeline"],
	"kind": null,
	"namespace": null,
	"name": input.file,
	"runnable": runnable,
}

default runnable := false

runnable if {
	manual
	some job in jobs
	not never(job)
}

# events are what starts the workflow, each with its filter; `on` is one name, a list of names or a map.
events := {input.pipeline.on: null} if {
	is_string(input.pipeline.on)
} else := {event: null | some event in input.pipeline.on} if {
	is_array(input.pipeline.on)
} else := input.pipeline.on if {
	is_object(input.pipeline.on)
} else := {}

default manual := false

manual if "workflow_dispatch" in object.keys(events)

# triggered holds where every change starts the workflow. A filter by branch says which branches the changes are of; one by path leaves changes out.
triggered if count(starting) > 0

starting := [filter |
	some event in ["push", "pull_request", "pull_request_target", "merge_group"]
	some name, filter in events
	name == event
	not by_path(filter)
	not by_tag(filter)
	not by_type(filter)
]

by_path(filter) if filter.paths

by_path(filter) if filter["paths-ignore"]

by_tag(filter) if {
	some key in ["tags", "tags-ignore"]
	filter[key]
	not filter.branches
	not filter["branches-ignore"]
}

# New commits of a pull request are of the type synchronize, new entries of a merge queue checks_requested.
by_type(filter) if {
	types := filter.types
	not types in {"synchronize", "checks_requested"}
	not new(types)
}

new(types) if {
	some type in types
	type in {"synchronize", "checks_requested"}
}

# certain holds where one of those filters, if it goes by branch at all, takes in the branch that is delivered.
certain if {
	some filter in starting
	not by_branch(filter)
}

by_branch(filter) if {
	is_array(filter.branches)
	not takes_in(filter.branches)
}

by_branch(filter) if {
	some branch in filter["branches-ignore"]
	script.delivered(branch)
}

takes_in(branches) if {
	some branch in branches
	script.delivered(branch)
	not some_left_out(branches)
}

some_left_out(branches) if {
	some branch in branches
	is_string(branch)
	startswith(branch, "!")
	script.delivered(trim_prefix(branch, "!"))
}

on_changes contains name if {
	triggered
	some name, job in jobs
	always(job)
}

# always(part) holds where the condition of a job or step lets every change through, as far as that can be told from its text.
always(part) if object.get(part, "if", null) in {null, true}

always(part) if {
	is_string(part["if"])
	regex.match(sprintf(`^\s*(\$\{\{)?\s*%[1]s(\s*(&&|\|\|)\s*%[1]s)*\s*(\}\})?\s*$`, [term]), part["if"])
}

term := `(true|always\(\)|success\(\)|!\s*cancelled\(\)|github\.repository(_owner)?\s*==\s*'[^']*'|github\.event_name\s*==\s*'(push|pull_request|pull_request_target|merge_group)'|github\.event_name\s*!=\s*'(schedule|workflow_dispatch|repository_dispatch|release)')`

# never(part) holds where a part is turned off.
never(part) if part["if"] == false

never(part) if {
	is_string(part["if"])
	regex.match(`^\s*(\$\{\{)?\s*false\s*(\}\})?\s*$`, part["if"])
}

scanning contains name if {
	some name, job in jobs
	some part in array.concat([job], steps(job))
	scans(job, part)
}

steps(job) := [step | some step in job.steps; is_object(step)]

scans(job, part) if {
	script.scans(part.run)
	not foreign(shell(job, part))
}

scans(_, part) if acts(part.uses)

# acts(action) holds for an action or workflow that is named after the program, unless it only installs it.
acts(action) if {
	is_string(action)
	contains(action, "pocdr")
	not regex.match(`setup|install`, action)
}

tolerant contains name if {
	some name in scanning
	not strict(jobs[name])
}

strict(job) if count(guarding(job)) > 0

# guarding(job) are the parts of a job that fail where the scan does, and the job with them.
guarding(job) := [part |
	not forgives(job)
	not never(job)
	some part in array.concat([object.remove(job, ["if"])], steps(job))
	always(part)
	not forgives(part)
	fails(job, part)
]

fails(_, part) if acts(part.uses)

fails(job, part) if {
	not foreign(shell(job, part))
	script.strict(part.run, habits(job, part))
}

habits(job, part) := {"stops": stops(shell(job, part)), "pipefail": regex.match(`^bash$|pipefail`, shell(job, part))}

# doubts(name, job) says why it cannot be told whether a job that guards does so for every change.
doubts(name, job) := script.settled([doubts_of(job, part) | some part in guarding(job)]) |
	{script.not_delivered({branch | some filter in starting; some list in ["branches", "branches-ignore"]; some branch in filter[list]}) | name in scanning; triggered; not certain}

doubts_of(_, part) := set() if acts(part.uses)

doubts_of(job, part) := union({
	script.doubts(part.run, habits(job, part)),
	script.elsewhere(folder(job, part)),
}) if not acts(part.uses)

# shell(job, step) is the shell that is asked for, folder(job, step) where it starts; empty where none is.
shell(job, step) := setting(job, step, "shell")

folder(job, step) := setting(job, step, "working-directory")

setting(job, step, name) := step[name] if {
	is_string(step[name])
} else := job.defaults.run[name] if {
	is_string(job.defaults.run[name])
} else := input.pipeline.defaults.run[name] if {
	is_string(input.pipeline.defaults.run[name])
} else := ""

# foreign(name) holds for what is no shell: there, the text of a step is a program in another language.
foreign(name) if regex.match(`^(python|node|perl|ruby)`, name)

# Unless it is given a command line of its own, a shell is started with -e.
stops(name) := regex.match(`^(|bash|sh)$|\s-[a-z]*e`, name)

# forgives(part) holds where a part may fail and the workflow goes on; an expression may come out either way.
forgives(part) if not object.get(part, "continue-on-error", false) in {false, null, "false"}
