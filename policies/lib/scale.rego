# How many pods a workload is declared with, autoscalers considered. null: that is not a number of its own, or not known.
package pocdr.lib.scale

import data.pocdr.lib.index
import data.pocdr.lib.system

# What is declared with no pods is switched off, and its autoscaler with it.
fewest(w) := 0 if {
	system.replicas[w.at] == 0
} else := min({a.min | some a in scaling}) if {
	scaling := index.at(scalers, system.key(w))
	count(scaling) > 0
} else := system.replicas[w.at]

most(w) := min({a.max | some a in scaling}) if {
	scaling := index.at(scalers, system.key(w))
	count(scaling) > 0
} else := system.replicas[w.at]

scalers := index.of([[[a.kind, a.namespace, a.name], a] | some a in input.facts.autoscaler])

# words(w) writes it for people.
words(w) := said(fewest(w), most(w))

said(few, many) := "a number of pods that is not declared" if {
	few == null
} else := counted(few) if {
	few == many
} else := sprintf("%v or more", [counted(few)]) if {
	many == null
} else := sprintf("%v to %v pods", [few, many])

counted(1) := "1 pod"

counted(n) := sprintf("%v pods", [n]) if n != 1
