package v1alpha1

import (
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// System declares one write path: what it drinks, what turns it into output,
// where the output is drunk, and how it is changed and changed back.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Namespaced,categories=pocdr
// +kubebuilder:subresource:status
// +kubebuilder:printcolumn:name="Level",type=integer,JSONPath=`.status.level`
// +kubebuilder:printcolumn:name="Seen",type=integer,JSONPath=`.status.levelSeen`
// +kubebuilder:printcolumn:name="Required",type=integer,JSONPath=`.spec.requiredLevel`
// +kubebuilder:printcolumn:name="Lifecycle",type=string,JSONPath=`.spec.lifecycle`
type System struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`

	Spec SystemSpec `json:"spec"`

	// Status is kept by the audit: where the system stands as the cluster shows it.
	Status SystemStatus `json:"status,omitempty"`
}

// SystemList is a list of Systems.
//
// +kubebuilder:object:root=true
type SystemList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata"`

	Items []System `json:"items"`
}

// SystemSpec is what a System declares about itself. Everything is optional,
// so that a draft can be read; what is missing is named by the checks.
type SystemSpec struct {
	// Owners are the people or teams that answer for the system, as CODEOWNERS names them: @org/team, @user or a mail address.
	Owners []string `json:"owners,omitempty"`

	// Lifecycle is Active, or Retiring once the system is on its way out.
	// +kubebuilder:validation:Enum=Active;Retiring
	// +kubebuilder:default=Active
	Lifecycle string `json:"lifecycle,omitempty"`

	// RequiredLevel is the maturity level that the system may not fall below once it has reached it.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=5
	// +kubebuilder:default=1
	RequiredLevel *int32 `json:"requiredLevel,omitempty"`

	// Modes say what becomes of a change that would lower the system, by entrance. Loosening one needs an Exemption.
	// +kubebuilder:default={}
	Modes Modes `json:"modes,omitempty"`

	// Profile names the Profile whose bounds hold for this system.
	// +kubebuilder:default=default
	Profile string `json:"profile,omitempty"`

	// Namespaces are the Kubernetes namespaces that hold the system's objects. Default: the System's own namespace.
	Namespaces []string `json:"namespaces,omitempty"`

	// Labels select the system's workloads within its namespaces; empty selects all of them.
	Labels map[string]string `json:"labels,omitempty"`

	// DependsOn names Systems without which this one does not work; its effective level is no higher than theirs.
	DependsOn []string `json:"dependsOn,omitempty"`

	// Authority lists the bedrock scopes of which this repository declares everything. It holds where the Profile approves it.
	Authority []Scope `json:"authority,omitempty"`

	// Intake is the durable, ordered log of every input.
	Intake *Intake `json:"intake,omitempty"`

	// Plants are the two processor slots.
	// +kubebuilder:default={}
	Plants Plants `json:"plants,omitempty"`

	// Valve is the forwarder that copies the selected plant's output to where downstream drinks, where the switch's mechanism is Valve.
	Valve *Actor `json:"valve,omitempty"`

	// Outlets are where output is drunk from.
	Outlets []Outlet `json:"outlets,omitempty"`

	// Effects are outputs that are not kept anywhere: calls and mails to others.
	Effects []Effect `json:"effects,omitempty"`

	// Switch is the one object that selects the plant whose output is drunk.
	Switch *Switch `json:"switch,omitempty"`

	// Fence keeps two writers apart where the intake is not parallel.
	Fence *Fence `json:"fence,omitempty"`

	// Proof holds the criteria by which a candidate is compared with the incumbent.
	Proof *Proof `json:"proof,omitempty"`

	// Rollback says how, and for how long, the system goes back.
	// +kubebuilder:default={}
	Rollback Rollback `json:"rollback,omitempty"`

	// Standby says how far behind the warm standby may be.
	Standby *Standby `json:"standby,omitempty"`

	// Downstream lists who drinks from the outlets.
	Downstream []Downstream `json:"downstream,omitempty"`

	// Correction says how wrong output is found and repaired.
	Correction *Correction `json:"correction,omitempty"`

	// Invariants are statements about the output that hold at all times, each with an alert rule that names it.
	Invariants []Invariant `json:"invariants,omitempty"`

	// Objective is the service level objective that the system promises.
	Objective *Objective `json:"objective,omitempty"`
}

// Mode is what becomes of a change that would lower a system.
//
// +kubebuilder:validation:Enum=Enforce;Warn;Record
type Mode string

// The modes, the strictest first.
const (
	Enforce Mode = "Enforce" // it is refused
	Warn    Mode = "Warn"    // it is admitted, and who asks is told
	Record  Mode = "Record"  // it is admitted, and only the record tells
)

// Modes are the modes of a system, by entrance.
type Modes struct {
	// CI is where a commit is judged before it is delivered.
	// +kubebuilder:default=Enforce
	CI Mode `json:"ci,omitempty"`

	// Admission is where the cluster's API server asks.
	// +kubebuilder:default=Enforce
	Admission Mode `json:"admission,omitempty"`

	// Audit is where the cluster is judged as it stands. It refuses nothing: Enforce warns of a fall by an event, Record only by the status.
	// +kubebuilder:default=Enforce
	Audit Mode `json:"audit,omitempty"`
}

// At is the mode at an entrance, by its name; Enforce where none is said.
func (m Modes) At(entrance string) Mode {
	mode := map[string]Mode{"ci": m.CI, "admission": m.Admission, "audit": m.Audit}[entrance]
	if mode == "" {
		return Enforce
	}
	return mode
}

// Scope is one instance of a bedrock platform: a Kafka or Cassandra cluster, a Kubernetes namespace.
type Scope struct {
	// Platform is the adapter's name for the bedrock: kubernetes, kafka, cassandra, git.
	// +kubebuilder:validation:MinLength=1
	Platform string `json:"platform"`

	// Name is the instance, as the adapter writes it (namespace/cluster for Kafka and Cassandra, the namespace for Kubernetes). Empty: all of the platform.
	Name string `json:"name,omitempty"`
}

// Resource names a log or a store of a bedrock platform.
type Resource struct {
	// Platform is the adapter's name for the bedrock.
	// +kubebuilder:validation:MinLength=1
	Platform string `json:"platform"`

	// Scope is the platform's instance (namespace/cluster). Empty: whichever declares the name.
	Scope string `json:"scope,omitempty"`

	// Name of the log (a Kafka topic) or store (a Cassandra keyspace, or keyspace/table).
	// +kubebuilder:validation:MinLength=1
	Name string `json:"name"`
}

// Intake is the log that a system drinks from, and what is known of its input.
type Intake struct {
	Resource `json:",inline"`

	// Parallel says that records may be processed in any order and by several writers at once.
	// +kubebuilder:default=false
	Parallel *bool `json:"parallel,omitempty"`

	// PeakRate is the largest input in bytes a second, of the whole log; what a size limit of the log, and a quota of what serves, are measured against.
	// +kubebuilder:validation:XIntOrString
	// +kubebuilder:validation:Pattern=`^[^-]`
	// +kubebuilder:title="a quantity such as 2Mi or 0.001, and not a negative one"
	PeakRate *resource.Quantity `json:"peakRate,omitempty"`

	// Acknowledge is what the intake's producers wait for: All copies that must have a record, the Leader's, or None.
	// +kubebuilder:validation:Enum=All;Leader;None
	Acknowledge string `json:"acknowledge,omitempty"`
}

// Plants are the system's two processor slots, neutrally and permanently named. A system changed in place has only a.
type Plants struct {
	A *Plant `json:"a,omitempty"`
	B *Plant `json:"b,omitempty"`
}

// WorkloadReference names a workload of the system.
type WorkloadReference struct {
	// Kind of the workload.
	// +kubebuilder:default=Deployment
	Kind string `json:"kind,omitempty"`

	// Namespace of the workload. Default: the System's own.
	Namespace string `json:"namespace,omitempty"`

	// +kubebuilder:validation:MinLength=1
	Name string `json:"name"`
}

// Credential says which principal a secret lets its holder be, where no declared object does.
type Credential struct {
	// Secret that holds the credential, in the workload's namespace.
	// +kubebuilder:validation:MinLength=1
	Secret string `json:"secret"`

	// Principal that the credential authenticates, as platform:name; "none" for a secret that authenticates nobody.
	// +kubebuilder:validation:Pattern=`^(none|[a-z][a-z0-9-]*:.+)$`
	Principal string `json:"principal"`
}

// Actor is a set of workloads that act as one, with what they act as.
type Actor struct {
	// Workloads that make up the actor.
	// +kubebuilder:validation:MinItems=1
	Workloads []WorkloadReference `json:"workloads"`

	// Credentials that no declared object explains.
	Credentials []Credential `json:"credentials,omitempty"`

	// Group is the consumer group with which the intake is read.
	Group string `json:"group,omitempty"`

	// TransactionalID is the transactional identifier, or the prefix of them, with which output is written.
	TransactionalID string `json:"transactionalId,omitempty"`
}

// Plant is a processor slot: an actor with outlets of its own.
type Plant struct {
	Actor `json:",inline"`

	// Outlets that this plant writes whether or not it is selected. Empty where both plants write the system's outlets, in turn.
	Outlets []Resource `json:"outlets,omitempty"`
}

// Outlet is a log or store that downstream drinks from.
type Outlet struct {
	Resource `json:",inline"`

	// Contract is what the outlet's readers may rely on.
	Contract *Contract `json:"contract,omitempty"`
}

// Contract is the schema of an outlet, as promised to its readers.
type Contract struct {
	// Schema names the declared schema: a schema's full name, or a table as keyspace/table. Default: the outlet's own name.
	Schema string `json:"schema,omitempty"`

	// Version of the contract.
	Version string `json:"version,omitempty"`

	// Compatibility that is kept from one version to the next: Full is both ways.
	// +kubebuilder:validation:Enum=None;Backward;Forward;Full
	Compatibility string `json:"compatibility,omitempty"`

	// Release is the field that carries the digest of the release that produced the record.
	Release string `json:"release,omitempty"`

	// Position is the field that carries the intake position that the record was made from.
	Position string `json:"position,omitempty"`
}

// Effect is an output that is not kept: a call, a mail.
type Effect struct {
	// +kubebuilder:validation:MinLength=1
	Name string `json:"name"`

	// Hosts that are called.
	Hosts []string `json:"hosts,omitempty"`

	// CIDRs that the hosts resolve to, as network policies write them.
	CIDRs []string `json:"cidrs,omitempty"`
}

// Switch is the one object that selects the plant whose output is drunk.
type Switch struct {
	// Mechanism by which the switch selects.
	// +kubebuilder:validation:Enum=Valve;Selector;Grant;InPlace
	Mechanism string `json:"mechanism"`

	// Ref is the object whose field is the switch.
	Ref ObjectReference `json:"ref"`

	// Field of the object that is changed, as a dotted path (data.selected).
	// +kubebuilder:validation:MinLength=1
	Field string `json:"field"`

	// Values that the field has for each plant.
	// +kubebuilder:default={}
	Values SwitchValues `json:"values,omitempty"`

	// Authorised lists the principals that may change the switch object, as platform:name.
	Authorised []string `json:"authorised,omitempty"`
}

// SwitchValues are the field's values that select a plant.
type SwitchValues struct {
	// +kubebuilder:default=a
	A string `json:"a,omitempty"`
	// +kubebuilder:default=b
	B string `json:"b,omitempty"`
}

// ObjectReference names a declared object.
type ObjectReference struct {
	// +kubebuilder:default=v1
	APIVersion string `json:"apiVersion,omitempty"`

	// +kubebuilder:validation:MinLength=1
	Kind string `json:"kind"`

	// Namespace of the object. Default: the System's own.
	Namespace string `json:"namespace,omitempty"`

	// +kubebuilder:validation:MinLength=1
	Name string `json:"name"`
}

// Fence is what keeps two writers apart.
type Fence struct {
	// Mechanism: Singleton (an ordinal workload of one replica), Lease (leader election whose token the store checks),
	// Transaction (one partition a writer and transactional fencing), Conditional (conditional writes) or Idempotent (writes that can be repeated, and no surge).
	// +kubebuilder:validation:Enum=Singleton;Lease;Transaction;Conditional;Idempotent
	Mechanism string `json:"mechanism"`

	// Token is the field by which the outlet refuses an outdated writer, for Lease and Conditional.
	Token string `json:"token,omitempty"`
}

// Proof holds the criteria of a delivery proof, declared before the candidate runs.
type Proof struct {
	// Window is how long the candidate runs beside the incumbent on all of the input.
	Window Duration `json:"window"`

	// Volume is how many records are compared, at least.
	// +kubebuilder:validation:Minimum=0
	Volume int64 `json:"volume"`

	// Tolerance is the share of compared records that may differ without an explanation, from 0 to 1.
	// +kubebuilder:default="0"
	// +kubebuilder:validation:XIntOrString
	// +kubebuilder:validation:Pattern=`^[^-]`
	// +kubebuilder:title="a quantity such as 2Mi or 0.001, and not a negative one"
	Tolerance *resource.Quantity `json:"tolerance,omitempty"`

	// IgnoredFields are left out of the comparison.
	// +kubebuilder:default={}
	IgnoredFields []string `json:"ignoredFields"`

	// ExpectedDifferences describe records that the candidate is meant to produce differently.
	// +kubebuilder:default={}
	ExpectedDifferences []string `json:"expectedDifferences"`

	// Differences lists the fields in which the plants' templates may differ beside their binding, as dotted paths.
	Differences []string `json:"differences,omitempty"`

	// DrillMaxAge is how old a replay drill or a repair drill may be.
	// +kubebuilder:default="2160h"
	DrillMaxAge *Duration `json:"drillMaxAge,omitempty"`
}

// Rollback says how the system goes back.
type Rollback struct {
	// Window is how long after a switch going back is promised.
	// +kubebuilder:default="72h"
	Window *Duration `json:"window,omitempty"`

	// Objective is how long going back may take.
	Objective *Duration `json:"objective,omitempty"`

	// Procedure is the declared thing that carries out the rollback: an object, or a file of the repository.
	Procedure *Procedure `json:"procedure,omitempty"`

	// RehearsalMaxAge is how old the last rehearsal may be.
	// +kubebuilder:default="720h"
	RehearsalMaxAge *Duration `json:"rehearsalMaxAge,omitempty"`
}

// Procedure names a runnable thing: a declared object, or a file of the repository.
type Procedure struct {
	// Object that carries the procedure out: a Job, a CronJob, a workflow.
	Object *ObjectReference `json:"object,omitempty"`

	// File of the repository that carries it out: a pipeline that can be started by hand.
	File string `json:"file,omitempty"`
}

// Standby says how far behind the warm standby may be.
type Standby struct {
	// MaxLag is how far, in time, the standby's position may be behind the incumbent's.
	MaxLag Duration `json:"maxLag"`
}

// Downstream is a reader of the outlets.
type Downstream struct {
	// +kubebuilder:validation:MinLength=1
	Name string `json:"name"`

	// Owner answers for the reader.
	Owner string `json:"owner,omitempty"`

	// Principals with which it reads, as platform:name.
	Principals []string `json:"principals,omitempty"`

	// Corrects says how it applies a correction, where it must.
	Corrects string `json:"corrects,omitempty"`
}

// Correction says how wrong output is found and repaired.
type Correction struct {
	// TimeToDetect is how long wrong output may go unnoticed.
	TimeToDetect *Duration `json:"timeToDetect,omitempty"`

	// TimeToRepair is how long the repair takes once it is noticed.
	TimeToRepair *Duration `json:"timeToRepair,omitempty"`

	// Corrector is the principal that may write corrections, as platform:name.
	Corrector string `json:"corrector,omitempty"`

	// Schema of a correction: a schema's full name, or a table as keyspace/table.
	Schema string `json:"schema,omitempty"`
}

// Invariant is a statement about the output that holds at all times.
type Invariant struct {
	// Name that the alert rule carries in its label "invariant".
	// +kubebuilder:validation:MinLength=1
	Name string `json:"name"`

	// Statement in words.
	Statement string `json:"statement,omitempty"`
}

// Objective is a service level objective.
type Objective struct {
	// Statement in words: what is measured, and how.
	// +kubebuilder:validation:MinLength=1
	Statement string `json:"statement"`

	// Target share, as a percentage, such as 99.9.
	// +kubebuilder:validation:Pattern=`^(100|[0-9]{1,2})(\.[0-9]+)?$`
	Target string `json:"target"`

	// Window over which the target holds.
	Window Duration `json:"window"`

	// Budget is what happens to the error budget.
	Budget *Budget `json:"budget,omitempty"`
}

// Budget is the error budget that an objective leaves, and its policy.
type Budget struct {
	// WhenSpent says what happens once the budget is spent.
	// +kubebuilder:validation:MinLength=1
	WhenSpent string `json:"whenSpent"`
}

// SystemStatus is where a system stands as the cluster shows it.
type SystemStatus struct {
	// ObservedGeneration is the generation of the spec that was judged.
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`

	// Level of maturity.
	Level *int32 `json:"level,omitempty"`

	// LevelSeen is the level over the checks that can be answered from the cluster.
	LevelSeen *int32 `json:"levelSeen,omitempty"`

	// EffectiveLevel is no higher than that of the systems it depends on.
	EffectiveLevel *int32 `json:"effectiveLevel,omitempty"`

	// Principles has the level of each principle.
	Principles map[string]int32 `json:"principles,omitempty"`

	// LastChange is when any of this last changed.
	LastChange *metav1.Time `json:"lastChange,omitempty"`

	// Switch is what the switch selects, and what it selected before.
	Switch *SwitchStatus `json:"switch,omitempty"`

	// Conditions: Judged (the checks could be asked) and Held (the system stands at its required level, as far as can be seen).
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// SwitchStatus remembers a switch.
type SwitchStatus struct {
	// Selected is the value that the switch has.
	Selected string `json:"selected"`

	// Release identifies what the selected plant runs.
	Release string `json:"release,omitempty"`

	// Previous is the value that it had before; empty where it never had another since it is watched.
	Previous string `json:"previous,omitempty"`

	// PreviousRelease identifies what the plant of that value ran while it was selected.
	PreviousRelease string `json:"previousRelease,omitempty"`

	// Changed is when it last changed.
	Changed *metav1.Time `json:"changed,omitempty"`
}
