package main

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/util/validation"

	"pocdr.dev/pocdr/policies"
)

// productionFlag lets production be known by another label. CI and the cluster are to be given the same one.
func productionFlag(f *pflag.FlagSet, production *string) {
	f.StringVar(production, "production", policies.DefaultProduction, "the label, `LABEL=VALUE`, of namespaces that are in production")
}

// shipped are the shipped policies, by which production is what the flag says; empty: as they come.
func shipped(production string) (fs.FS, error) {
	if production == "" || production == policies.DefaultProduction {
		return policies.FS, nil
	}
	label, value, _ := strings.Cut(production, "=")
	faults := validation.IsQualifiedName(label)
	if value == "" {
		faults = append(faults, "there is no value")
	}
	if faults = append(faults, validation.IsValidLabelValue(value)...); len(faults) > 0 {
		return nil, fmt.Errorf("--production %s: write LABEL=VALUE, as in %s: %s", production, policies.DefaultProduction, strings.Join(faults, "; "))
	}
	return policies.Production(label, value), nil
}
