package report

import (
	"fmt"
	"io"
	"strings"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// Markdown writes the decision so that it can be posted on a pull request as it is: what refuses it and what to do stand open, all else is folded.
func (d *Decision) Markdown(w io.Writer, o Options) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s %s: %s\n\n<sub>%s</sub>\n\n", d.mark().emoji, d.verdict(), prose(d.what()), prose(d.from()))
	foot := (&Report{catalogue: d.catalogue, Errors: d.Errors}).summarise().foot()
	if still := d.stillUnread(); still != "" {
		foot = "<sub>" + still + ".</sub>\n\n" + foot
	}
	if !d.Allowed {
		foot += "<sub>`pocdr explain CHECK` tells what a check asks, and why.</sub>\n"
	}
	b.WriteString(d.markdownUnread())
	limit := markdownLimit - len(foot) - markdownMore
	operations := d.markdownOperations(min(6000, limit/4))
	limit -= len(operations)
	for i, s := range d.gravest() {
		section := d.section(s, max((limit-b.Len())/(len(d.Systems)-i), markdownSystem), o.All)
		if b.Len()+len(section) > limit {
			fmt.Fprintf(&b, "… and %s; the JSON decision lists them all.\n\n", document.Count(len(d.Systems)-i, "more system", "more systems"))
			break
		}
		b.WriteString(section)
	}
	_, err := io.WriteString(w, b.String()+operations+foot)
	return err
}

// mark is the gravest of those of the systems.
func (d *Decision) mark() mark {
	if systems := d.gravest(); len(systems) > 0 {
		return systems[0].mark()
	}
	return met
}

// section is what there is to say of a system, in about so many bytes.
func (d *Decision) section(s *SystemDecision, limit int, all bool) string {
	head := fmt.Sprintf("### %s %s: %s\n\n", s.mark().emoji, code(s.Name), prose(s.heading()))
	if turned := d.turned(s); turned != "" {
		head += prose(turned) + "\n\n"
	}
	if unsure := s.unsure(); unsure != "" {
		head += "⚠️ " + prose(unsure) + "\n\n"
	}
	foot := s.markdownFoot(all)
	limit -= len(head) + len(foot)
	refused := d.markdownRefused(s, limit*6/10, all)
	limit -= len(refused)
	more := d.folded("What is new and does not refuse it", s.Warnings, limit*6/10)
	limit -= len(more)
	mended := d.folded("What it mends", s.Mended, limit/2)
	limit -= len(mended)
	if all {
		mended += d.folded("What was not met before, and is not now", s.Remaining, limit)
	}
	return head + refused + more + mended + foot
}

// markdownFoot says what is only counted or named.
func (s *SystemDecision) markdownFoot(all bool) string {
	var b strings.Builder
	if s.recorded() && !all && len(s.Refusals) > 0 {
		b.WriteString(document.Count(len(s.Refusals), "finding", "findings") + " would refuse the change in mode Enforce.\n\n")
	}
	if !all && len(s.Remaining) > 0 {
		b.WriteString(document.Count(len(s.Remaining), "finding is", "findings are") + " as before.\n\n")
	}
	if len(s.Exemptions) > 0 {
		b.WriteString("Exempt by " + prose(clip(strings.Join(s.Exemptions, ", "), markdownMessage)) + ".\n\n")
	}
	if len(s.NotSeen) > 0 {
		b.WriteString("<sub>Only partly seen from here: " + prose(clip(strings.Join(s.NotSeen, ", "), markdownMessage)) + ".</sub>\n\n")
	}
	return b.String()
}

// markdownRefused lists what refuses the change, each thing with why, where, and what to do.
func (d *Decision) markdownRefused(s *SystemDecision, limit int, all bool) string {
	blocks := d.refusing(s)
	if len(blocks) == 0 || s.recorded() && !all {
		return ""
	}
	return cut(len(blocks), limit, func(i int) string { return blocks[i].markdown(limit / min(len(blocks), 4)) })
}

// markdown is a block with its remedy, in about so many bytes.
func (b block) markdown(limit int) string {
	c := b.checks[0]
	head := fmt.Sprintf("**%s** (%s): %s\n", code(c.ID), b.bears(), prose(c.Title))
	remedy := "\n→ " + prose(c.Remediation) + "\n\n"
	if len(b.checks) > 1 {
		head = fmt.Sprintf("**%d checks, for one reason** (%s): %s\n", len(b.checks), b.bears(), prose(b.ids()))
		remedy = "\n"
	}
	return head + cut(len(b.findings), limit-len(head)-len(remedy), func(i int) string {
		f := b.findings[i]
		return fmt.Sprintf("- %s %s%s\n", code(f.place()), outcomeOf(f), prose(clip(f.Message, markdownMessage)))
	}) + remedy
}

// outcomeOf says the outcome of a finding that is no failure.
func outcomeOf(f *Finding) string {
	if f.Outcome == engine.Fail {
		return ""
	}
	return string(f.Outcome) + ": "
}

// folded is a table of findings that opens when asked to; nothing at all where there are none.
func (d *Decision) folded(title string, findings []Finding, limit int) string {
	blocks := d.blocks(pointers(findings), nil)
	if len(blocks) == 0 {
		return ""
	}
	type row struct {
		checks string
		f      *Finding
	}
	var rows []row
	for _, b := range blocks {
		for _, f := range b.findings {
			rows = append(rows, row{b.ids(), f})
		}
	}
	head := fmt.Sprintf("<details><summary>%s (%d)</summary>\n\n| Place | Check | What |\n|---|---|---|\n", title, len(findings))
	foot := "\n</details>\n\n"
	return head + cut(len(rows), limit-len(head)-len(foot), func(i int) string {
		r := rows[i]
		return fmt.Sprintf("| %s | %s | %s%s |\n", code(r.f.place()), prose(r.checks), outcomeOf(r.f), prose(clip(r.f.Message, markdownMessage)))
	}) + foot
}

func (d *Decision) markdownUnread() string {
	var b strings.Builder
	for _, side := range unreadSides {
		list := d.unread(side.side)
		if len(list) == 0 || side.title == "" {
			continue
		}
		fmt.Fprintf(&b, "**%d %s**, and %s\n", len(list), side.title, side.means)
		b.WriteString(cut(len(list), 4000, func(i int) string {
			return fmt.Sprintf("- %s %s\n", code(list[i].place()), prose(clip(list[i].Message, markdownMessage)))
		}) + "\n")
	}
	return b.String()
}

func (d *Decision) markdownOperations(limit int) string {
	if len(d.Operations) == 0 {
		return ""
	}
	head, foot := fmt.Sprintf("<details><summary>%s</summary>\n\n", document.Count(len(d.Operations), "operation", "operations")), "\n</details>\n\n"
	return head + cut(len(d.Operations), limit-len(head)-len(foot), func(i int) string {
		o := d.Operations[i]
		fields := o.fields()
		if fields != "" {
			fields = ": " + code(clip(fields, markdownMessage))
		}
		return fmt.Sprintf("- %s %s%s\n", o.Verb, code(o.title()), fields)
	}) + foot
}
