package engine

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// CheckParameters finds what is wrong with overrides of parameters: checks and parameters that do not exist, values of another type than the default.
func (p *Policies) CheckParameters(overrides map[string]map[string]any) error {
	var faults []error
	for _, id := range slices.Sorted(maps.Keys(overrides)) {
		c := p.Check(id)
		if c == nil {
			faults = append(faults, p.NoCheck(id))
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(overrides[id])) {
			parameter, known := c.Parameters[name]
			switch value := overrides[id][name]; {
			case !known:
				faults = append(faults, fmt.Errorf("check %s has no parameter %q; it has %s", id, name, orNone(slices.Sorted(maps.Keys(c.Parameters)))))
			case jsonType(value) != jsonType(parameter.Default):
				faults = append(faults, fmt.Errorf("parameter %s of check %s must be a %s, and is a %s", name, id, jsonType(parameter.Default), jsonType(value)))
			}
		}
	}
	return errors.Join(faults...)
}

// NoCheck says that there is no such check, and which ones may have been meant.
func (p *Policies) NoCheck(id string) error {
	name := id[strings.Index(id, "/")+1:]
	var similar []string
	for _, c := range p.Rules() {
		if strings.Contains(c.ID, name) || levenshtein.ComputeDistance(c.ID, id) <= 3 {
			similar = append(similar, c.ID)
		}
	}
	if name == "" || len(similar) == 0 {
		return fmt.Errorf("there is no check %q; 'pocdr explain' lists them", id)
	}
	return fmt.Errorf("there is no check %q; did you mean %s? 'pocdr explain' lists them", id, strings.Join(similar, ", "))
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func jsonType(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case bool:
		return "true or false"
	case []any:
		return "list"
	case map[string]any:
		return "map"
	case nil:
		return "null"
	}
	return "number"
}
