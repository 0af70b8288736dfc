# METADATA
# title: The configuration that workloads take does not change under them
# description: |
#   Asks whether each config that the system's workloads take is immutable, or named by a digest of its content. Secrets are left out, since credentials
#   are rotated, and so is the switch, which is meant to change.
#
#   Configuration is behaviour. A config that is changed in place changes what runs without a delivery: some pods
#   have read it and some will at their next restart, the proof was of the old one, and going back to the earlier release takes the new config along.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable
#   description: Immutable configs
# - ref: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/configmapgenerator/
#   description: Configs whose names end in a digest of their content
# custom:
#   level: 2
#   kind: goal
#   release: true
#   severity: high
#   remediation: Make the config immutable or let its name end in a digest of its content, and name the new one in the workload.
package pocdr.checks.declaration.config_immutable

import data.pocdr.lib.index
import data.pocdr.lib.objects
import data.pocdr.lib.system

# taken are the configs that workloads take: the mount, and the declared configs of its name.
taken contains {"mount": m, "configs": configs} if {
	some w in system.workloads
	some m in system.mounts_of(w)
	m.what == "config"
	configs := index.at(by_name, [m.namespace, m.name])
	not is_switch(m, configs)
	not spare(m, configs)
}

by_name := index.of([[[c.namespace, c.name], c] | some c in input.facts.config; c.what == "config"])

is_switch(m, configs) if {
	some o in objects.switches
	o.name == m.name
	some c in configs
	c.at[0] == o.at[0]
}

# spare(m, configs) holds where the pods start without the config, and there is none.
spare(m, configs) if {
	m.optional
	count(configs) == 0
}

subjects contains c.at if some c in taken[_].configs

passes contains c.at if {
	some c in taken[_].configs
	fixed(c)
}

fails[c.at] contains sprintf("config %v/%v is neither immutable nor named by its content", [c.namespace, c.name]) if {
	some c in taken[_].configs
	not fixed(c)
}

fixed(c) if c.immutable

fixed(c) if c.contentNamed

subjects contains t.mount.at if {
	some t in taken
	count(t.configs) == 0
}

missing[t.mount.at] contains sprintf("config %v/%v is not declared", [t.mount.namespace, t.mount.name]) if {
	some t in taken
	count(t.configs) == 0
}

not_applicable := "the workloads take no config that is declared or that they need, the switch left out" if count(system.workloads) > 0
