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

import data.pocdr.lib.system

subjects contains image(c) if some c in system.containers

passes contains image(c) if {
	some c in system.containers
	count(faults(c)) == 0
	count(doubts(c)) == 0
}

fails[image(c)] contains message if {
	some c in system.containers
	some message in faults(c)
}

unknowns[image(c)] contains message if {
	some c in system.containers
	some message in doubts(c)
}

image(c) := array.concat(c.at, ["image"])

faults(c) := {sprintf("image %v of container %v has neither tag nor digest", [c.image, c.name]) | c.digest == null; c.tag == null; count(doubts(c)) == 0} |
	{sprintf("image %v of container %v has the tag %v, which moves", [c.image, c.name, c.tag]) | c.digest == null; is_string(c.tag); lower(c.tag) in moving}

moving := {lower(tag) | some tag in input.params["declaration/image-versioned"]["moving-tags"]}

doubts(c) := {sprintf("container %v names no image here", [c.name]) | c.image == null} |
	{sprintf("image %v of container %v is filled in elsewhere", [c.image, c.name]) | c.digest == null; is_string(c.image); regex.match(`[^\w.:/@+-]`, c.image)} |
	{sprintf("image %v of container %v has the tag %v, which says no version", [c.image, c.name, c.tag]) | c.digest == null; is_string(c.tag); not lower(c.tag) in moving; regex.match(`^[A-Za-z_.-]+$`, c.tag)}
