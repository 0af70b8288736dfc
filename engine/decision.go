package engine

import (
	"maps"
	"slices"
	"time"

	"pocdr.dev/pocdr/api/v1alpha1"
)

// Request is what is known of a change beside the views before and after it.
type Request struct {
	Operations []Operation       // what it does, one for each document
	Principal  *Principal        // who asks; nil where the entrance does not know
	Served     map[string]Served // by system: the plant that served before the selected one, where that is known
}

// Principal is who asks for a change, by the names that it has on each platform (platform:name), its groups among them.
type Principal struct {
	Names []string
}

// Served is a value that a switch had, until when, and what its plant ran then, as View.Release tells it; empty where that is not known.
type Served struct {
	Value   string
	Until   time.Time
	Release string
}

// Decision is the verdict on a change.
type Decision struct {
	Allowed    bool
	Entrance   Entrance
	AsOf       time.Time
	Operations []Operation
	Systems    []SystemDecision // those that the change touches, by name
	Faults     []Fault
}

// SystemDecision is the verdict on what a change does to one system.
type SystemDecision struct {
	Name      string
	Namespace string // of the System
	Declared  bool
	Allowed   bool
	Mode      v1alpha1.Mode
	Floor     int    // the level up to which goals may not be given up
	Turn      Turn   // what the change does with the switch
	Relief    string // why nothing refuses it: it goes back, or the system retires
	Before    *Standing
	After     *Standing

	Refusals   []Refusal // what refuses the change, or would where the mode enforced it
	Warnings   []Finding // what is new and does not refuse it
	Mended     []Finding // what was not met and is; not what was unknown for want of something to read, which may have been met
	Remaining  []Finding // what was not met before and is not now
	Exemptions []string  // that were used
	NotSeen    []string  // checks that cannot be answered from the entrance
}

// Standing is where a system stands before or after a change.
type Standing struct {
	Level      int
	LevelSeen  int
	Principles map[string]int
	Unread     bool // whether something is unknown for what could not be read: the levels may be higher
}

// Refusal is a finding that refuses a change, and by which rule: one of Rules.
type Refusal struct {
	Finding
	Rule string
}

// The rules by which a finding refuses a change, in words that follow "refused:".
const (
	RuleInvariant  = "an invariant that held before"
	RuleMet        = "met before"
	RuleChanged    = "new in a changed object"
	RuleLost       = "what met it was taken away"
	RuleTransition = "a rule about changes"
	RuleRelease    = "asked of the release switched to"
)

// Rules are all of them.
var Rules = []string{RuleInvariant, RuleMet, RuleChanged, RuleLost, RuleTransition, RuleRelease}

// Only is the decision as far as one system goes. A system that the change does not touch is not refused.
func (d *Decision) Only(system string) *Decision {
	only := *d
	only.Allowed, only.Systems = true, nil
	for _, s := range d.Systems {
		if s.Name == system {
			only.Allowed, only.Systems = s.Allowed, []SystemDecision{s}
		}
	}
	return &only
}

// Kinds are the kinds of facts that the refusing checks read, sorted.
func (d *Decision) Kinds() []string {
	kinds := map[string]bool{}
	for _, s := range d.Systems {
		for _, r := range s.Refusals {
			maps.Copy(kinds, set(r.Check.Reads))
		}
	}
	return slices.Sorted(maps.Keys(kinds))
}
