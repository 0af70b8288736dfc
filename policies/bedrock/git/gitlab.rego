# METADATA
# title: GitLab pipelines
# description: The jobs of GitLab's pipelines - whether they run on every change, and whether they run the scan and fail with it.
# custom:
#   reads:
#   - {format: gitlab-ci}
#   emits: [pipeline, procedure]
package pocdr.bedrock.git.gitlab

import data.pocdr.bedrock.git.script

# jobs are the top-level entries that run something; a name that starts with a dot is a template.
jobs := {name: job |
	is_object(input.pipeline)
	some name, job in input.pipeline
	is_object(job)
	not name in {"default", "include", "stages", "variables", "workflow", "image", "services", "before_script", "after_script", "cache", "spec"}
	not startswith(name, ".")
	count({"script", "run", "extends", "trigger"} & object.keys(job)) > 0
}

facts contains {
	"fact": "pipeline",
	"path": ["pipeline", name],
	"platform": "gitlab-ci",
	"name": name,
	"changes": name in on_changes,
	"manual": name in by_hand,
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
	"runnable": count(by_hand) > 0,
}

on_changes contains name if {
	workflow
	some name, job in jobs
	not job.when in {"manual", "never", "on_failure"}
	admitted(job)
}

# workflow holds where changes start a pipeline at all.
workflow if not input.pipeline.workflow.rules

workflow if lets(rules(input.pipeline.workflow))

admitted(job) if lets(rules(job))

admitted(job) if {
	not job.rules
	not leaves_out(job)
}

rules(part) := [rule |
	is_array(part.rules)
	some rule in part.rules
	is_object(rule)
]

# lets(list) holds where some rule takes changes in, and none before it turns everything away.
lets(list) if {
	some i, rule in list
	takes(rule)
	every earlier in array.slice(list, 0, i) {
		not turns(earlier)
	}
}

takes(rule) if {
	object.get(rule, "when", null) in {null, "on_success", "always", "delayed"}
	not partial(rule)
	about_changes(object.get(rule, "if", null))
}

partial(rule) if rule.changes

partial(rule) if rule.exists

turns(rule) if {
	rule.when == "never"
	not rule["if"]
}

# about_changes(condition) holds where a condition lets changes through: all, or those of some branches.
about_changes(null)

about_changes(condition) if {
	is_string(condition)
	regex.match(sprintf(`^\s*%[1]s(\s*(&&|\|\|)\s*%[1]s)*\s*$`, [term]), regex.replace(condition, `[()]`, " "))
}

term := `(\$CI_PIPELINE_SOURCE\s*==\s*["'](merge_request_event|push)["']|\$CI_PIPELINE_SOURCE\s*!=\s*["'](schedule|web|api|trigger|pipeline)["']|\$CI_MERGE_REQUEST_I?ID|\$CI_OPEN_MERGE_REQUESTS|\$CI_COMMIT_BRANCH(\s*==\s*(\$CI_DEFAULT_BRANCH|["'][^"']*["']))?)`

# leaves_out(job) holds where `only` or `except`, the older form of rules, keeps changes out.
leaves_out(job) if {
	job.only
	count(refs(job.only) - {"tags", "schedules", "web", "api", "triggers", "pipelines", "external", "chat"}) == 0
}

leaves_out(job) if count(refs(job.except) & {"branches", "pushes", "merge_requests"}) > 0

leaves_out(job) if {
	some field in ["only", "except"]
	some condition in ["changes", "variables", "kubernetes"]
	job[field][condition]
}

refs(filter) := {filter} if {
	is_string(filter)
} else := {ref | some ref in filter.refs} if {
	is_object(filter)
} else := {ref | some ref in filter}

by_hand contains name if {
	some name, job in jobs
	job.when == "manual"
}

by_hand contains name if {
	some name, job in jobs
	some rule in rules(job)
	rule.when == "manual"
}

by_hand contains name if {
	some name, job in jobs
	some rule in rules(job)
	object.get(rule, "when", null) != "never"
	is_string(rule["if"])
	regex.match(`\$CI_PIPELINE_SOURCE\s*==\s*["']web["']`, rule["if"])
}

by_hand contains name if {
	some name, job in jobs
	"web" in refs(job.only)
}

scanning contains name if {
	some name, job in jobs
	script.scans(concat("\n", [main(job), text(object.get(job, "after_script", ""))]))
}

main(job) := concat("\n", [before(job), text(object.get(job, "script", "")), text(object.get(job, "run", ""))])

# before(job) is what runs before the job's own script, in the same shell: the job's, or else everybody's.
before(job) := text(job.before_script) if {
	job.before_script
} else := text(input.pipeline["default"].before_script) if {
	input.pipeline["default"].before_script
} else := text(object.get(input.pipeline, "before_script", ""))

# text(value) is a script: a line, or a list of them that may hold lists.
text(value) := concat("\n", [line | walk(value, [_, line]); is_string(line)])

tolerant contains name if {
	some name in scanning
	not strict(jobs[name])
}

# What runs after the script, in after_script, does not count.
strict(job) if {
	not forgives(job)
	script.strict(main(job), habits)
}

habits := {"stops": true, "pipefail": true}

# doubts(name, job) says why it cannot be told whether a job that guards does so for every change.
doubts(name, job) := script.doubts(main(job), habits) |
	{script.not_delivered(named(job)) | name in scanning; name in on_changes; not certain(job)}

# certain(job) holds where rules take changes in that name no branch, or the one that is delivered.
certain(job) if {
	wide(object.get(input.pipeline, "workflow", {}))
	wide(job)
	widely(job)
}

wide(part) if count(rules(part)) == 0

wide(part) if {
	some rule in rules(part)
	takes(rule)
	some alternative in alternatives(rule)
	every branch in branches_of(alternative) {
		script.delivered(branch)
	}
}

alternatives(rule) := split(rule["if"], "||") if {
	is_string(rule["if"])
} else := [""]

widely(job) if not job.only

widely(job) if {
	some ref in refs(job.only)
	is_string(ref)
	regex.match(`^(branches|pushes|merge_requests|external_pull_requests|/.*)$`, ref)
}

widely(job) if {
	some ref in refs(job.only)
	script.delivered(ref)
}

# named(job) are the branches that the rules of a job, or of the pipeline, name.
named(job) := {branch |
	some part in [job, object.get(input.pipeline, "workflow", {})]
	some rule in rules(part)
	some alternative in alternatives(rule)
	some branch in branches_of(alternative)
} | {ref | some ref in refs(job.only)}

branches_of(condition) := {found[1] | some found in regex.find_all_string_submatch_n(`\$CI_COMMIT_BRANCH\s*==\s*["']([^"']*)["']`, condition, -1)}

forgives(job) if not object.get(job, "allow_failure", false) in {false, null}

# A job that waits for a person may fail unless that is ruled out.
forgives(job) if {
	job.when == "manual"
	not job.allow_failure == false
}

forgives(job) if {
	some rule in rules(job)
	rule.allow_failure == true
}
