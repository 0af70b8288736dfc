package pocdr.bedrock.kubernetes.procedure_test

import data.pocdr.bedrock.kubernetes.procedure as adapter

fact(kind, spec) := f if some f in adapter.facts with input as {"kind": kind, "metadata": {"name": "rollback", "namespace": "payments"}, "spec": spec}

pod := {"containers": [{"name": "a", "image": "a:1"}]}

test_job if {
	fact("Job", {"template": {"spec": pod}}) == {"fact": "procedure", "path": [], "kind": "Job", "namespace": "payments", "name": "rollback", "runnable": true}
}

test_runnable if {
	every kind, specs in {
		"CronJob": [{"suspend": true, "jobTemplate": {"spec": {"template": {"spec": pod}}}}],
		"WorkflowTemplate": [
			{"templates": [{"container": {"image": "a"}}]}, {"templates": [{"script": {"image": "a"}}]}, {"templates": [{"steps": [[{}]]}]},
			{"templates": [{"dag": {"tasks": [{}]}}]}, {"templates": [{"containerSet": {"containers": [{}]}}]}, {"workflowTemplateRef": {"name": "w"}},
		],
		"CronWorkflow": [{"workflowSpec": {"templates": [{"container": {"image": "a"}}]}}, {"workflowSpec": {"workflowTemplateRef": {"name": "w"}}}],
		"Pipeline": [{"tasks": [{}]}],
		"Task": [{"steps": [{}]}],
	} {
		every spec in specs {
			fact(kind, spec).runnable
		}
	}
}

test_not_runnable if {
	every kind in ["Job", "CronJob", "WorkflowTemplate", "CronWorkflow", "Pipeline", "Task"] {
		every spec in [null, [], {}, {"template": {"spec": {"containers": [{"name": "a"}]}}}, {"templates": [1, {"container": {}}]}, {"tasks": "x", "steps": {}}] {
			not fact(kind, spec).runnable
		}
	}
}
