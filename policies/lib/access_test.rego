package pocdr.lib.access_test

import data.pocdr.fixture
import data.pocdr.lib.access
import data.pocdr.scenario

# grant is a grant of "who", to write logs of the instance "main" if nothing else is said.
grant(fields) := object.union({"at": ["rule"], "platform": "log", "principal": "log:who", "effect": "allow", "actions": ["write"], "scope": "main", "types": ["log"], "names": null, "match": "exact"}, fields)

store_grant(fields) := grant(object.union({"platform": "store", "types": ["store"]}, fields))

r(type, name) := {"platform": "log", "scope": "main", "type": type, "name": name}

s(name) := {"platform": "store", "scope": "main", "type": "store", "name": name}

having(list) := fixture.snapshot({}, [fixture.facts("grant", list)])

may_write(fields, resource) if "log:who" in access.direct("write", resource) with input as having([grant(fields)])

may_store(fields, name) if "log:who" in access.direct("write", s(name)) with input as having([store_grant(fields)])

# --- Grants

test_names if {
	may_write({}, r("log", "t"))
	may_write({"names": ["t"]}, r("log", "t"))
	not may_write({"names": ["t"]}, r("log", "t2"))
	not may_write({"names": []}, r("log", "t"))
	may_write({"names": ["x", "pay"], "match": "prefix"}, r("log", "payments"))
	not may_write({"names": ["pay"], "match": "prefix"}, r("log", "pa"))
	not may_write({"names": ["pay"], "match": "under"}, r("log", "payments"))
}

test_parts if {
	may_store({"names": ["ledger"], "match": "under"}, "ledger")
	may_store({"names": ["ledger"], "match": "under"}, "ledger/entry")
	not may_store({"names": ["ledger"], "match": "under"}, "ledgers")
	not may_store({"names": ["ledger"]}, "ledger/entry")
	may_store({"names": ["ledger/entry"]}, "ledger") # to write a part is to write
	may_store({"names": ["ledger/entry"], "match": "under"}, "ledger")
	may_store({"names": ["ledger/e"], "match": "prefix"}, "ledger")
	not may_store({"names": ["ledger/entry"]}, "ledger/correction")
	not may_store({"names": ["ledgers/entry"]}, "ledger")
}

test_types if {
	not may_write({"types": ["group"]}, r("log", "t"))
	may_write({"types": null}, r("log", "t"))
	may_write({"types": ["group", "log"], "names": ["t"]}, r("log", "t"))
	may_write({"types": ["log"]}, r(null, "t")) # a resource of which nothing is known may be of any type
	may_write({"types": ["log"], "names": ["t"]}, r(null, "t"))
	not may_write({"types": ["log"], "names": ["u"]}, r(null, "t"))
	may_write({"types": null}, r(null, "t"))
}

test_scopes if {
	may_write({"scope": null}, r("log", "t"))
	not may_write({"scope": "test"}, r("log", "t"))
	may_write({"scope": "test"}, object.union(r("log", "t"), {"scope": null}))
}

test_platform if not may_write({"platform": "store"}, r("log", "t"))

test_action if not may_write({"actions": ["read"]}, r("log", "t"))

denial(fields) := grant(object.union({"effect": "deny"}, fields))

denied(fields) if not "log:who" in access.direct("write", r("log", "t")) with input as having([grant({}), denial(fields)])

test_denied if {
	denied({})
	denied({"names": ["t"]})
	denied({"names": [""], "match": "prefix"})
	denied({"types": null})
	denied({"principal": "log:*"})
}

# What is not certain to deny all of it, does not.
test_not_denied if {
	not denied({"names": ["u"]})
	not denied({"names": ["t/part"]})
	not denied({"types": ["group"]})
	not denied({"scope": null})
	not denied({"scope": "test"})
	not denied({"platform": "store"})
	not denied({"actions": ["read"]})
	not denied({"principal": "log:other"})
}

test_not_denied_where_the_instance_is_not_known if {
	resource := object.union(r("log", "t"), {"scope": null})
	"log:who" in access.direct("write", resource) with input as having([grant({}), denial({"scope": "test"})])
}

# --- Reach

obtains(list) := fixture.facts("obtains", [{"at": [concat(" ", [from, to])], "from": from, "to": to, "how": "can"} | some [from, to] in list])

reach_with(list, principal) := reached if {
	reached := access.reach(principal) with input as fixture.snapshot({}, [obtains(list)])
}

test_reach if {
	reach_with([], "log:a") == {"log:a"}
	reach_with([["cluster:x", "log:a"], ["log:a", "log:role"], ["cluster:y", "log:b"]], "cluster:x") == {"cluster:x", "log:a", "log:role"}
	reach_with([["log:a", "log:b"], ["log:b", "log:a"]], "log:a") == {"log:a", "log:b"}
}

test_reach_as_anybody if {
	known := [["cluster:root", "cluster:*"], ["cluster:x", "log:a"]]
	reach_with(known, "cluster:root") == {"cluster:root", "cluster:*", "cluster:x", "log:a"}
	reach_with(known, "cluster:x") == {"cluster:x", "log:a"}
}

# What everybody has is in the reach of each; what anybody has is not.
test_reach_of_everybody if {
	reach_with([["cluster:*", "log:a"], ["cluster:x", "log:b"]], "cluster:y") == {"cluster:y", "cluster:*", "log:a"}
	snapshot := fixture.snapshot({}, [fixture.facts("grant", [grant({"principal": "log:*"})])])
	access.reach("cluster:y") == {"cluster:y", "log:*"} with input as snapshot
	access.may("cluster:y", "write", r("log", "t")) with input as snapshot
}

test_may if {
	snapshot := fixture.snapshot({}, [obtains([["cluster:x", "log:who"]]), fixture.facts("grant", [grant({"names": ["t"]})])])
	access.may("log:who", "write", r("log", "t")) with input as snapshot
	access.may("cluster:x", "write", r("log", "t")) with input as snapshot
	not access.may("cluster:y", "write", r("log", "t")) with input as snapshot
	not access.may("cluster:x", "write", r("log", "u")) with input as snapshot
}

test_attainers if {
	snapshot := fixture.snapshot({}, [obtains([["cluster:root", "cluster:*"], ["cluster:x", "log:a"], ["cluster:z", "log:b"]])])
	access.attainers({"log:a"}) == {"log:a", "cluster:x", "cluster:root"} with input as snapshot
	access.attainers({"log:c"}) == {"log:c"} with input as snapshot
}

test_anybody_of_a_cluster_holds_its_secrets if {
	snapshot := scenario.plus([obtains([["cluster:root", "cluster:*"]]), fixture.facts("credential", [scenario.credential("elsewhere", "store:x")])])
	{"store:x", "store:valve", "log:a", "store:statements", "cluster:Group/release"} - access.reach("cluster:root") == {"store:statements"} with input as snapshot
}

test_reach_of_actors if {
	access.reach_of("a") == {scenario.account("a"), "log:a"} with input as scenario.plus([])
	access.reach_of("valve") == {scenario.account("valve"), "log:valve", "store:valve"} with input as scenario.plus([])
}

# A secret that lets its holder be anybody.
test_reach_of_an_actor_as_anybody if {
	snapshot := scenario.plus([fixture.facts("credential", [scenario.credential("log-b", "log:*")])])
	"log:a" in access.reach_of("b") with input as snapshot
}

# Who starts pods as a workload has what it mounts.
test_reach_through_a_workload if {
	snapshot := scenario.plus([obtains([["cluster:x", scenario.account("valve")]])])
	access.reach("cluster:x") == {"cluster:x", scenario.account("valve"), "log:valve", "store:valve"} with input as snapshot
}

test_reach_through_a_secret_that_the_system_explains if {
	reader := {"at": ["rule"], "platform": "cluster", "principal": "cluster:x", "effect": "allow", "actions": ["read"], "scope": "payments", "types": ["secrets"], "names": ["valve-store"], "match": "exact"}
	access.reach("cluster:x") == {"cluster:x", "store:valve"} with input as scenario.plus([fixture.facts("grant", [reader])])
	access.reach("cluster:x") == {"cluster:x"} with input as scenario.plus([fixture.facts("grant", [object.union(reader, {"scope": "elsewhere"})])])
	access.reach("cluster:x") == {"cluster:x"} with input as scenario.plus([fixture.facts("grant", [object.union(reader, {"names": ["ca"]})])])
}

test_split_principal if access.split_principal("cluster:ServiceAccount/a/b:c") == ["cluster", "ServiceAccount/a/b:c"]

# --- Credentials

test_principals if {
	access.principals_of("valve") == {scenario.account("valve"), "log:valve", "store:valve"} with input as scenario.plus([])
	access.principals_in("payments", "valve-store") == {"store:valve"} with input as scenario.plus([])
	access.principals_in("payments", "ca") == set() with input as scenario.plus([])
	access.principals_in("elsewhere", "valve-store") == set() with input as scenario.plus([])
}

test_explained if {
	access.explained("payments", "log-a") with input as scenario.plus([])
	access.explained("payments", "valve-store") with input as scenario.plus([])
	access.explained("payments", "ca") with input as scenario.plus([])
	not access.explained("elsewhere", "ca") with input as scenario.plus([])
	not access.explained("payments", "legacy") with input as scenario.plus([])
}

test_unexplained if {
	access.unexplained == {} with input as scenario.plus([])
	access.unexplained == {"b": {"payments/legacy"}} with input as scenario.plus([fixture.facts("mount", [scenario.mount("b", "legacy"), object.union(scenario.mount("b", "rules"), {"what": "config"})])])
}

# --- Resources

test_resource if {
	access.resource(scenario.log("commands")) == r("log", "commands") with input as scenario.plus([])
	access.resource({"platform": "log", "name": "commands"}) == r("log", "commands") with input as scenario.plus([])
	access.resource({"platform": "store", "name": "ledger/entry"}) == s("ledger/entry") with input as scenario.plus([])
	access.resource({"platform": "log", "name": "x"}) == {"platform": "log", "scope": null, "type": null, "name": "x"} with input as scenario.plus([])
}

test_resource_of_several_instances if {
	twice := scenario.plus([fixture.facts("log", [{"at": ["test"], "platform": "log", "scope": "test", "name": "commands"}])])
	access.resource({"platform": "log", "name": "commands"}).scope == null with input as twice
	access.instances_of({"platform": "log", "name": "commands"}) == {["log", "main"], ["log", "test"]} with input as twice
	count(access.logs({"platform": "log", "name": "commands"})) == 2 with input as twice
	count(access.logs(scenario.log("commands"))) == 1 with input as twice
}

test_stores if {
	count(access.stores(scenario.store("ledger/entry"))) == 1 with input as scenario.plus([])
	count(access.stores(object.union(scenario.store("ledger"), {"scope": "test"}))) == 0 with input as scenario.plus([])
}

test_instances if {
	access.instances == {["log", "main"], ["store", "main"]} with input as scenario.plus([])
	access.instance_title(["log", "main"]) == "log main"
	access.instance_title(["log", null]) == "log"
}

test_havens if {
	elsewhere := scenario.plus([fixture.facts("credential", [object.union(scenario.credential("x", "log:a"), {"namespace": "brokers"})])])
	access.havens({"log:a"}) == {["cluster", "payments"], ["cluster", "brokers"]} with input as elsewhere
	access.havens({"log:b", "store:valve"}) == {["cluster", "payments"]} with input as elsewhere
}

test_superusers if {
	snapshot := having([grant({"principal": "log:root", "excess": "superuser"})])
	access.unbound(r("log", "t")) == {"log:root"} with input as snapshot
	access.unbound(s("t")) == set() with input as snapshot
	access.unbound(object.union(r("log", "t"), {"scope": "test"})) == set() with input as snapshot
	access.superusers == {} with input as having([grant({"effect": "deny", "excess": "superuser"})])
	object.keys(access.superusers) == {"store:root"} with input as scenario.plus([])
}

# --- What bounds what is seen

stated(authority, authorities) := object.union(fixture.snapshot({"authority": authority}, []), {"profile": {"spec": {"authorities": authorities}}})

main := [{"platform": "log", "name": "main"}]

test_closed if {
	access.closed("log", "main") with input as stated(main, [{"system": "payments", "platform": "log", "name": "main"}])
	access.closed("log", "main") with input as stated(main, [{"system": "*", "platform": "log"}])
	access.closed("log", null) with input as stated([{"platform": "log"}], [{"system": "*", "platform": "log"}])
}

test_not_closed if {
	not access.closed("log", "main") with input as stated(main, [])
	not access.closed("log", "main") with input as stated([], [{"system": "*", "platform": "log"}])
	not access.closed("log", "main") with input as stated(main, [{"system": "other", "platform": "log"}])
	not access.closed("log", "main") with input as stated(main, [{"system": "*", "platform": "store"}])
	not access.closed("log", "test") with input as stated(main, [{"system": "*", "platform": "log"}])
	not access.closed("log", null) with input as stated(main, [{"system": "*", "platform": "log"}])
	not access.closed("log", "main") with input as fixture.undeclared([])
}

enforcement(list) := scenario.less("enforcement", [object.union({"platform": "log", "scope": "main", "authenticates": true, "authorises": true}, fields) | some fields in list])

test_enforced if {
	access.enforced(["log", "main"]) with input as enforcement([{}])
	access.enforced(["log", "main"]) with input as enforcement([{"scope": null}])
	access.enforced(["log", null]) with input as enforcement([{}])
	not access.enforced(["log", "main"]) with input as enforcement([])
	not access.enforced(["log", "main"]) with input as enforcement([{"authenticates": null}])
	not access.enforced(["log", "main"]) with input as enforcement([{"gap": "something"}])
	not access.enforced(["log", "main"]) with input as enforcement([{}, {"at": ["other"], "authorises": false}])
}

test_unenforced if {
	access.unenforced == {} with input as enforcement([{}])
	access.unenforced == {} with input as enforcement([{"authenticates": null, "authorises": null}])
	access.unenforced == {["x"]: {"log main does not enforce what is granted: nobody is asked"}} with input as enforcement([{"at": ["x"], "authenticates": false, "gap": "nobody is asked"}])
	access.unenforced == {["x"]: {"log main does not enforce what is granted: it lets in whoever comes"}} with input as enforcement([{"at": ["x"], "authenticates": false}])
	access.unenforced == {["x"]: {"log main does not enforce what is granted: what is not granted is not denied"}} with input as enforcement([{"at": ["x"], "authorises": false}])
	access.unenforced == {} with input as enforcement([{"at": ["x"], "scope": "test", "authorises": false}])
}

# Where the System does not say which instance it means, each that is seen must be open for it to be known to be.
unscoped(list) := object.union(enforcement(list), {
	"system": {"spec": {"intake": {"scope": null}, "plants": {"a": {"outlets": []}, "b": {"outlets": []}}, "outlets": []}},
	"facts": fixture.facts("log", [{"platform": "log", "name": "commands"}]),
})

test_unenforced_instance_not_known if {
	open := {"at": ["x"], "authorises": false}
	access.unenforced == {} with input as unscoped([open, {"scope": "test"}])
	access.unenforced == {["x"]: {"log main does not enforce what is granted: what is not granted is not denied"}} with input as unscoped([open])
}

test_doubts if {
	access.doubts({["log", "main"], ["cluster", "payments"]}) == set() with input as scenario.plus([])
	access.doubts({["log", "main"]}) == {
		"what else is granted in log main is not known: no approved authority says that all of it is declared here",
		"whether log main enforces what is granted is not known",
	} with input as object.union(enforcement([]), {"profile": {"spec": {"authorities": []}}})
	access.doubts({["cluster", "payments"]}) == {"what else is granted in cluster payments is not known: no approved authority says that all of it is declared here"} with input as object.union(enforcement([]), {"profile": {"spec": {"authorities": []}}})
}

test_unsure if {
	access.unsure("a") == set() with input as scenario.plus([])
	snapshot := object.union(scenario.plus([fixture.facts("mount", [scenario.mount("b", "legacy")])]), {"facts": fixture.facts("workload", [scenario.workload("b")])})
	access.unsure("a") == {"Deployment payments/a is not declared"} with input as snapshot
	access.unsure("b") == {"nothing says whom secret payments/legacy authenticates, which plant b mounts"} with input as snapshot
}

# Who commands a node can act as whatever may run there.
test_reach_by_the_node if {
	w := object.union(scenario.workload("agent"), {"commandsNode": ["container x is privileged"]})
	reach := access.reach(scenario.account("agent")) with input as scenario.plus([fixture.facts("workload", [w])])
	reach & {scenario.account("a"), "log:a", "log:b"} == {scenario.account("a"), "log:a", "log:b"}
	not "log:a" in access.reach(scenario.account("agent")) with input as scenario.plus([fixture.facts("workload", [scenario.workload("agent")])])
}
