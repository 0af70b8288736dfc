package pocdr.bedrock.git.gitlab_test

import data.pocdr.bedrock.git.gitlab

file(pipeline) := {"file": ".gitlab-ci.yml", "pipeline": pipeline}

# job(fields, others) is the fact of a job, in a file with other entries.
job_among(fields, others) := f if {
	some f in gitlab.facts with input as file(object.union({"test": fields}, others))
	f.fact == "pipeline"
	f.name == "test"
}

job(fields) := job_among(fields, {})

scan(fields) := object.union({"script": ["pocdr scan"]}, fields)

fact := {"fact": "pipeline", "path": ["pipeline", "test"], "platform": "gitlab-ci", "name": "test", "changes": true, "manual": false, "scans": true, "doubts": [], "tolerant": false}

test_a_job if job(scan({"stage": "test"})) == fact

test_scripts if {
	every fields in [{"script": "pocdr scan"}, {"script": ["make", ["pocdr scan"]]}, {"script": ["make"], "before_script": ["pocdr scan"]}, {"run": [{"name": "scan", "script": "pocdr scan"}]}] {
		job(fields) == fact
	}
	every others in [{"default": {"before_script": ["pocdr scan"]}}, {"before_script": "pocdr scan"}] {
		job_among({"script": ["make"]}, others) == fact
		job_among({"script": ["make"], "before_script": ["echo"]}, others).scans == false
	}
	job({"script": ["make"]}).scans == false
	job({"extends": ".scan"}).scans == false
	job({"trigger": "city/other"}).scans == false
}

test_what_is_no_job if {
	every name in ["default", "variables", "workflow", "spec", ".hidden"] {
		{f.fact | some f in gitlab.facts} == {"procedure"} with input as file({name: scan({})})
	}
	{f.fact | some f in gitlab.facts} == {"procedure"} with input as file({"stages": ["a"], "include": [{"local": "x"}], "x": {"image": "y"}})
}

test_tolerant if {
	every fields in [
		{"allow_failure": true}, {"allow_failure": {"exit_codes": [1]}}, {"when": "manual"}, {"rules": [{"allow_failure": true}]}, {"script": ["pocdr scan || true"]}, {"script": ["set +e", "pocdr scan"]},
		{"script": ["make"], "after_script": ["pocdr scan"]},
	] {
		job(scan(fields)).scans == true
		job(scan(fields)).tolerant == true
	}
	every fields in [{"allow_failure": false}, {"when": "manual", "allow_failure": false}, {"script": ["pocdr scan | tee out"]}, {"rules": [{"when": "manual"}]}] {
		job(scan(fields)).tolerant == false
	}
}

source(name) := sprintf("$CI_PIPELINE_SOURCE == %q", [name])

test_changes if {
	every fields in [
		{"when": "always"}, {"rules": [{"when": "on_success"}]}, {"rules": [{"if": source("merge_request_event")}]}, {"rules": [{"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"}]},
		{"rules": [{"if": "$CI_COMMIT_BRANCH == \"main\" || $CI_MERGE_REQUEST_IID"}]}, {"rules": [{"if": source("schedule"), "when": "never"}, {"when": "always"}]}, {"rules": [{"if": "($CI_COMMIT_BRANCH)"}]},
		{"rules": [{"if": "$CI_PIPELINE_SOURCE != \"schedule\""}]},
		{"only": ["main", "merge_requests"]}, {"only": "branches"}, {"only": {"refs": ["main"]}}, {"except": ["schedules"]},
	] {
		job(scan(fields)).changes == true
	}
}

test_no_changes if {
	every fields in [
		{"when": "manual"}, {"when": "never"}, {"when": "on_failure"}, {"rules": [{"when": "manual"}]}, {"rules": [{"when": "never"}, {"when": "always"}]}, {"rules": [{"if": source("schedule")}]},
		{"rules": [{"if": "$CI_COMMIT_BRANCH && $SLOW"}]}, {"rules": [{"changes": ["src/**"]}]}, {"rules": [{"exists": ["Makefile"]}]}, {"rules": [{"changes": ["docs/**"], "when": "never"}, {"when": "always"}]},
		{"only": ["schedules", "tags"]}, {"only": {"refs": ["web"]}}, {"only": {"refs": ["main"], "changes": ["src/**"]}}, {"except": ["merge_requests"]}, {"except": {"variables": ["$SLOW"]}},
	] {
		job(scan(fields)).changes == false
	}
}

test_the_pipelines_own_rules if {
	job_among(scan({}), {"workflow": {"rules": [{"if": source("merge_request_event")}, {"if": "$CI_COMMIT_TAG"}]}}).changes == true
	job_among(scan({}), {"workflow": {"rules": [{"if": source("schedule")}]}}).changes == false
	job_among(scan({}), {"workflow": {"name": "x"}}).changes == true
}

test_doubts if {
	every fields in [
		{"rules": [{"if": "$CI_COMMIT_BRANCH == \"nope\""}]}, {"only": ["nope"]}, {"script": ["cd /tmp", "pocdr scan"]}, {"script": ["pocdr scan ../other"]},
	] {
		count(job(scan(fields)).doubts) == 1
	}
	job(scan({"only": "nope"})).doubts == ["runs on changes of nope, of which it cannot be told whether what is delivered is among them"]
	count(job_among(scan({}), {"workflow": {"rules": [{"if": "$CI_COMMIT_BRANCH == 'nope'"}]}}).doubts) == 1
}

test_no_doubts if {
	every fields in [
		{}, {"rules": [{"if": source("merge_request_event")}, {"if": "$CI_COMMIT_BRANCH == 'nope'"}]}, {"rules": [{"if": "$CI_COMMIT_BRANCH == 'nope' || $CI_MERGE_REQUEST_IID"}]}, {"rules": [{"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"}]},
		{"rules": [{"if": "$CI_COMMIT_BRANCH == \"main\""}]}, {"rules": [{"when": "always"}]}, {"only": ["main"]}, {"only": ["merge_requests", "nope"]}, {"only": ["/^release/"]},
		{"image": {"name": "registry.example/pocdr:v1", "entrypoint": [""]}}, {"script": ["cd \"$CI_PROJECT_DIR\"", "pocdr scan --rev $CI_COMMIT_SHA ."]},
	] {
		job(scan(fields)).doubts == []
	}
}

test_manual if {
	every fields in [{"when": "manual"}, {"rules": [{"if": "$CI_COMMIT_BRANCH", "when": "manual"}]}, {"rules": [{"if": source("web")}]}, {"only": ["web"]}] {
		job(scan(fields)).manual == true
	}
	every fields in [{}, {"rules": [{"if": source("web"), "when": "never"}]}, {"only": ["main"]}] {
		job(scan(fields)).manual == false
	}
}

procedure(pipeline) := f if {
	some f in gitlab.facts with input as file(pipeline)
	f.fact == "procedure"
}

test_procedure if {
	procedure({"back": {"script": ["make back"], "when": "manual"}}) == {"fact": "procedure", "path": ["pipeline"], "kind": null, "namespace": null, "name": ".gitlab-ci.yml", "runnable": true}
	procedure({"back": {"script": ["make back"]}}).runnable == false
}

test_hostile if {
	every pipeline in ["x", 1, [1], {"test": 1}] {
		{f.fact | some f in gitlab.facts} == {"procedure"} with input as file(pipeline)
	}
	every fields in [
		{"script": 1}, {"script": {"x": [1]}}, {"script": "x", "rules": "x"}, {"script": "x", "rules": [1, {"if": 1}, {"if": [], "when": {}}]}, {"script": "x", "only": 1, "except": [{}]},
		{"script": "x", "before_script": 1, "when": [], "allow_failure": "x"},
	] {
		job_among(fields, {"workflow": {"rules": 1}}).scans == false
	}
}
