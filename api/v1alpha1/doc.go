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

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Group and Version name the API that these types belong to.
const (
	Group   = "pocdr.dev"
	Version = "v1alpha1"
)

// Retiring is the lifecycle of a system that is on its way out.
const Retiring = "Retiring"

// Duration is a length of time, as Go writes it: 72h, 1m30s. None that is declared runs backwards.
//
// +kubebuilder:validation:Type=string
// +kubebuilder:validation:Pattern=`^\+?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$`
// +kubebuilder:title="a duration such as 72h, and not a negative one"
type Duration struct {
	metav1.Duration `json:",inline"`
}
