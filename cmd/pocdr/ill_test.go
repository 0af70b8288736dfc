package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ill gives the webhook a check that does not end and one that errs, of a team's own: both are unknown, and all others are judged, in time.
func (f *faulty) ill(p *process) *process {
	f.end(p)
	folder := f.t.TempDir()
	for name, rules := range map[string]string{
		"endless": digits + `
subjects contains w.at if {
	some w in input.facts.workload
	some a in digits
	some b in digits
	some c in digits
	some d in digits
	some e in digits
	some f in digits
	some g in digits
	((((((a + b) + c) + d) + e) + f) + g) + w.replicas < 0
}`,
		"erring": `
subjects contains w.at if {
	some w in input.facts.workload
	to_number(w.name) > 0
}`,
	} {
		file := filepath.Join(folder, "checks", "intake", name, name+".rego")
		text := strings.ReplaceAll(head, "NAME", name) + rules + "\n\npasses := subjects\n"
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			f.t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			f.t.Fatal(err)
		}
	}
	p = f.start("--policy", folder, "--audit-every", "2s")
	var now phase
	for _, q := range f.questions() {
		began := time.Now()
		now.check(f.t, q, q.ask(f.t.Context()))
		if took := time.Since(began); took > 9*time.Second {
			f.t.Errorf("%s: the answer took %s", q.name, took)
		}
	}
	now.sound(f.t)
	f.wait("the audit to name the policies that fail", func() bool {
		out, err := f.kubectl("get", "-n", "payments", "system/payments", "-o", `jsonpath={.status.conditions[?(@.type=="Judged")]}`)
		return err == nil && strings.Contains(out, "did not finish in time") && strings.Contains(out, `"PolicyFault"`)
	})
	f.kill(p)
	return f.start()
}

const head = `# METADATA
# title: It is so
# description: Asks whether it is so.
# custom:
#   level: 1
#   kind: goal
#   severity: low
#   remediation: Make it so.
package acme.checks.intake.NAME
`

const digits = `
digits := {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}
`
