package pocdr.lib.enforcers_test

import data.pocdr.lib.enforcers

rule := {"operations": ["CREATE", "UPDATE"], "groups": ["", "apps"], "resources": ["pods", "deployments/*"]}

about(fields, operation, group, resource) if {
	asked := object.union(rule, fields)
	other := object.union(asked, {"operations": ["CONNECT"]})
	enforcers.asked(enforcers.by_deed([asked, other]), operation, group, resource) == {asked}
}

test_about if {
	about({}, "UPDATE", "", "pods")
	about({}, "UPDATE", "apps", "deployments/scale")
	about({"operations": ["*"], "groups": ["*"]}, "DELETE", "batch", "pods")
	about({"resources": ["*"]}, "UPDATE", "", "pods")
	about({"resources": ["*/*"]}, "UPDATE", "", "pods")
	about({"resources": ["*/*"]}, "UPDATE", "", "pods/scale")
	about({"resources": ["*/scale"]}, "UPDATE", "", "pods/scale")
}

test_not_about if {
	not about({}, "DELETE", "", "pods")
	not about({}, "UPDATE", "batch", "pods")
	not about({}, "UPDATE", "", "pods/scale")
	not about({}, "UPDATE", "apps", "deployments")
	not about({"resources": ["*"]}, "UPDATE", "", "pods/scale")
	not about({"resources": ["*/scale"]}, "UPDATE", "", "pods/resize")
}

# What one rule writes with a *, is covered by what is as wide only.
test_wide if {
	not about({}, "*", "", "pods")
	not about({}, "UPDATE", "*", "pods")
	not about({}, "UPDATE", "", "*")
	about({"operations": ["*"], "groups": ["*"], "resources": ["*"]}, "*", "*", "*")
	about({"resources": ["*/*"]}, "UPDATE", "", "*")
	not about({"resources": ["*"]}, "UPDATE", "", "*/*")
}
