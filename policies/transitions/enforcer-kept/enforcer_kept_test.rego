package pocdr.transitions.enforcer_kept_test

import data.pocdr.fixture
import data.pocdr.transitions.enforcer_kept

usual := {
	"at": ["gate", "rules", 0], "name": "w", "failsClosed": true, "scopes": ["Cluster", "Namespaced"], "namespaceSelector": {"matchLabels": {"a": "b"}},
	"spares": ["p:glass"], "operations": ["CREATE", "DELETE"], "groups": ["", "apps"], "resources": ["pods", "pods/resize"],
}

sees(rules) := seen if seen := enforcer_kept.sees with input as fixture.snapshot({}, [fixture.facts("enforcer", [object.union(usual, r) | some r in rules])])

said(before, after) := messages if messages := enforcer_kept.refuses with input as fixture.change(sees(before), sees(after), [])

lost(deeds) := {["gate"]: {sprintf("webhook w is no longer asked about %v", [deeds])}}

test_narrower if {
	every deeds, fields in {
		"DELETE of apps/pods, DELETE of apps/pods/resize, DELETE of pods and 1 more": {"operations": ["CREATE"]},
		"CREATE of apps/pods, CREATE of apps/pods/resize, DELETE of apps/pods and 1 more": {"groups": [""]},
		"CREATE of apps/pods/resize, CREATE of pods/resize, DELETE of apps/pods/resize and 1 more": {"resources": ["*"]},
	} {
		said([{}], [fields]) == lost(deeds)
	}
}

every_deed := lost("CREATE of apps/pods, CREATE of apps/pods/resize, CREATE of pods and 5 more")

test_weaker if {
	every fields in [
		{"failsClosed": false}, {"conditional": true}, {"namespaceSelector": {"matchLabels": {"a": "c"}}}, {"objectSelector": {"matchLabels": {"a": "c"}}},
		{"scopes": ["Namespaced"]}, {"spares": ["p:glass", "p:jane"]},
	] {
		said([{}], [fields]) == every_deed
	}
	said([{}], []) == every_deed
}

# The same by other rules, by one that is wider, and more.
test_kept if {
	said([{}], [{}]) == {}
	said([{}], [{"operations": ["*"]}]) == {}
	said([{}], [{"at": ["other"], "namespaceSelector": {}, "spares": [], "groups": ["*"], "resources": ["*/*"]}]) == {}
	said([{}], [{"operations": ["CREATE"]}, {"operations": ["DELETE"]}]) == {}
	said([], [{}]) == {}
	said([{"failsClosed": false, "conditional": true}], [{}]) == {}
}

test_not_declared if {
	not enforcer_kept.sees with input as fixture.undeclared([fixture.facts("enforcer", [usual])])
	enforcer_kept.refuses == {} with input as object.remove(fixture.change({}, sees([{}]), []), ["before"])
	enforcer_kept.refuses == {} with input as object.remove(fixture.change(sees([{}]), [], []), ["after"])
}
