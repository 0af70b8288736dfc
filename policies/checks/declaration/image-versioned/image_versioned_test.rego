package pocdr.checks.declaration.image_versioned_test

import data.pocdr.checks.declaration.image_versioned
import data.pocdr.fixture

containers(list) := [
	fixture.facts("workload", [{"kind": "Deployment", "namespace": "payments", "name": "a"}]),
	fixture.facts("container", [object.union({"workloadKind": "Deployment", "namespace": "payments", "workload": "a"}, c) | some c in list]),
]

pinned := {"name": "app", "image": "app:latest@sha256:00", "tag": "latest", "digest": "sha256:00"}

tagged := {"name": "log", "role": "sidecar", "image": "log:1.2", "tag": "1.2"}

moving := {"name": "web", "image": "web:Latest", "tag": "Latest"}

bare := {"name": "init", "role": "init", "image": "city/init"}

test_pass if fixture.outcome(image_versioned) == "pass" with input as fixture.snapshot({}, containers([pinned, tagged]))

test_fail if {
	s := fixture.snapshot({}, containers([pinned, moving, bare, object.union(bare, {"name": "debug", "role": "ephemeral"})]))
	image_versioned.fails == {
		["container/web", "image"]: {"image web:Latest of container web has the tag Latest, which moves"},
		["container/init", "image"]: {"image city/init of container init has neither tag nor digest"},
	} with input as s
	fixture.strays(image_versioned) == set() with input as s
}

test_parameter if {
	params := {"declaration/image-versioned": {"moving-tags": ["LTS"]}}
	fixture.outcome(image_versioned) == "unknown" with input as fixture.snapshot({}, containers([moving])) with input.params as params
	fixture.outcome(image_versioned) == "fail" with input as fixture.snapshot({}, containers([{"name": "web", "image": "web:lts", "tag": "lts"}])) with input.params as params
}

test_unknown if {
	s := fixture.snapshot({}, containers([
		{"name": "app"},
		{"name": "log", "image": "log:${TAG}", "tag": "${TAG}"},
		{"name": "web", "image": "$(IMAGE)"},
		{"name": "old", "image": "old:bookworm", "tag": "bookworm"},
	]))
	fixture.outcome(image_versioned) == "unknown" with input as s
	image_versioned.unknowns == {
		["container/app", "image"]: {"container app names no image here"},
		["container/log", "image"]: {"image log:${TAG} of container log is filled in elsewhere"},
		["container/old", "image"]: {"image old:bookworm of container old has the tag bookworm, which says no version"},
		["container/web", "image"]: {"image $(IMAGE) of container web is filled in elsewhere"},
	} with input as s
}

test_unknown_without_containers if fixture.outcome(image_versioned) == "unknown" with input as fixture.undeclared([])

test_undeclared if fixture.outcome(image_versioned) == "fail" with input as fixture.undeclared(containers([moving]))
