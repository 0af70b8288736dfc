package pocdr.lib.readers_test

import data.pocdr.fixture
import data.pocdr.lib.readers
import data.pocdr.scenario

test_settled if readers.unsettled == set() with input as scenario.plus([])

test_undeclared if {
	readers.unsettled == {"store:statements may read outlet ledger"} with input as scenario.without("downstream")
	readers.strangers[["grant/store:statements read", "rule"]] == {"store:statements may read outlet ledger"} with input as scenario.without("downstream")
}

test_no_outlets if readers.unsettled == {"spec.outlets names no outlet"} with input as fixture.snapshot({}, [])

test_all if "store:statements" in readers.all with input as scenario.plus([])
