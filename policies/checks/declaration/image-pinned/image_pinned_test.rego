package pocdr.checks.declaration.image_pinned_test

import data.pocdr.checks.declaration.image_pinned
import data.pocdr.fixture

containers(list) := [
	fixture.facts("workload", [{"kind": "Deployment", "namespace": "payments", "name": "a"}]),
	fixture.facts("container", [object.union({"workloadKind": "Deployment", "namespace": "payments", "workload": "a"}, c) | some c in list]),
]

pinned := {"name": "app", "image": "app@sha256:00", "digest": "sha256:00"}

tagged := {"name": "log", "image": "log:1.2", "tag": "1.2"}

test_pass if fixture.outcome(image_pinned) == "pass" with input as fixture.snapshot({}, containers([pinned]))

test_fail if {
	image_pinned.fails == {["container/log", "image"]: {"image log:1.2 of container log is not named by digest"}} with input as fixture.snapshot({}, containers([pinned, tagged]))
	fixture.strays(image_pinned) == set() with input as fixture.snapshot({}, containers([pinned, tagged]))
}

test_unknown_without_image if {
	s := fixture.snapshot({}, containers([pinned, {"name": "web"}]))
	fixture.outcome(image_pinned) == "unknown" with input as s
	image_pinned.unknowns == {["container/web", "image"]: {"container web names no image here"}} with input as s
}

test_unknown_with_a_placeholder if {
	s := fixture.snapshot({}, containers([pinned, {"name": "web", "image": "${WEB_IMAGE}"}]))
	fixture.outcome(image_pinned) == "unknown" with input as s
	image_pinned.unknowns == {["container/web", "image"]: {"image ${WEB_IMAGE} of container web is filled in elsewhere"}} with input as s
}

test_undeclared if {
	fixture.outcome(image_pinned) == "pass" with input as fixture.undeclared(containers([pinned]))
	fixture.outcome(image_pinned) == "fail" with input as fixture.undeclared(containers([tagged]))
}

test_unknown_without_containers if fixture.outcome(image_pinned) == "unknown" with input as fixture.snapshot({}, [])
