package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"pocdr.dev/pocdr/engine"
)

// sarifSchema is where the schema of SARIF 2.1.0 lives.
const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// What of SARIF 2.1.0 a report uses. Its names are the standard's.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
		Properties  map[string]any    `json:"properties"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name          string            `json:"name"`
		Rules         []sarifRule       `json:"rules"`
		Notifications []sarifDescriptor `json:"notifications"`
	}
	sarifRule struct {
		ID            string         `json:"id"`
		Name          string         `json:"name"`
		Short         sarifText      `json:"shortDescription"`
		Full          sarifText      `json:"fullDescription"`
		HelpURI       string         `json:"helpUri,omitempty"`
		Help          sarifText      `json:"help"`
		Configuration sarifSeverity  `json:"defaultConfiguration"`
		Properties    map[string]any `json:"properties"`
	}
	sarifSeverity struct {
		Level string `json:"level"`
	}
	sarifDescriptor struct {
		ID    string    `json:"id"`
		Short sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Kind         string             `json:"kind"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints sarifFingerprints  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
		Properties   sarifProperties    `json:"properties"`
	}
	sarifFingerprints struct {
		V1 string `json:"pocdr/v1"`
	}
	sarifProperties struct {
		Outcome  engine.Outcome `json:"outcome"`
		System   string         `json:"system"`
		Document string         `json:"document"`
		Path     string         `json:"path"`
		Level    int            `json:"level"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
	sarifLogical struct {
		Name          string `json:"name,omitempty"`
		QualifiedName string `json:"fullyQualifiedName"`
		Kind          string `json:"kind"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Descriptor sarifReference  `json:"descriptor"`
		Level      string          `json:"level"`
		Message    sarifText       `json:"message"`
		Locations  []sarifLocation `json:"locations,omitempty"`
	}
	sarifReference struct {
		ID string `json:"id"`
	}
)

// The notifications of a run.
const (
	sarifUnread = "unread"
	sarifFault  = "policy-fault"
)

// SARIF writes the report as SARIF 2.1.0, for code scanning and editors.
func (r *Report) SARIF(w io.Writer) error { return r.sarif(w, r.Source) }

func (r *Report) sarif(w io.Writer, source any) error {
	s := sarif{Report: r, index: map[string]int{}, seen: map[string]int{}, anchors: map[string]string{}}
	for _, f := range r.Findings {
		s.anchors[f.System], s.anchors[""] = cmp.Or(s.anchors[f.System], f.File), cmp.Or(s.anchors[""], f.File)
	}
	run := sarifRun{
		ColumnKind: "unicodeCodePoints", // see document.Place
		Tool: sarifTool{sarifDriver{Name: "pocdr", Rules: s.rules(), Notifications: []sarifDescriptor{
			{sarifUnread, sarifText{Text: "A file, or a part of one, could not be read."}},
			{sarifFault, sarifText{Text: "A policy did not do its work."}},
		}}},
		Invocations: []sarifInvocation{s.invocation()},
		Results:     make([]sarifResult, 0, len(r.Findings)),
		Properties:  map[string]any{"source": source, "asOf": r.AsOf, "policies": r.Policies},
	}
	for i := range r.Findings {
		run.Results = append(run.Results, s.result(&r.Findings[i]))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{sarifSchema, "2.1.0", []sarifRun{run}})
}

// sarif is the state of writing one run.
type sarif struct {
	*Report
	index map[string]int // of the rules, by check
	seen  map[string]int // how often a fingerprint was used

	anchors map[string]string // by system: the first file of its findings; of all, by no name
}

func (s *sarif) rules() []sarifRule {
	checks := slices.Clone(s.catalogue.Checks)
	for _, t := range s.catalogue.Transitions { // a report that is not of a change has none
		if slices.ContainsFunc(s.Findings, func(f Finding) bool { return f.Check == t.ID }) {
			checks = append(checks, t)
		}
	}
	rules := make([]sarifRule, len(checks))
	for i, c := range checks {
		s.index[c.ID] = i
		level, problem := sarifLevels(c.Severity)
		question, _, _ := strings.Cut(c.Description, "\n\n")
		rules[i] = sarifRule{
			ID: c.ID, Name: camel(c.ID), Short: sarifText{Text: c.Title}, Full: sarifText{Text: strings.Join(strings.Fields(question), " ")},
			Help:          sarifText{c.Description + "\n\n" + c.Remediation, c.Description + "\n\n**To meet it:** " + c.Remediation},
			Configuration: sarifSeverity{level},
			Properties: map[string]any{
				"tags":             sarifTags(c),
				"precision":        "high",
				"problem.severity": problem,
			},
		}
		if len(c.Related) > 0 {
			rules[i].HelpURI = c.Related[0].URL
		}
	}
	return rules
}

func sarifTags(c *engine.Check) []string {
	if c.Level == 0 {
		return []string{"pocdr", "conftest", c.Kind}
	}
	return []string{"pocdr", c.Principle, fmt.Sprintf("level-%d", c.Level), c.Kind}
}

// sarifLevels gives a severity as the standard has it, and as code scanning does.
func sarifLevels(severity string) (level, problem string) {
	switch severity {
	case "critical", "high":
		return "error", "error"
	case "medium":
		return "warning", "warning"
	}
	return "note", "recommendation"
}

// camel writes a check's ID as one word.
func camel(id string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(id, func(r rune) bool { return strings.ContainsRune("/-._", r) }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func (s *sarif) result(f *Finding) sarifResult {
	level, _ := sarifLevels(f.Severity)
	if f.mild && level == "error" {
		level = "warning"
	}
	result := sarifResult{
		RuleID: f.Check, RuleIndex: s.index[f.Check], Kind: "fail", Level: level, Message: sarifMessage(f.Message),
		Locations:    []sarifLocation{s.location(f)},
		Fingerprints: sarifFingerprints{s.fingerprint(f)},
		Properties:   sarifProperties{f.Outcome, f.System, f.Document, f.Path, f.Level},
	}
	switch {
	case f.Outcome == engine.Unknown && !f.refuses: // what is seen does not suffice; the standard wants no level then
		result.Kind, result.Level = "open", "none"
	case f.Exemption != nil:
		result.Suppressions = []sarifSuppression{{"external", "accepted", "exempt by the Exemption " + *f.Exemption}}
	}
	return result
}

// sarifMessage is plain text; the standard would otherwise take some of it for a link.
func sarifMessage(s string) sarifText {
	return sarifText{Text: strings.ReplaceAll(clean(s), "](", "] (")}
}

// location is where a finding stands. Code scanning refuses a file of results where one has no file and line, and viewers open no folder: what is about no file
// is put on the first file of its system, or of any, and on the root only where there is none.
func (s *sarif) location(f *Finding) sarifLocation {
	l := sarifLocation{Physical: sarifPhysical{sarifArtifact{"."}, &sarifRegion{StartLine: 1}}}
	if anchor := cmp.Or(s.anchors[f.System], s.anchors[""], s.anchor); anchor != "" {
		l.Physical.Artifact.URI = s.uri(anchor)
	}
	if f.File != "" {
		l.Physical = sarifPhysical{sarifArtifact{s.uri(f.File)}, &sarifRegion{f.Line, f.Column}}
	}
	switch {
	case f.Object != nil:
		l.Logical = []sarifLogical{{f.Object.Name, f.Document, "object"}}
	case f.Document != "":
		l.Logical = []sarifLogical{{"", f.Document, "document"}}
	}
	return l
}

// uri is a file relative to where the command was run, where that is above what was judged: code scanning runs it at the root of the repository.
func (r *Report) uri(file string) string {
	if source := filepath.ToSlash(r.Source.Path); filepath.IsLocal(r.Source.Path) {
		file = path.Join(source, file)
	}
	steps := strings.Split(file, "/")
	for i, step := range steps {
		steps[i] = strings.ReplaceAll(url.PathEscape(step), ":", "%3A") // else it might be taken for a scheme
	}
	return strings.Join(steps, "/")
}

// fingerprint names what a finding is about, so that it is the same one when lines move or values in its message change.
func (s *sarif) fingerprint(f *Finding) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", []string{f.Check, f.System, f.Document, f.Path}))
	print := hex.EncodeToString(sum[:16])
	s.seen[print]++
	if n := s.seen[print]; n > 1 {
		print = fmt.Sprintf("%s:%d", print, n)
	}
	return print
}

func (s *sarif) invocation() sarifInvocation {
	i := sarifInvocation{Successful: len(s.Errors) == 0, Notifications: []sarifNotification{}}
	for _, u := range s.Unread {
		n := sarifNotification{Descriptor: sarifReference{sarifUnread}, Level: "warning", Message: sarifMessage(u.Message)}
		n.Locations = s.fileAt(u.File, u.Line)
		i.Notifications = append(i.Notifications, n)
	}
	for _, e := range s.Errors {
		n := sarifNotification{Descriptor: sarifReference{sarifFault}, Level: "error", Message: sarifMessage(e.Policy + ": " + e.Message)}
		n.Locations = s.fileAt(e.File, 0)
		i.Notifications = append(i.Notifications, n)
	}
	return i
}

// fileAt is a file, or a line of it where that is known.
func (s *sarif) fileAt(file string, line int) []sarifLocation {
	if file == "" {
		return nil
	}
	at := sarifPhysical{Artifact: sarifArtifact{s.uri(file)}}
	if line > 0 {
		at.Region = &sarifRegion{StartLine: line}
	}
	return []sarifLocation{{Physical: at}}
}
