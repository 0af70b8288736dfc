package admission

// scaled are the resources whose scale is judged, and the kind of what is scaled.
var scaled = map[string]string{"deployments": "Deployment", "statefulsets": "StatefulSet", "replicasets": "ReplicaSet", "replicationcontrollers": "ReplicationController"}

// Subresources are those of a resource of an API group of Kubernetes that change what is declared, and are judged.
func Subresources(group, resource string) []string {
	switch {
	case group == "" && resource == "pods":
		return []string{"ephemeralcontainers", "resize"}
	case (group == "" || group == "apps") && scaled[resource] != "":
		return []string{"scale"}
	}
	return nil
}
