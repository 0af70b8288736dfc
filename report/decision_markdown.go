package report

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the decision so that it can be posted on a pull request as it is.
func (d *Decision) Markdown(w io.Writer, o Options) error {
	var b strings.Builder
	mark := failing
	if d.Allowed {
		mark = met
	}
	fmt.Fprintf(&b, "## %s %s: %s\n\n%s.\n\n", mark.emoji, strings.ToUpper(d.verdict()[:1])+strings.ToLower(d.verdict()[1:]), d.what(), prose(d.from()))
	limit := markdownLimit - b.Len() - markdownMore
	for i, s := range d.Systems {
		section := d.section(s, max((limit-b.Len())/(len(d.Systems)-i)-6000, markdownSystem), o.All)
		if b.Len()+len(section) > limit {
			fmt.Fprintf(&b, "… and %s.\n\n", plural(len(d.Systems)-i, "more system", "more systems"))
			break
		}
		b.WriteString(section)
	}
	b.WriteString(d.markdownOperations(min(5000, limit-b.Len())))
	r := &Report{catalogue: d.catalogue, Errors: d.Errors}
	_, err := io.WriteString(w, b.String()+r.summarise().foot())
	return err
}

func (d *Decision) section(s SystemDecision, limit int, all bool) string {
	mark := failing
	if s.Allowed {
		mark = met
	}
	head := fmt.Sprintf("### %s %s: %s\n\n", mark.emoji, code(s.Name), prose(s.heading()))
	var refusing []*Finding
	for i := range s.Refusals {
		refusing = append(refusing, &s.Refusals[i].Finding)
	}
	refused := findingTable("**What refuses it**\n\n", "", refusing, limit*5/10) + d.mend(s, limit*2/10)
	more := findingTable("<details><summary>What is new and does not refuse it</summary>\n\n", "</details>\n\n", pointers(s.Warnings), limit*2/10)
	mended := findingTable("<details><summary>What it mends</summary>\n\n", "</details>\n\n", pointers(s.Mended), limit/10)
	rest := ""
	if all {
		rest = findingTable("<details><summary>What was not met before, and is not now</summary>\n\n", "</details>\n\n", pointers(s.Remaining), limit/10)
	} else if len(s.Remaining) > 0 {
		rest = plural(len(s.Remaining), "finding is", "findings are") + " as before.\n\n"
	}
	if len(s.Exemptions) > 0 {
		rest += "Exempt by " + prose(strings.Join(s.Exemptions, ", ")) + ".\n\n"
	}
	if len(s.NotSeen) > 0 {
		rest += "<sub>Only partly seen from here: " + prose(strings.Join(s.NotSeen, ", ")) + "</sub>\n\n"
	}
	return head + refused + more + mended + rest
}

// mend says, for each check that refuses the change, why it does and what to do.
func (d *Decision) mend(s SystemDecision, limit int) string {
	ids := checksOf(s.Refusals, func(r Refusal) string { return r.Check })
	if len(ids) == 0 {
		return ""
	}
	return cut(len(ids), limit, func(i int) string {
		c := d.catalogue.Check(ids[i])
		rule := ""
		for _, r := range s.Refusals {
			if r.Check == c.ID {
				rule = r.Rule
			}
		}
		return fmt.Sprintf("- %s (%s): %s\n", code(c.ID), prose(rule), prose(c.Remediation))
	}) + "\n"
}

func (d *Decision) markdownOperations(limit int) string {
	if len(d.Operations) == 0 {
		return ""
	}
	head, foot := fmt.Sprintf("<details><summary>%s</summary>\n\n", plural(len(d.Operations), "operation", "operations")), "\n</details>\n\n"
	return head + cut(len(d.Operations), limit-len(head)-len(foot), func(i int) string {
		o := d.Operations[i]
		return fmt.Sprintf("- %s %s\n", o.Verb, code(o.title()))
	}) + foot
}

func pointers(findings []Finding) []*Finding {
	out := make([]*Finding, len(findings))
	for i := range findings {
		out[i] = &findings[i]
	}
	return out
}

// newFindings is a report of what is new alone, for formats that know no decisions.
func (d *Decision) newFindings() *Report {
	r := &Report{
		Schema: Schema, Source: Source{d.Source.Path, d.Source.Revision}, AsOf: d.AsOf, Policies: d.Policies, catalogue: d.catalogue,
		Unread: d.Unread, Errors: d.Errors,
	}
	for _, s := range d.Systems {
		for _, f := range s.Refusals {
			r.Findings = append(r.Findings, f.Finding)
		}
		r.Findings = append(r.Findings, s.Warnings...)
	}
	r.sort()
	return r
}
