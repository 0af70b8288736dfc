package pocdr.lib.index_test

import data.pocdr.lib.index

pairs := [[["a", 1], {"name": "x"}], [["b", 1], {"name": "y"}], [["a", 1], {"name": "z", "more": {}}]]

test_at if {
	[v | some v in index.at(index.of(pairs), ["a", 1])] == [{"name": "x"}, {"name": "z", "more": {}}]
	[v | some v in index.at(index.of(pairs), ["b", 1])] == [{"name": "y"}]
	count(index.at(index.of(pairs), ["c", 1])) == 0
}
