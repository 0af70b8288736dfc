# Statements of a file take effect in their order. A position is that of a statement, or [statement, operation].
package pocdr.bedrock.cassandra.order

# since(positions, ends) are the positions after the last of the ends.
since(positions, ends) := {p | some p in positions; p > last} if last := latest(ends)

# latest(positions) is the last one; -1 where there is none.
latest(positions) := max(positions | {-1})
