# Finding among many facts by key. A partial object rule compares each new key with all that came before, so that thousands take seconds; this does not.
package pocdr.lib.index

# of(pairs) is an index of [key, value] pairs.
of(pairs) := object.union_n([{key: {i: value}} | some i, [key, value] in pairs])

# at(index, key) are the values under a key, each once for each pair.
at(index, key) := object.get(index, [key], {})
