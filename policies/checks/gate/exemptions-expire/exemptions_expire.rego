# METADATA
# title: Every exemption has an owner, a reason, a subject and an end that is near
# description: |
#   Asks whether each exemption of this system, and each one beside it that names a system that nobody declares, says who answers for it, why it is needed and
#   what it is about, and ends soon; whether none has lapsed; and whether each can cover something: a System that is there, and a check or a rule that is there and may be exempted. And whether no change that was pushed through by breaking glass is still
#   open: one is until its annotations are taken off.
#
#   An exemption is a debt. Without an owner nobody pays it, without a subject it covers what nobody had in mind, and
#   without an end it becomes the rule. One that has lapsed is no longer true, and hides which ones are. This check itself cannot be
#   exempted: what lets an exemption go on would have to end as well.
# custom:
#   level: 1
#   kind: goal
#   severity: medium
#   exemptible: false
#   remediation: Mend what is exempt and remove the exemption, or one that covers nothing; or write down owner, reason, subject and a new expiry, and have it approved again.
#   parameters:
#     max-days: {default: 30, description: Days for which an exemption may hold.}
package pocdr.checks.gate.exemptions_expire

exemptions := [e | some e in input.facts.exemption; ours(e)]

# ours are those that stand where they can cover something of this system: in its own namespace.
ours(e) if {
	at_home(e)
	not e.system in {s.name | some s in input.facts.system} - {input.system.name}
}

at_home(e) if e.namespace == input.system.namespace

at_home(_) if not input.system.declared

subjects contains e.at if some e in exemptions

passes contains e.at if {
	some e in exemptions
	count(faults(e)) == 0
	not missing[e.at]
}

fails[e.at] contains message if {
	some e in exemptions
	some message in faults(e)
}

faults(e) := {"names nobody who answers for it" | blank(e.owner)} |
	{"gives no reason" | blank(e.reason)} |
	{"names no subject" | not e.subject} |
	{"does not expire" | e.expires == null} |
	{sprintf("lapsed at %v", [e.expires]) | e.expires != null; e.expires <= time_text(input.now)} |
	{sprintf("expires at %v; %v days are allowed, until %v", [e.expires, days, last]) | e.expires > last} |
	{sprintf("covers nothing: %v cannot be exempted", [e.check]) | input.exemptible[e.check] == false}

blank(null)

blank(text) if trim_space(text) == ""

# A check that is not there may be one of policies that are not given here, and a System one that is still to come.
missing[e.at] contains sprintf("covers nothing: no System %v is declared", [e.system]) if {
	some e in exemptions
	e.system != input.system.name
}

missing[e.at] contains sprintf("covers nothing: no check and no rule is called %v", [e.check]) if {
	some e in exemptions
	object.get(input.exemptible, e.check, null) == null
}

days := input.params["gate/exemptions-expire"]["max-days"]

# last is the latest time at which an exemption may expire, seen from now: a file does not say when it was written.
last := time_text(input.now + (((days * 24) * 3600) * 1000000000))

# time_text(ns) writes a time as declarations do. Written so, times compare as text, those too that are out of a number's bounds.
time_text(ns) := time.format([ns, "UTC", "2006-01-02T15:04:05Z"])

# --- Broken glass

subjects contains g.at if some g in glass

fails[g.at] contains sprintf("the glass that was broken for %v is not closed; the reason was: %v", [g.what, g.reason]) if some g in glass

glass := [g | some g in input.facts.broken_glass; here(g)]

here(g) if g.namespace in input.system.spec.namespaces

here(g) if g.at[0] == input.system.at[0]

not_applicable := "no exemption is declared for this system, and no glass is broken"
