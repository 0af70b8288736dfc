package admission

// scaled are the resources whose scale is judged, and the kind of what is scaled.
var scaled = map[string]string{"deployments": "Deployment", "statefulsets": "StatefulSet", "replicasets": "ReplicaSet", "replicationcontrollers": "ReplicationController"}

// labelled are the groups of Kubernetes whose objects are selected by their labels, which some of them let a status change.
var labelled = map[string]bool{"": true, "apps": true, "batch": true}

// Subresources are those of a resource of an API group of Kubernetes by which something that is declared can change, and that are judged.
func Subresources(group, resource string) []string {
	var all []string
	if labelled[group] && resource != "configmaps" && resource != "secrets" && resource != "serviceaccounts" && resource != "limitranges" {
		all = append(all, "status")
	}
	switch {
	case group == "" && resource == "pods":
		all = append(all, "ephemeralcontainers", "resize")
	case (group == "" || group == "apps") && scaled[resource] != "":
		all = append(all, "scale")
	}
	return all
}
