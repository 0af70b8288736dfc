# METADATA
# title: Alert rules
# description: Alerting rules of the Prometheus and VictoriaMetrics operators.
# custom:
#   reads:
#   - {format: kubernetes, group: monitoring.coreos.com, kinds: [PrometheusRule]}
#   - {format: kubernetes, group: operator.victoriametrics.com, kinds: [VMRule]}
#   emits: [alert]
package pocdr.bedrock.kubernetes.alert

import data.pocdr.bedrock.kubernetes.field

facts contains {
	"fact": "alert",
	"path": ["spec", "groups", i, "rules", j],
	"namespace": input.metadata.namespace,
	"name": name,
	"expression": expression,
	"constant": constant(expression),
	"labels": field.map(rule, ["labels"]),
	"annotations": field.map(rule, ["annotations"]),
} if {
	some i, group in field.list(input, ["spec", "groups"])
	some j, rule in field.list(group, ["rules"])
	name := field.text(rule, ["alert"])
	name != null
	expression := field.scalar(rule, ["expr"])
	expression != null
}

# constant(expression) holds where an expression reads no metric, or ends in a sample that is always there.
constant(expression) if {
	bare := stripped(expression)
	not contains(bare, "{")
	count(identifiers(bare) - words) == 0
} else if {
	regex.match(`(?i)\bor\s+(on\s*\(\s*\)\s*)?vector\s*\([^()]*\)\s*$`, stripped(expression))
} else := false

# stripped(expression) is an expression without texts and comments.
stripped(expression) := regex.replace(expression, "\"(\\\\.|[^\"\\\\])*\"|'(\\\\.|[^'\\\\])*'|`[^`]*`|#[^\n]*", " ")

# identifiers(bare) are the names in an expression that stand for metrics: those that are no labels to group by, no numbers or times and no functions.
identifiers(bare) := {lower(name) | some name in regex.find_n(`[a-zA-Z_:][a-zA-Z0-9_:.]*`, reduced, -1)} if {
	reduced := regex.replace(
		regex.replace(bare, `(?i)\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)|\[[^\]]*\]|\b[0-9][0-9a-zA-Z_.]*`, " "),
		`[a-zA-Z_:][a-zA-Z0-9_:]*\s*\(`, "(",
	)
}

# words are what the language itself is made of.
words := {
	"and", "or", "unless", "bool", "offset", "inf", "nan", "atan2", "by", "without", "on", "ignoring", "group_left", "group_right", "start", "end",
	"keep_metric_names", "default", "if", "ifnot", "limit",
}
