package pocdr.transitions.fence_kept_test

import data.pocdr.fixture
import data.pocdr.transitions.fence_kept

spec(parallel, fence) := object.union({"intake": {"parallel": parallel}}, fence)

fenced(mechanism) := {"fence": {"mechanism": mechanism}}

sees(s) := seen if seen := fence_kept.sees with input as fixture.snapshot(s, [])

said(before, after) := refused if refused := fence_kept.refuses with input as fixture.change(sees(before), sees(after), [])

test_kept if {
	every before, after in {"Singleton": "Transaction", "Transaction": "Singleton", "Lease": "Conditional", "Conditional": "Lease", "Idempotent": "Lease"} {
		said(spec(false, fenced(before)), spec(false, fenced(after))) == {}
	}
	said(spec(false, {}), spec(false, fenced("Idempotent"))) == {}
	said(spec(true, {}), spec(false, {})) == {}
	fence_kept.refuses == {} with input as object.remove(fixture.change(null, sees(spec(false, {})), []), ["before"])
	fence_kept.refuses == {} with input as object.remove(fixture.change(sees(spec(false, {})), null, []), ["after"])
	not fence_kept.sees with input as fixture.undeclared([])
}

test_parallel if said(spec(false, fenced("Singleton")), spec(true, fenced("Singleton"))) == {["system", "spec", "intake", "parallel"]: {"spec.intake.parallel was false, and is true"}}

mechanism := ["system", "spec", "fence", "mechanism"]

test_taken_back if said(spec(false, fenced("Singleton")), spec(false, {})) == {mechanism: {"spec.fence.mechanism was Singleton, and is not declared any more"}}

test_weakened if {
	said(spec(false, fenced("Singleton")), spec(false, fenced("Lease"))) == {mechanism: {"spec.fence.mechanism was Singleton, and is Lease"}}
	said(spec(false, fenced("Lease")), spec(false, fenced("Idempotent"))) == {mechanism: {"spec.fence.mechanism was Lease, and is Idempotent"}}
}

# Nobody rests on the fence of a system whose records may be processed in any order, or on that of one that is retiring.
test_not_asked if {
	said(spec(true, fenced("Singleton")), spec(true, {})) == {}
	retiring := {"lifecycle": "Retiring"}
	said(object.union(spec(false, fenced("Singleton")), retiring), object.union(spec(true, {}), retiring)) == {}
}
