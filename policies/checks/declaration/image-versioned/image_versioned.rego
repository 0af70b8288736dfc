# METADATA
# title: Every image has a version
# description: |
#   Asks whether each container's image is named by digest, or by a tag that is written out and is not one of those that move.
#
#   A tag such as latest names whatever was pushed last. Two pods of one workload may then run different
#   code, a restart is a delivery that nobody decided on, and the release that ran before the trouble has no name to go back to.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/containers/images/
#   description: Image names, tags and digests
# custom:
#   level: 1
#   kind: goal
#   release: true
#   severity: high
#   remediation: Write the tag of one version, or better the digest.
#   parameters:
#     moving-tags:
#       default: [latest, stable, main, master, edge, nightly, dev, test, prod, current, release]
#       description: Tags that name no version, in whatever case. Of another one without a digit it cannot be told.
package pocdr.checks.declaration.image_versioned

import data.pocdr.lib.images
import data.pocdr.lib.system

subjects contains images.at(c) if some c in system.images

passes contains images.at(c) if {
	some c in system.images
	count(images.faults(c)) == 0
	count(images.doubts(c)) == 0
}

fails[images.at(c)] contains message if {
	some c in system.images
	some message in images.faults(c)
}

unknowns[images.at(c)] contains message if {
	some c in system.images
	some message in images.doubts(c)
}
