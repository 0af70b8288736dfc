package pocdr.bedrock.git.script_test

import data.pocdr.bedrock.git.script

calls := [
	"pocdr scan",
	"./bin/pocdr scan .",
	"pocdr.exe scan",
	"pocdr --quiet scan",
	"make && pocdr scan --fail-on 2",
	"go run ./cmd/pocdr scan",
	"go run pocdr.dev/pocdr/cmd/pocdr@v0.3.0 scan",
	"docker run --rm -v \"$PWD\":/work registry.example/pocdr:v1 scan /work",
	"docker run registry.example/pocdr@sha256:00 scan",
	"bash -c 'pocdr scan'",
	"set -e\n# a comment\npocdr \\\n  scan",
	"pocdr maturity --min-level 2",
	"pocdr scan --rev HEAD",
	"pocdr scan --rev \"$GITHUB_SHA\"",
	"pocdr scan --rev=${CI_COMMIT_SHA} --params pocdr-params.yaml",
	"pocdr scan --entrance ci",
	"pocdr scan --base \"$(git merge-base origin/main HEAD)\" -o text -o markdown=comment.md",
	"make -h; pocdr scan",
	"cd services/payments && pocdr scan",
	"pocdr scan $CI_PROJECT_DIR",
]

test_calls if {
	every text in calls {
		script.scans(text)
		script.strict(text, {"stops": true, "pipefail": false})
	}
}

test_no_calls if {
	every text in [
		"", "make test", "# pocdr scan", "  # pocdr scan", "make # pocdr scan", "echo pocdr scan", "echo done; printf 'pocdr scan'", "grep 'pocdr scan' README.md",
		"pocdr explain", "mypocdr scan", "pocdr-lint scan", "pocdr scanner", "pocdr --help", "pocdr scan --help", "pocdr scan -h", "bash -c 'pocdr scan --help'", "pocdr --help scan", "pocdr scan --rev v1", "pocdr scan --rev=origin/main", "pocdr scan --rev 'v1' .",
		"pocdr scan --entrance admission", "pocdr scan --entrance=audit", 1, null, [], {},
	] {
		not script.scans(text)
		not script.strict(text, {"stops": true, "pipefail": true})
	}
}

# strict is a shell that loses no failure.
strict := {"stops": true, "pipefail": true}

test_doubts if {
	every text, doubts in {
		"pocdr scan /tmp": {"scans /tmp, which may be another place than the repository"},
		"pocdr scan -q ~/other -o text": {"scans ~/other, which may be another place than the repository"},
		"cd /tmp && pocdr scan": {"scans /tmp, which may be another place than the repository"},
		"(cd \"/tmp\"; pocdr scan)": {"scans /tmp, which may be another place than the repository"},
		"make\ncd ..\nmake\npocdr scan": {"scans .., which may be another place than the repository"},
	} {
		script.strict(text, strict)
		script.doubts(text, strict) == doubts
	}
}

test_no_doubts if {
	every text in array.concat(calls, [
		"pocdr scan . -o text -o markdown=comment.md > out.txt 2>&1", "cd apps/payments && pocdr scan", "cd \"$GITHUB_WORKSPACE\" && pocdr scan .", "pocdr scan --base \"$(git merge-base origin/main HEAD)\"",
		"(cd /tmp && make)\npocdr scan", "cd /tmp\nmake\ncd -\npocdr scan", "pocdr scan --rev HEAD", "pocdr scan --rev \"$GITHUB_SHA\"", "pocdr scan --rev ${{ github.sha }} apps/${{ matrix.app }}", "pocdr scan --entrance ci",
		"pocdr scan --policy /opt/policies", "pocdr scan /github/workspace", "pocdr scan /tmp || true\npocdr scan", "pocdr scan || { echo /tmp; exit 1; }", "pocdr scan # not /tmp",
	]) {
		script.doubts(text, strict) == set()
	}
}

test_failures_that_are_lost if {
	every text in [
		"pocdr scan || true", "pocdr scan || :", "pocdr scan || echo oh", "pocdr scan; true", "pocdr scan ; exit 0", "pocdr scan &", "if pocdr scan; then", "! pocdr scan",
		"set +e\npocdr scan", "pocdr scan --fail-on 0", "pocdr scan --fail-on=0", "pocdr maturity", "pocdr maturity --min-level 0",
	] {
		script.scans(text)
		not script.strict(text, {"stops": true, "pipefail": true})
	}
}

test_failures_that_are_passed_on if {
	every text in ["pocdr scan || exit 1", "pocdr scan || { echo oh; exit 1; }", "pocdr scan || false", "pocdr scan 2>&1", "pocdr scan || exit $?", "echo scan\npocdr scan || true\npocdr scan"] {
		script.strict(text, {"stops": true, "pipefail": true})
	}
}

test_pipes if {
	script.strict("pocdr scan | tee out", {"stops": true, "pipefail": true})
	script.strict("set -o pipefail\npocdr scan | tee out", {"stops": true, "pipefail": false})
	not script.strict("pocdr scan | tee out", {"stops": true, "pipefail": false})
}

test_shells_that_go_on if {
	script.strict("make\npocdr scan\n# done", {"stops": false, "pipefail": false})
	not script.strict("pocdr scan\nmake", {"stops": false, "pipefail": false})
}
