package pocdr.bedrock.git.github_test

import data.pocdr.bedrock.git.github

workflow(on, jobs) := {"file": ".github/workflows/ci.yaml", "pipeline": {"name": "ci", "on": on, "jobs": jobs}}

# job(on, job) is the fact of a workflow's only job.
job(on, fields) := f if {
	some f in github.facts with input as workflow(on, {"test": fields})
	f.fact == "pipeline"
}

scan := {"run": "pocdr scan"}

steps(list) := {"runs-on": "x", "steps": list}

test_a_job if {
	job({"push": {"branches": ["main"]}, "workflow_dispatch": null}, steps([{"uses": "actions/checkout@v4"}, scan])) == {
		"fact": "pipeline", "path": ["pipeline", "jobs", "test"], "platform": "github-actions", "name": "test",
		"changes": true, "manual": true, "scans": true, "doubts": [], "tolerant": false,
	}
}

test_another_job if {
	job("schedule", steps([{"run": "make"}])) == {
		"fact": "pipeline", "path": ["pipeline", "jobs", "test"], "platform": "github-actions", "name": "test",
		"changes": false, "manual": false, "scans": false, "doubts": [], "tolerant": false,
	}
}

test_changes if {
	every on in [
		"push", "pull_request", ["push", "schedule"], {"pull_request_target": {}}, {"merge_group": {"types": ["checks_requested"]}}, {"push": {"branches": ["main"], "tags": ["v*"]}},
		{"pull_request": {"types": ["opened", "synchronize"]}}, {"push": {"paths": ["src/**"]}, "pull_request": null},
	] {
		job(on, steps([scan])).changes == true
	}
}

test_no_changes if {
	every on in [
		"release", ["schedule"], {"workflow_dispatch": {}}, {"push": {"paths": ["src/**"]}, "pull_request": {"paths-ignore": ["docs/**"]}}, {"push": {"tags": ["v*"]}}, {"push": {"tags-ignore": ["v*"]}},
		{"pull_request": {"types": ["closed"]}}, {"pull_request": {"types": "labeled"}}, 1, null, {},
	] {
		job(on, steps([scan])).changes == false
	}
}

conditional(condition) := object.union(steps([scan]), {"if": condition})

test_conditions_that_let_changes_through if {
	every condition in [
		true, "true", "always()", "${{ always() }}", "!cancelled()", "github.repository == 'city/water'", "github.event_name == 'push' || github.event_name == 'pull_request'",
		"${{ github.repository_owner == 'city' && github.event_name != 'schedule' }}",
	] {
		job("push", conditional(condition)).changes == true
	}
}

test_conditions_that_may_not if {
	every condition in [false, "false", "github.ref == 'refs/heads/main'", "failure()", "github.event_name == 'schedule'", 1, []] {
		job("push", conditional(condition)).changes == false
	}
}

test_scans_by_an_action if {
	every action in ["pocdr/scan@v1", "city/pocdr-action@v1", "./.github/actions/pocdr"] {
		job("push", steps([{"uses": action}])).scans == true
		job("push", steps([{"uses": action}])).tolerant == false
	}
	job("push", {"uses": "city/ci/.github/workflows/pocdr.yaml@main"}).scans == true
	job("push", {"uses": "city/ci/.github/workflows/pocdr.yaml@main"}).tolerant == false
	job("push", steps([{"uses": "city/setup-pocdr@v1"}])).scans == false
}

test_what_is_no_shell if {
	job("push", steps([object.union(scan, {"shell": "python"})])).scans == false
	job("push", object.union(steps([scan]), {"defaults": {"run": {"shell": "python {0}"}}})).scans == false
	job("push", steps([object.union(scan, {"shell": "python"}), scan])).tolerant == false
	job("push", steps([object.union(scan, {"shell": "python"}), object.union(scan, {"continue-on-error": true})])).tolerant == true
	job("push", object.union(steps([{"uses": "pocdr/scan@v1"}]), {"defaults": {"run": {"shell": "python"}}})).scans == true
}

test_honest_jobs if {
	every fields in [
		steps([object.union(scan, {"working-directory": "services/payments"})]),
		object.union(steps([{"run": "pocdr scan ${{ matrix.folder }}"}]), {"strategy": {"matrix": {"folder": ["a", "b"]}}}),
		object.union(steps([scan]), {"if": "github.event_name == 'pull_request'"}),
		object.union(steps([object.union(scan, {"shell": "bash"})]), {"defaults": {"run": {"working-directory": "x"}}}),
	] {
		f := job({"pull_request": null, "push": {"branches": ["main"]}}, fields)
		[f.changes, f.scans, f.tolerant] == [true, true, false]
	}
}

tolerated := [
	steps([{"run": "pocdr scan || true"}]),
	steps([object.union(scan, {"continue-on-error": true})]),
	steps([object.union(scan, {"continue-on-error": "${{ matrix.new }}"})]),
	steps([object.union(scan, {"if": "github.ref == 'refs/heads/main'"})]),
	steps([object.union(scan, {"if": false})]),
	steps([{"uses": "pocdr/scan@v1", "continue-on-error": true}]),
	object.union(steps([scan]), {"continue-on-error": true}),
	conditional(false),
	conditional("${{ false }}"),
	{"uses": "city/ci/.github/workflows/pocdr.yaml@main", "if": false},
	steps([{"run": "pocdr scan | tee out"}]),
	steps([{"run": "pocdr scan\nmake", "shell": "bash -l {0}"}]),
]

test_tolerant if {
	every fields in tolerated {
		job("push", fields).scans == true
		job("push", fields).tolerant == true
	}
}

test_not_tolerant if {
	every fields in [
		steps([object.union(scan, {"continue-on-error": false})]),
		steps([object.union(scan, {"if": "always()"})]),
		steps([{"run": "pocdr scan || true"}, scan]),
		conditional("github.ref == 'refs/heads/main'"),
		steps([{"run": "pocdr scan | tee out", "shell": "bash"}]),
		object.union(steps([{"run": "pocdr scan | tee out"}]), {"defaults": {"run": {"shell": "bash -eo pipefail {0}"}}}),
		steps([{"run": "make\npocdr scan", "shell": "pwsh"}]),
	] {
		job("push", fields).tolerant == false
	}
}

test_the_shell_of_the_workflow if {
	with_shell := object.union(workflow("push", {"test": steps([{"run": "pocdr scan | tee out"}])}), {"pipeline": {"defaults": {"run": {"shell": "bash"}}}})
	some f in github.facts with input as with_shell
	f.tolerant == false
}

test_doubts if {
	every fields, doubts in {
		steps([{"run": "cd /tmp && pocdr scan"}]): ["scans /tmp, which may be another place than the repository"],
		steps([object.union(scan, {"working-directory": "/tmp"})]): ["scans /tmp, which may be another place than the repository"],
		object.union(steps([scan]), {"defaults": {"run": {"working-directory": "../other"}}}): ["scans ../other, which may be another place than the repository"],
	} {
		job("push", fields).doubts == doubts
	}
}

test_no_doubts if {
	every fields in [
		steps([object.union(scan, {"working-directory": "apps/payments"})]),
		steps([object.union(scan, {"shell": "/bin/bash -euo pipefail {0}"})]),
		object.union(steps([{"run": "pocdr scan \"apps/${{ matrix.app }}\" --base \"$(git merge-base origin/main HEAD)\" -o text -o sarif=pocdr.sarif"}]), {"strategy": {"matrix": {"app": ["a", "b"]}}}),
		steps([object.union(scan, {"if": "github.event_name == 'pull_request'"})]),
		steps([{"run": "pocdr scan /tmp"}, scan]),
		steps([{"uses": "docker://registry.example/pocdr:v1", "working-directory": "/tmp"}]),
		steps([{"run": "docker run --rm -v \"$PWD\":/work registry.example/pocdr:v1 scan /work"}]),
	] {
		job("pull_request", fields).doubts == []
		job("pull_request", fields).tolerant == false
	}
}

test_branches if {
	every on in [
		{"pull_request": {"branches": ["nope"]}, "push": {"branches": ["nope"]}}, {"push": {"branches-ignore": ["main"]}}, {"push": {"branches": ["**", "!main"]}}, {"push": {"branches": ["gh-pages", 1]}},
	] {
		count(job(on, steps([scan])).doubts) == 1
		job(on, steps([scan])).changes == true
	}
	job({"pull_request": {"branches": ["nope"]}}, steps([scan])).doubts == ["runs on changes of nope, of which it cannot be told whether what is delivered is among them"]
	every on in [
		{"push": {"branches": ["main", "master"]}}, {"pull_request": null, "push": {"branches": ["nope"]}}, {"push": {"branches": ["release/*", "main"]}}, {"push": {"branches": ["**"]}}, {"pull_request": {"branches-ignore": ["gh-pages"]}},
	] {
		job(on, steps([scan])).doubts == []
	}
}

procedure(on, jobs) := f if {
	some f in github.facts with input as workflow(on, jobs)
	f.fact == "procedure"
}

test_procedure if {
	procedure(["workflow_dispatch"], {"back": steps([{"run": "make back"}])}) == {"fact": "procedure", "path": ["pipeline"], "kind": null, "namespace": null, "name": ".github/workflows/ci.yaml", "runnable": true}
	procedure(["push"], {"back": steps([{"run": "make back"}])}).runnable == false
	procedure(["workflow_dispatch"], {"back": object.union(steps([{"run": "make back"}]), {"if": false})}).runnable == false
}

test_hostile if {
	every pipeline in ["x", 1, [], {"jobs": "x"}, {"jobs": ["x", 1]}, {"on": {"push": [1]}, "jobs": {"a": 1}}] {
		{f.fact | some f in github.facts} == {"procedure"} with input as {"file": "x", "pipeline": pipeline}
	}
	every fields in [{}, {"steps": "x"}, {"steps": [1, {"run": 1}, {"uses": []}, {"run": {}, "if": {}}]}, {"uses": 1, "if": []}] {
		job({"push": {"paths": null, "types": 1}, "pull_request": 1}, fields).scans == false
	}
	job("push", {"steps": {"x": scan}, "defaults": "x"}).scans == true
}
