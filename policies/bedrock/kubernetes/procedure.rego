# METADATA
# title: Procedures
# description: Jobs, and the workflows and pipelines of Argo and Tekton.
# custom:
#   reads:
#   - {format: kubernetes, group: batch, kinds: [Job, CronJob]}
#   - {format: kubernetes, group: argoproj.io, kinds: [WorkflowTemplate, CronWorkflow]}
#   - {format: kubernetes, group: tekton.dev, kinds: [Pipeline, Task]}
#   emits: [procedure]
package pocdr.bedrock.kubernetes.procedure

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.names

facts contains {
	"fact": "procedure",
	"path": [],
	"kind": input.kind,
	"namespace": input.metadata.namespace,
	"name": names.name(input),
	"runnable": runnable,
}

default runnable := false

runnable if {
	some place in {"Job": [["spec", "template", "spec", "containers"]], "CronJob": [["spec", "jobTemplate", "spec", "template", "spec", "containers"]]}[input.kind]
	some step in field.list(input, place)
	field.text(step, ["image"]) != null
}

# A workflow runs by a template of its own, or by one that it names.
runnable if {
	place := {"WorkflowTemplate": ["spec"], "CronWorkflow": ["spec", "workflowSpec"]}[input.kind]
	some template in field.list(input, array.concat(place, ["templates"]))
	acts(template)
}

runnable if {
	place := {"WorkflowTemplate": ["spec"], "CronWorkflow": ["spec", "workflowSpec"]}[input.kind]
	field.text(input, array.concat(place, ["workflowTemplateRef", "name"])) != null
}

acts(template) if {
	some part in ["container", "script"]
	field.text(template, [part, "image"]) != null
}

acts(template) if {
	some list in [["steps"], ["dag", "tasks"], ["containerSet", "containers"]]
	count(field.list(template, list)) > 0
}

runnable if {
	list := {"Pipeline": "tasks", "Task": "steps"}[input.kind]
	count(field.list(input, ["spec", list])) > 0
}
