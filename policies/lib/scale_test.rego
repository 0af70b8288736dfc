package pocdr.lib.scale_test

import data.pocdr.fixture
import data.pocdr.lib.scale

workload := {"kind": "Deployment", "namespace": "payments", "name": "a", "replicas": 3}

autoscaler(low, high) := {"kind": "Deployment", "namespace": "payments", "name": "a", "min": low, "max": high}

bounds(fields, autoscalers) := found if {
	workloads := fixture.facts("workload", [fields])
	w := workloads.workload[0]
	found := [scale.fewest(w), scale.most(w), scale.words(w)] with input as fixture.snapshot({}, [workloads, fixture.facts("autoscaler", autoscalers)])
}

test_fixed if {
	bounds(workload, []) == [3, 3, "3 pods"]
	bounds(object.union(workload, {"replicas": 1}), []) == [1, 1, "1 pod"]
	bounds(object.union(workload, {"name": "b"}), [autoscaler(1, 2)]) == [3, 3, "3 pods"]
}

test_scaled if {
	bounds(workload, [autoscaler(1, 5)]) == [1, 5, "1 to 5 pods"]
	bounds(workload, [autoscaler(2, 5), autoscaler(0, 7)]) == [0, 5, "0 to 5 pods"]
}

# An autoscaler leaves alone what is switched off; whether it does so for ever is not known.
test_switched_off if bounds(object.union(workload, {"replicas": 0}), [autoscaler(2, 5)]) == [0, 5, "0 to 5 pods"]

test_not_known if {
	bounds(workload, [autoscaler(1, null)]) == [1, null, "1 pod or more"]
	bounds(object.union(workload, {"replicas": null}), []) == [null, null, "a number of pods that is not declared"]
}
