# METADATA
# title: Owners
# description: Who must approve a change of each document, by CODEOWNERS.
# custom:
#   reads:
#   - {format: ownership}
#   emits: [ownership]
package pocdr.bedrock.git.ownership

facts contains {"fact": "ownership", "path": ["documents", i], "document": d.id, "owners": d.owners} if some i, d in input.documents
