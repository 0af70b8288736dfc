package main

import data.lib.kubernetes

deny[msg] {
  kubernetes.is_service
  open := {"NodePort", "LoadBalancer"}
  open[input.spec.type]
  msg := sprintf("Service %s is open to the world: its type is %s", [input.metadata.name, input.spec.type])
}

violation_labels[{"msg": msg, "details": {"missing": "team"}}] {
  kubernetes.is_service
  input.metadata.labels
  not input.metadata.labels["app.kubernetes.io/part-of"]
  msg = sprintf("Service %s says not what it is a part of", [input.metadata.name])
}

exception[rules] {
  input.metadata.annotations["acme.example/legacy"] == "yes"
  rules = ["labels"]
}
