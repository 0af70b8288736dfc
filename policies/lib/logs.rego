# The intake as a log, with what its platform fills in.
package pocdr.lib.logs

import data.pocdr.lib.access
import data.pocdr.lib.system
import data.pocdr.lib.units

# intake are the declared logs that the System's intake names, complete; one where all is well.
intake := [complete(l) | some l in access.logs(system.spec.intake)]

# complete(l) is a log with the platform's defaults where it does not say; null stays where they are not known.
complete(l) := object.union(l, {field: value |
	some field in ["partitions", "replicas", "minInsync", "uncleanElection", "retention", "retentionBytes", "compacted", "expires"]
	l[field] == null
	value := standard(l, field)
})

# standard(l, field) is what the declared defaults of the log's instance agree on.
standard(l, field) := value if {
	values := {d[field] | some d in defaults_of[[l.platform, l.scope]]}
	count(values) == 1
	some value in values
}

defaults_of[[d.platform, d.scope]] contains d if some d in input.facts.log_defaults

# absent says, by place, why there is no intake to ask about: nobody names one.
absent[system.at([])] := "no System declares an intake" if not input.system.declared

absent[system.at(["spec", "intake"])] := "spec.intake names no log" if {
	input.system.declared
	not system.spec.intake
}

# undeclared says, by place, that nothing declares the log that is named.
undeclared[system.at(["spec", "intake"])] := sprintf("no log %v is declared in %v", [system.spec.intake.name, concat(", ", {access.instance_title(i) | some i in access.instances_of(system.spec.intake)})]) if {
	count(intake) == 0
}

# limited(bound, l) holds where a bound of a log, of time or of size, is known to take records away.
limited(bound, l) if {
	l.expires != false
	bound != null
	bound != -1
}

peak := units.number(system.spec.intake.peakRate)

# lasts(l) is for how many seconds the size limit keeps a record while input comes in at the peak rate.
lasts(l) := (l.retentionBytes * l.partitions) / peak if {
	limited(l.retentionBytes, l)
	peak > 0
	l.partitions != null
}
