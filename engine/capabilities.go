package engine

import (
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Builtins that reach out of the evaluation (network, environment, clock, chance), so that the same input might not get the same answer.
var outward = []string{
	"http.send", "net.lookup_ip_addr", "opa.runtime", "time.now_ns", "rand.intn", "uuid.rfc4122", "rego.parse_module", "trace", "print", "internal.print",
	"providers.aws.sign_req", "io.jwt.decode_verify",
}

// Builtins whose result can be much larger than their arguments. The shipped policies are known not to misuse them.
var unbounded = []string{
	"numbers.range", "numbers.range_step", "net.cidr_expand", "strings.render_template", "graph.reachable_paths",
}

// capabilities are what any module may use, and the builtins that are named besides.
func capabilities(besides ...string) *ast.Capabilities {
	c := ast.CapabilitiesForThisVersion()
	c.Builtins = slices.DeleteFunc(c.Builtins, func(b *ast.Builtin) bool {
		return slices.Contains(outward, b.Name) && !slices.Contains(besides, b.Name)
	})
	c.AllowNet = []string{}
	return c
}

// forbidden finds the builtins in a team's module that only the shipped ones may use.
func forbidden(m *ast.Module) []error {
	var faults []error
	found := func(operator *ast.Term) {
		if ref, ok := operator.Value.(ast.Ref); ok && slices.Contains(unbounded, ref.String()) {
			faults = append(faults, fmt.Errorf("%s: %s may allocate without bound and is not available to a team's policies", operator.Location, ref))
		}
	}
	ast.WalkExprs(m, func(e *ast.Expr) bool {
		if e.IsCall() {
			found(e.OperatorTerm())
		}
		return false
	})
	ast.WalkTerms(m, func(t *ast.Term) bool {
		if call, ok := t.Value.(ast.Call); ok {
			found(call[0])
		}
		return false
	})
	return faults
}
