# METADATA
# title: Every image is named by digest
# description: |
#   Asks whether each container's image is named by its digest.
#
#   A tag can be moved: what was proven yesterday and what starts on a new node
#   tonight may then differ, and no proof names either. A digest is the content.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/containers/images/
#   description: Image names, tags and digests
# custom:
#   level: 2
#   kind: goal
#   release: true
#   severity: high
#   remediation: Name the image as repository@sha256:…, with the tag before the @ if people want to read it.
package pocdr.checks.declaration.image_pinned

import data.pocdr.lib.images
import data.pocdr.lib.system

subjects contains image(c) if some c in system.containers

passes contains image(c) if {
	some c in system.containers
	c.digest != null
}

fails[image(c)] contains sprintf("image %v of container %v is not named by digest", [c.image, c.name]) if {
	some c in system.containers
	c.image != null
	c.digest == null
	images.filled_in(c) == set()
}

unknowns[image(c)] contains message if {
	some c in system.containers
	some message in images.filled_in(c)
}

unknowns[image(c)] contains sprintf("container %v names no image here", [c.name]) if {
	some c in system.containers
	c.image == null
}

image(c) := array.concat(c.at, ["image"])
