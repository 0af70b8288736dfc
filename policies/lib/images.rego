# Whether an image has a version.
package pocdr.lib.images

# at(c) is the place of a container's image.
at(c) := array.concat(c.at, ["image"])

# faults(c) says why the image of a container has none.
faults(c) := {sprintf("image %v of container %v has neither tag nor digest", [c.image, c.name]) | c.digest == null; c.tag == null; count(doubts(c)) == 0} |
	{sprintf("image %v of container %v has the tag %v, which moves", [c.image, c.name, c.tag]) | c.digest == null; is_string(c.tag); lower(c.tag) in moving}

moving := {lower(tag) | some tag in input.params["declaration/image-versioned"]["moving-tags"]}

# filled_in(c) says that the image is a placeholder, for which the delivery puts in something else.
filled_in(c) := {sprintf("image %v of container %v is filled in elsewhere", [c.image, c.name]) | c.digest == null; is_string(c.image); regex.match(`[^\w.:/@+-]`, c.image)}

# doubts(c) says why that cannot be told.
doubts(c) := {sprintf("container %v names no image here", [c.name]) | c.image == null} |
	filled_in(c) |
	{sprintf("image %v of container %v has the tag %v, which says no version", [c.image, c.name, c.tag]) | c.digest == null; is_string(c.tag); not lower(c.tag) in moving; regex.match(`^[A-Za-z_.-]+$`, c.tag)}
