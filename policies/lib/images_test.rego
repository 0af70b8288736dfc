package pocdr.lib.images_test

import data.pocdr.fixture
import data.pocdr.lib.images

container(fields) := fixture.fact("container", object.union({"name": "app", "tag": null, "digest": null}, fields))

faults(fields) := found if {
	found := images.faults(container(fields)) with input as fixture.snapshot({}, [])
}

test_versioned if {
	every fields in [{"image": "app:1.2", "tag": "1.2"}, {"image": "app@sha256:00", "digest": "sha256:00"}, {"image": "app:latest@sha256:00", "tag": "latest", "digest": "sha256:00"}] {
		faults(fields) == set()
		doubts(fields) == set()
	}
}

doubts(fields) := found if {
	found := images.doubts(container(fields)) with input as fixture.snapshot({}, [])
}

test_faults if {
	faults({"image": "app"}) == {"image app of container app has neither tag nor digest"}
	faults({"image": "app:Latest", "tag": "Latest"}) == {"image app:Latest of container app has the tag Latest, which moves"}
}

test_doubts if {
	doubts({"image": null}) == {"container app names no image here"}
	doubts({"image": "${IMAGE}"}) == {"image ${IMAGE} of container app is filled in elsewhere"}
	doubts({"image": "app:bookworm", "tag": "bookworm"}) == {"image app:bookworm of container app has the tag bookworm, which says no version"}
	faults({"image": "${IMAGE}"}) == set()
}

test_at if images.at(container({})) == ["container/app", "image"]
