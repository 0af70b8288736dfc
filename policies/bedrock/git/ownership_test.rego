package pocdr.bedrock.git.ownership_test

import data.pocdr.bedrock.git.ownership

test_each_document if {
	ownership.facts == {
		{"fact": "ownership", "path": ["documents", 0], "document": "file:a", "owners": ["@city/water"]},
		{"fact": "ownership", "path": ["documents", 1], "document": "file:b", "owners": []},
	} with input as {"codeowners": "CODEOWNERS", "documents": [{"id": "file:a", "owners": ["@city/water"]}, {"id": "file:b", "owners": []}]}
}
