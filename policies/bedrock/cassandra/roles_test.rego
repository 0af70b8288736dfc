package pocdr.bedrock.cassandra.roles_test

import data.pocdr.bedrock.cassandra.roles
import data.pocdr.fixture

membership(file, order, fields) := object.union({"at": [file, "statements", order], "platform": "cassandra", "member": "cassandra:app", "role": "cassandra:readers", "revoked": false, "order": order}, fields)

obtains(memberships, grants) := {object.remove(f, ["fact"]) |
	some f in roles.facts with input as {"facts": object.union(fixture.facts("membership", memberships), fixture.facts("grant", grants))}
	f.fact == "obtains"
}

readers(file, order) := {"at": [file, "statements", order], "from": "cassandra:app", "to": "cassandra:readers", "how": "is granted cassandra:readers"}

test_a_membership if obtains([membership("a", 0, {})], []) == {readers("a", 0)}

test_revoked_later if obtains([membership("a", 0, {}), membership("a", 1, {"revoked": true})], []) == set()

test_granted_again if obtains([membership("a", 0, {}), membership("a", 1, {"revoked": true}), membership("a", 2, {})], []) == {readers("a", 2)}

test_revoked_in_another_file if obtains([membership("a", 0, {}), membership("b", 1, {"revoked": true})], []) == {readers("a", 0)}

test_revoked_from_another if obtains([membership("a", 0, {}), membership("a", 1, {"revoked": true, "member": "cassandra:other"})], []) == {readers("a", 0)}

test_other_platforms if obtains([membership("a", 0, {"platform": "other"})], [administers({"platform": "other"})]) == set()

administers(fields) := object.union({"at": ["a"], "platform": "cassandra", "principal": "cassandra:app", "effect": "allow", "actions": ["administer"], "types": ["role"], "names": ["root"], "match": "exact"}, fields)

test_roles_that_may_be_altered if obtains([], [administers({})]) == {{"at": ["a"], "from": "cassandra:app", "to": "cassandra:root", "how": "may alter or grant cassandra:root"}}

test_all_roles if obtains([], [administers({"names": null})]) == {{"at": ["a"], "from": "cassandra:app", "to": "cassandra:*", "how": "may alter or grant cassandra:*"}}

test_other_grants if {
	every fields in [{"actions": ["delete"]}, {"types": ["store"]}, {"types": null}, {"effect": "deny"}] {
		obtains([], [administers(fields)]) == set()
	}
}
