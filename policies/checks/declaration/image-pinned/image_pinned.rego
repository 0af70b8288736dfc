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

subjects contains images.at(c) if some c in system.images

passes contains images.at(c) if {
	some c in system.images
	c.digest != null
}

fails[images.at(c)] contains sprintf("image %v of %v is not named by digest", [c.image, images.holder(c)]) if {
	some c in system.images
	c.image != null
	c.digest == null
	images.filled_in(c) == set()
}

unknowns[images.at(c)] contains message if {
	some c in system.images
	some message in images.filled_in(c)
}

unknowns[images.at(c)] contains sprintf("%v names no image here", [images.holder(c)]) if {
	some c in system.images
	c.image == null
}
