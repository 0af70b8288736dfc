package pocdr.transitions.production_kept_test

import data.pocdr.fixture
import data.pocdr.transitions.production_kept

sees(production) := seen if {
	seen := production_kept.sees with input as fixture.snapshot({}, [fixture.facts("namespace", [
		{"name": "payments", "production": production}, {"name": "orders", "production": true},
	])])
}

test_kept if {
	production_kept.refuses == {} with input as fixture.change(sees(true), sees(true), [])
	production_kept.refuses == {} with input as fixture.change(sees(null), sees(null), [])
	production_kept.refuses == {} with input as fixture.change(sees(false), sees(true), [])
	not production_kept.sees with input as fixture.undeclared([])
}

test_taken_off if {
	every after in [sees(null), sees(false)] {
		production_kept.refuses == {["namespace/payments"]: {"namespace payments is no longer in production"}} with input as fixture.change(sees(true), after, [])
	}
}

ledger(production) := seen if {
	seen := production_kept.sees with input as fixture.snapshot({"authority": [{"platform": "kubernetes", "name": "ledger"}]}, [fixture.facts("namespace", [{"name": "ledger", "production": production}])])
}

test_where_it_is_the_authority if {
	production_kept.refuses == {["namespace/ledger"]: {"namespace ledger is no longer in production"}} with input as fixture.change(ledger(true), ledger(null), [])
}
