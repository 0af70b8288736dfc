package v1alpha1

import (
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Profile holds the platform team's bounds for what a System may declare about itself.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,categories=pocdr
type Profile struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`

	// +kubebuilder:default={}
	Spec ProfileSpec `json:"spec,omitempty"`
}

// ProfileList is a list of Profiles.
//
// +kubebuilder:object:root=true
type ProfileList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata"`

	Items []Profile `json:"items"`
}

// ProfileSpec holds bounds. A System's declaration outside of them does not count.
type ProfileSpec struct {
	// Proof bounds the criteria of delivery proofs.
	// +kubebuilder:default={}
	Proof ProofBounds `json:"proof,omitempty"`

	// Rollback bounds what is promised about going back.
	// +kubebuilder:default={}
	Rollback RollbackBounds `json:"rollback,omitempty"`

	// Correction bounds how late wrong output may be found.
	// +kubebuilder:default={}
	Correction CorrectionBounds `json:"correction,omitempty"`

	// Switchers are the principals that a System may authorise to change its switch, as platform:name; an entry may end in *. Empty: any.
	Switchers []string `json:"switchers,omitempty"`

	// Operators are the principals that keep the platform that the systems run on, as platform:name: those that read its secrets and start its pods for
	// everybody. They do not count as ones who may come to write an outlet or to change a switch, as long as nothing is granted to them on
	// the outlet or the switch itself. Each is named in full.
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:Pattern=`^[a-z][a-z0-9-]*:[^*]+$`
	Operators []string `json:"operators,omitempty"`

	// Authorities approves statements of authority: the bedrock scopes of which the named system's repository declares everything.
	Authorities []Authority `json:"authorities,omitempty"`
}

// ProofBounds bounds a System's proof criteria.
type ProofBounds struct {
	// MinWindow is the shortest window that proves anything.
	// +kubebuilder:default="24h"
	MinWindow *Duration `json:"minWindow,omitempty"`

	// MinVolume is the smallest number of compared records that proves anything.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:default=1000
	MinVolume *int64 `json:"minVolume,omitempty"`

	// MaxTolerance is the largest share of unexplained differences.
	// +kubebuilder:default="0.001"
	// +kubebuilder:validation:XIntOrString
	// +kubebuilder:validation:Pattern=`^[^-]`
	// +kubebuilder:title="a quantity such as 2Mi or 0.001, and not a negative one"
	MaxTolerance *resource.Quantity `json:"maxTolerance,omitempty"`

	// MaxIgnoredFields is how many fields may be left out of the comparison.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:default=10
	MaxIgnoredFields *int32 `json:"maxIgnoredFields,omitempty"`
}

// RollbackBounds bounds a System's promises about going back.
type RollbackBounds struct {
	// MinWindow is the shortest rollback window.
	// +kubebuilder:default="24h"
	MinWindow *Duration `json:"minWindow,omitempty"`

	// MaxObjective is the longest that going back may take.
	// +kubebuilder:default="1h"
	MaxObjective *Duration `json:"maxObjective,omitempty"`

	// MaxRehearsalAge is the largest age that a System may allow its rehearsals.
	// +kubebuilder:default="2160h"
	MaxRehearsalAge *Duration `json:"maxRehearsalAge,omitempty"`
}

// CorrectionBounds bounds a System's promises about wrong output.
type CorrectionBounds struct {
	// MaxTimeToDetect is the longest that wrong output may go unnoticed.
	// +kubebuilder:default="168h"
	MaxTimeToDetect *Duration `json:"maxTimeToDetect,omitempty"`
}

// Authority approves that a system's repository declares all of a bedrock scope.
type Authority struct {
	// System that may state its authority. "*": any.
	// +kubebuilder:validation:MinLength=1
	System string `json:"system"`

	Scope `json:",inline"`
}
