# Whether an image has a version.
package pocdr.lib.images

# at(c) is the place of the image of a container or volume.
at(c) := array.concat(c.at, ["image"])

# holder(c) is what the image is of, to be read.
holder(c) := sprintf("%v %v", [{true: "volume", false: "container"}[c.role == "volume"], c.name])

# faults(c) says why an image has none.
faults(c) := {sprintf("image %v of %v has neither tag nor digest", [c.image, holder(c)]) | c.digest == null; c.tag == null; count(doubts(c)) == 0} |
	{sprintf("image %v of %v has the tag %v, which moves", [c.image, holder(c), c.tag]) | c.digest == null; is_string(c.tag); lower(c.tag) in moving}

moving := {lower(tag) | some tag in input.params["declaration/image-versioned"]["moving-tags"]}

# filled_in(c) says that the image is a placeholder, for which the delivery puts in something else.
filled_in(c) := {sprintf("image %v of %v is filled in elsewhere", [c.image, holder(c)]) | c.digest == null; is_string(c.image); regex.match(`[^\w.:/@+-]`, c.image)}

# doubts(c) says why that cannot be told.
doubts(c) := {sprintf("%v names no image here", [holder(c)]) | c.image == null} |
	filled_in(c) |
	{sprintf("image %v of %v has the tag %v, which says no version", [c.image, holder(c), c.tag]) | c.digest == null; is_string(c.tag); not lower(c.tag) in moving; regex.match(`^[A-Za-z_.-]+$`, c.tag)}
