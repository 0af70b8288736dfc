package pocdr.bedrock.cassandra.access_test

import data.pocdr.bedrock.cassandra.access

facts(kind, statements) := {object.remove(f, ["fact", "platform", "scope"]) |
	some f in access.facts with input as {"statements": statements}
	f.fact == kind
	f.platform == "cassandra"
	object.get(f, "scope", null) == null
}

role(verb, name, options) := {"verb": verb, "object": "role", "keyspace": null, "name": name, "options": object.union({"superuser": null, "login": null}, options)}

principal(i, name, superuser, active) := {"path": ["statements", i], "principal": name, "superuser": superuser, "active": active}

test_roles if {
	facts("principal", [role("create", "readers", {}), role("create", "app", {"login": true}), role("create", "root", {"superuser": true, "login": true})]) == {
		principal(0, "cassandra:readers", false, false),
		principal(1, "cassandra:app", false, true),
		principal(2, "cassandra:root", true, true),
	}
}

test_roles_as_altered_later if {
	facts("principal", [role("create", "app", {"superuser": true}), role("alter", "app", {"superuser": false, "login": true})]) == {principal(0, "cassandra:app", false, true)}
	facts("principal", [role("create", "app", {}), role("create", "app", {"superuser": true})]) == {principal(0, "cassandra:app", false, false)}
	facts("principal", [role("create", "app", {"login": true}), {"verb": "drop", "object": "role", "name": "app", "options": null}, role("create", "app", {})]) == {principal(2, "cassandra:app", false, false)}
	facts("principal", [role("create", "app", {"superuser": true}), {"verb": "drop", "object": "role", "name": "app", "options": null}]) == set()
}

test_roles_of_other_files if {
	facts("principal", [role("alter", "app", {"login": true})]) == set()
	facts("principal", [role("alter", "app", {"superuser": true})]) == {principal(0, "cassandra:app", true, true)}
	facts("principal", [role("alter", "app", {"superuser": true, "login": false})]) == {principal(0, "cassandra:app", true, false)}
}

test_superuser if {
	facts("grant", [role("create", "root", {}), role("alter", "root", {"superuser": true})]) == {{
		"path": ["statements", 1], "principal": "cassandra:root", "effect": "allow", "actions": ["read", "write", "create", "alter", "delete", "administer"],
		"types": null, "names": null, "match": "exact", "excess": "superuser",
	}}
}

permission(verb, permissions, resource) := {"verb": verb, "object": "permission", "keyspace": null, "name": null, "permissions": permissions, "resource": resource, "role": "app"}

resource(type, keyspace, name) := {"type": type, "keyspace": keyspace, "name": name}

pay := resource("keyspace", "pay", null)

ledger := resource("table", "pay", "ledger")

grant(permissions, resource) := permission("grant", permissions, resource)

revoke(permissions, resource) := permission("revoke", permissions, resource)

drop(object, keyspace, name) := {"verb": "drop", "object": object, "keyspace": keyspace, "name": name}

# granted(statements) are the grants that stay, without what all of them share.
granted(statements) := {object.remove(f, ["path", "principal", "effect"]) |
	some f in facts("grant", statements)
	f.principal == "cassandra:app"
	f.effect == "allow"
}

store(actions, names, match) := {"types": ["store"], "actions": actions, "names": names, "match": match, "excess": null}

all := ["administer", "alter", "create", "delete", "read", "write"]

test_grants_on_data if {
	granted([grant(["SELECT"], pay)]) == {store(["read"], ["pay"], "under")}
	granted([grant(["SELECT", "MODIFY"], ledger)]) == {store(["read", "write"], ["pay/ledger"], "exact")}
	granted([grant(["ALL"], pay)]) == {store(all, ["pay"], "under")}
	granted([grant(["ALL"], ledger)]) == {store(["administer", "alter", "delete", "read", "write"], ["pay/ledger"], "exact")}
	granted([grant(["MODIFY"], resource("all-tables", "pay", null))]) == {store(["write"], ["pay"], "under")}
	granted([grant(["UNMASK", "SELECT_MASKED"], pay)]) == set()
}

test_a_table_without_keyspace_may_be_any if granted([grant(["SELECT"], resource("table", null, "ledger"))]) == {store(["read"], null, "exact")}

test_all_keyspaces if {
	granted([grant(["SELECT", "AUTHORIZE"], resource("all-keyspaces", null, null))]) == {
		object.union(store(["read"], null, "exact"), {"excess": "wildcard"}),
		object.union(store(["administer"], null, "exact"), {"excess": "escalation"}),
	}
}

about_role(actions, names, excess) := {"types": ["role"], "actions": actions, "names": names, "match": "exact", "excess": excess}

test_grants_on_roles if {
	granted([grant(["ALTER"], resource("role", null, "root"))]) == {about_role(["administer", "alter"], ["root"], "escalation")}
	granted([grant(["AUTHORIZE"], resource("role", null, "root"))]) == {about_role(["administer"], ["root"], "escalation")}
	granted([grant(["DROP"], resource("role", null, "root"))]) == {about_role(["delete"], ["root"], null)}
	granted([grant(["CREATE", "DESCRIBE"], resource("all-roles", null, null))]) == {about_role(["create"], null, "wildcard")}
}

test_mbeans if {
	every type in ["mbean", "mbeans", "all-mbeans"] {
		granted([grant(["EXECUTE"], resource(type, null, null))]) == {{"types": ["cluster"], "actions": ["administer"], "names": null, "match": "exact", "excess": "escalation"}}
		granted([grant(["SELECT", "DESCRIBE"], resource(type, null, null))]) == set()
	}
}

test_functions if granted([grant(["ALL"], resource("function", "pay", "f(int)"))]) == set()

test_a_grant_in_full if {
	facts("grant", [grant(["SELECT"], pay)]) == {{
		"path": ["statements", 0], "principal": "cassandra:app", "effect": "allow", "actions": ["read"],
		"types": ["store"], "names": ["pay"], "match": "under", "excess": null,
	}}
}

test_revoked if {
	granted([grant(["SELECT", "MODIFY"], pay), revoke(["MODIFY"], pay)]) == {store(["read"], ["pay"], "under")}
	granted([grant(["ALL"], pay), revoke(["CREATE", "ALTER", "DROP", "AUTHORIZE"], pay)]) == {store(["read", "write"], ["pay"], "under")}
	granted([grant(["SELECT"], pay), revoke(["ALL"], pay)]) == set()
	granted([revoke(["SELECT"], pay), grant(["SELECT"], pay)]) == {store(["read"], ["pay"], "under")}
	granted([grant(["SELECT"], ledger), revoke(["SELECT"], pay)]) == {store(["read"], ["pay/ledger"], "exact")}
	granted([grant(["SELECT"], pay), object.union(revoke(["SELECT"], pay), {"role": "other"})]) == {store(["read"], ["pay"], "under")}
}

test_dropped if {
	granted([grant(["SELECT"], ledger), drop("table", "pay", "ledger")]) == set()
	granted([grant(["SELECT"], ledger), drop("keyspace", "pay", "pay")]) == set()
	granted([grant(["SELECT"], pay), drop("keyspace", "pay", "pay")]) == set()
	granted([grant(["SELECT"], pay), drop("role", null, "app")]) == set()
	granted([grant(["ALTER"], resource("role", null, "root")), drop("role", null, "root")]) == set()
	granted([drop("table", "pay", "ledger"), grant(["SELECT"], ledger)]) == {store(["read"], ["pay/ledger"], "exact")}
}

membership(verb, member, role) := {"verb": verb, "object": "membership", "keyspace": null, "name": null, "member": member, "role": role}

test_memberships if {
	facts("membership", [membership("grant", "app", "readers"), membership("revoke", "app", "readers"), membership("grant", "gone", "readers"), drop("role", null, "gone")]) == {
		{"path": ["statements", 0], "member": "cassandra:app", "role": "cassandra:readers", "revoked": false, "order": 0},
		{"path": ["statements", 1], "member": "cassandra:app", "role": "cassandra:readers", "revoked": true, "order": 1},
	}
}
