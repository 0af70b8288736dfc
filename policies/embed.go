// Package policies holds the shipped policies: what is judged, as data.
//
//	facts/       the kinds of facts, each with its closed schema
//	bedrock/     adapters (one document → facts) and joins (facts → facts), a folder a platform
//	checks/      the questions, a folder each: checks/<principle>/<check>
//	lib/         what checks share
package policies

import "embed"

// FS is the tree of the shipped policies, tests included.
//
//go:embed facts principles.yaml all:bedrock all:checks all:lib all:transitions
var FS embed.FS
