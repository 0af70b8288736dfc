package pocdr.lib.compute_test

import data.pocdr.fixture
import data.pocdr.lib.compute

quotas := fixture.facts("quota", [
	{"namespace": "payments", "limits": {"container-memory-request": 1000, "container-memory-limit": 1000, "container-cpu-limit": 0}},
	{"namespace": "orders", "limits": {"cpu-limit": 4}},
])

has(c) := {field |
	some field, _ in compute.fallback
	compute.bounded(fixture.fact("container", c), field) with input as fixture.snapshot({}, [quotas])
}

test_divided if {
	compute.divided("orders", "cpu") with input as fixture.snapshot({}, [quotas])
	not compute.divided("orders", "memory") with input as fixture.snapshot({}, [quotas])
}

test_own if has({"namespace": "orders", "cpuRequest": 1, "memoryLimit": 5}) == {"cpuRequest", "memoryLimit"}

test_default if has({"namespace": "payments"}) == {"memoryRequest", "memoryLimit"}

test_no_bound if has({"namespace": "payments", "memoryLimit": 0, "cpuLimit": 0}) == {"memoryRequest"}
