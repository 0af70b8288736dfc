// Package v1alpha1 holds the declarations that POCDR reads and that a person
// writes: System, Exemption and Profile, in the group pocdr.dev.
//
// The custom resource definitions beside this package, in crds, are generated from these
// types. They are the one source of validation and of defaults: the offline
// reader applies the same schema that an API server would.
//
// +kubebuilder:object:generate=true
// +groupName=pocdr.dev
package v1alpha1

// Group and Version name the API that these types belong to.
const (
	Group   = "pocdr.dev"
	Version = "v1alpha1"
)

// Retiring is the lifecycle of a system that is on its way out.
const Retiring = "Retiring"
