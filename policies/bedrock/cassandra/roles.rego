# METADATA
# title: Inherited roles
# description: As whom a role can come to act - the roles that it is granted, and those that it may alter or grant.
# custom:
#   joins: [membership, grant]
#   emits: [obtains]
package pocdr.bedrock.cassandra.roles

memberships contains m if {
	some m in input.facts.membership
	m.platform == "cassandra"
}

# revoked[document, member, role] has the positions at which a file takes a membership away.
revoked[[m.at[0], m.member, m.role]] contains m.order if {
	some m in memberships
	m.revoked
}

facts contains {"fact": "obtains", "at": m.at, "from": m.member, "to": m.role, "how": sprintf("is granted %v", [m.role])} if {
	some m in memberships
	not m.revoked
	every order in object.get(revoked, [[m.at[0], m.member, m.role]], set()) {
		order < m.order
	}
}

facts contains {"fact": "obtains", "at": g.at, "from": g.principal, "to": to, "how": sprintf("may alter or grant %v", [to])} if {
	some g in input.facts.grant
	g.platform == "cassandra"
	g.effect == "allow"
	"administer" in g.actions
	"role" in g.types
	some to in obtained(g.names)
}

obtained(null) := {"cassandra:*"}

obtained(names) := {concat("", ["cassandra:", name]) | some name in names} if names != null
