package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Exemption lets one check of one system fail for a while. It buys admission, never a level.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Namespaced,categories=pocdr
// +kubebuilder:printcolumn:name="System",type=string,JSONPath=`.spec.system`
// +kubebuilder:printcolumn:name="Check",type=string,JSONPath=`.spec.check`
// +kubebuilder:printcolumn:name="Expires",type=string,JSONPath=`.spec.expires`
type Exemption struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`

	Spec ExemptionSpec `json:"spec"`
}

// ExemptionList is a list of Exemptions.
//
// +kubebuilder:object:root=true
type ExemptionList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata"`

	Items []Exemption `json:"items"`
}

// ExemptionSpec says what is exempt, on whose word, why and until when.
type ExemptionSpec struct {
	// System whose finding is exempt. The Exemption stands in the System's namespace: elsewhere it covers nothing.
	// +kubebuilder:validation:MinLength=1
	System string `json:"system"`

	// Check that is exempt, as principle/check; or the rule of a policy for conftest, as package/rule.
	// +kubebuilder:validation:Pattern=`^[A-Za-z][A-Za-z0-9._-]*/[a-z][A-Za-z0-9_-]*$`
	Check string `json:"check"`

	// Subject is the object whose findings are exempt.
	Subject *Subject `json:"subject,omitempty"`

	// Owner answers for the exemption.
	Owner string `json:"owner,omitempty"`

	// Reason why the check cannot be met yet.
	Reason string `json:"reason,omitempty"`

	// Expires is when the exemption lapses: an RFC 3339 time.
	Expires *metav1.Time `json:"expires,omitempty"`
}

// Subject selects findings by the object they are about; an empty field matches anything.
type Subject struct {
	Kind      string `json:"kind,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
	// Path inside the object, as findings print it; a prefix covers what is below it.
	Path string `json:"path,omitempty"`
}
