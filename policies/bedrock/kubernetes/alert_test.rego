package pocdr.bedrock.kubernetes.alert_test

import data.pocdr.bedrock.kubernetes.alert as adapter

facts(groups) := all if all := adapter.facts with input as {"metadata": {"name": "r", "namespace": "payments"}, "spec": {"groups": groups}}

test_alert if {
	facts([{"rules": [{"record": "x", "expr": "up"}, {"alert": "Down", "expr": "up == 0", "labels": {"invariant": "i"}, "annotations": {"summary": "s"}}]}]) == {{
		"fact": "alert", "path": ["spec", "groups", 0, "rules", 1], "namespace": "payments", "name": "Down", "expression": "up == 0",
		"constant": false, "labels": {"invariant": "i"}, "annotations": {"summary": "s"},
	}}
}

test_constant if {
	every expression in [
		"vector(1)", "1 > 0", "1", "vector(1) > bool 0", "absent(vector(0))", "# a metric\nvector(1)", "label_replace(vector(1), \"a\", \"up\", \"b\", 'c')",
		"time() > 0", "sum by (job) (vector(1))", "scalar(vector(1)) == 1 and on() vector(1)", "1e3 > 0x1F", "Inf > 1",
		"sum(rate(errors[5m])) or vector(0)", "up == 0 or on() vector(1)",
	] {
		adapter.constant(expression)
	}
	every expression in [
		"up == 0", "sum by (job) (rate(errors_total[5m])) > 0.1", "{job=\"a\"}", "absent(up{job=\"a\"})", "job:errors:rate5m > 1 and on(job) up",
		"(sum(errors) or vector(0)) > 0", "errors offset 5m > 0", "max_over_time(lag[1h:5m]) > 10", "count without (instance) (up) < 2", "\"text\" == up",
	] {
		not adapter.constant(expression)
	}
}

test_number if {
	some fact in facts([{"rules": [{"alert": "Always", "expr": 1}]}])
	[fact.expression, fact.constant] == ["1", true]
}

test_hostile if {
	every groups in [null, "x", [1], [{"rules": {}}], [{"rules": [1, {"alert": 2, "expr": "up"}, {"alert": "A"}, {"alert": "A", "expr": []}]}]] {
		facts(groups) == set()
	}
}
