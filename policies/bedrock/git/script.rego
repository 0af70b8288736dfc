# Scripts of pipelines: whether they run this engine's scan, and whether they fail with it. A shell's text is read line by line, not understood.
package pocdr.bedrock.git.script

# lines(text) are the lines of a script, each with its continuation, comments and empty ones left out.
lines(text) := [line |
	is_string(text)
	some line in split(regex.replace(text, `\\\r?\n`, " "), "\n")
	regex.match(`^\s*[^\s#]`, line)
]

# scans(text) holds where a script runs the scan.
scans(text) if {
	some line in lines(text)
	invokes(line)
}

# invokes(line) holds where the program is called with the command, by its name, path, module or image; and not where it is only spoken of.
invokes(line) if {
	some command in regex.split(`&&|\|\||[;|]`, uncommented(line))
	regex.match(call, command)
	not regex.match(`^\s*(echo|printf|cat|grep)\s`, command)
	not regex.match(other, command)
}

# other matches a call that does not judge the change: one that only tells how to call it, one of a revision by a name of its own, which is not
# what is checked out, and one that judges only what a cluster sees. A variable, and HEAD, may well be what is checked out.
other := `\s(--help|-h)([\s)}"'\x60]|$)|\s--rev[= ]\s*["']?([^\s"'$H@]|H[^E])|\s--entrance[= ]\s*["']?[^\s"'$c]`

uncommented(line) := regex.replace(line, `\s#.*$`, "")

call := `(^|[\s(){}"'/\x60])pocdr(\.exe)?([:@][^\s"']+)?(\s+-\S+)*\s+(scan|maturity)($|[\s)}"'\x60])`

# strict(text, shell) holds where a script runs the scan and fails with it. A shell is {stops, pipefail}: whether it ends
# at a command that fails, and whether a pipe fails with any of its commands.
strict(text, shell) if count(guarding(text, shell)) > 0

# guarding(text, shell) are the numbers of the lines of a script that do so.
guarding(text, shell) := {i |
	all := lines(text)
	some i, line in all
	invokes(line)
	ends(shell, i, count(all))
	not shrugs(line)
	not toothless(line)
	not hides(line, text, shell)
	not regex.match(`(^|[\s;&])set\s+\+e`, concat("\n", all))
}

# ends(shell, i, n) holds where a failure of line i of n ends the script.
ends(shell, _, _) if shell.stops

ends(_, i, n) if i == n - 1

# shrugs(line) holds where a line goes on whatever a command in it says.
shrugs(line) if {
	contains(line, "||")
	not regex.match(`\|\|.*\b(exit\s+[1-9$"]|return\s+[1-9$"]|false\b)`, line)
}

shrugs(line) if regex.match(`;\s*(true|:|exit\s+0)(\s|;|$)`, line)

shrugs(line) if regex.match(`(^|[^&>])&\s*$`, line)

shrugs(line) if regex.match(`^\s*(if|elif|while|until|!)\s`, line)

# toothless(line) holds where the scan is told not to fail, or the chart not told from which level on to.
toothless(line) if regex.match(`--fail-on[= ]\s*["']?0`, line)

toothless(line) if {
	regex.match(`pocdr\S*(\s+-\S+)*\s+maturity`, line)
	not regex.match(`--min-level[= ]\s*["']?[1-9$]`, line)
}

# hides(line, text, shell) holds where only the last command of a pipe counts.
hides(line, text, shell) if {
	regex.match(`[^|>]\|([^|]|$)`, line)
	not shell.pipefail
	not contains(text, "pipefail")
}

# doubts(text, shell) says why it cannot be told whether what is scanned is all of the repository, as the change leaves it; nothing where one line of the script leaves no doubt.
doubts(text, shell) := settled([said |
	some i in guarding(text, shell)
	said := doubts_of(lines(text), i)
])

# settled(list) are the doubts of several scans: one without any is enough.
settled(list) := set() if {
	set() in list
} else := union({said | some said in list})

# doubts_of(all, i) are those of one line, which is read up to the call, for where it is made, and from there on.
doubts_of(all, i) := {message | some message in elsewhere(last_place(array.concat(array.slice(all, 0, i), [parts[0]])))} |
	{message | some path in paths(words); not regex.match(`\b(docker|podman|nerdctl)\b`, all[i]); some message in elsewhere(path)} if {
	parts := regex.split(call, expanded(uncommented(all[i])))
	words := regex.split(`\s+`, trim_space(regex.replace(regex.split(`&&|\|\||[;|]`, concat(" ", array.slice(parts, 1, count(parts))))[0], `["'\x60(){}]`, "")))
}

# expanded(line) has a dollar sign for what only the run fills in.
expanded(line) := regex.replace(regex.replace(line, `\$\{\{[^}]*\}\}`, "$"), `\$\([^()]*\)`, "$")

# Options that take a value as the next word.
valued := {"--base", "--rev", "--profile", "--params", "--policy", "--entrance", "--fail-on", "--min-level", "--system", "--as-of", "--output", "-o", "--production", ">", ">>", "2>", "&>"}

paths(words) := {word |
	some i, word in words
	word != ""
	not regex.match(`^-|[<>]`, word)
	not i - 1 in {before | some before, option in words; option in valued}
}

# last_place(all) is where a script is once all these lines are run; what is done in a shell of its own is left out.
last_place(all) := places[count(places) - 1] if {
	text := regex.replace(expanded(concat("\n", all)), `\([^()]*\)`, "")
	places := [trim(found[1], `"'`) | some found in regex.find_all_string_submatch_n(`(?:^|[\s;&|({])(?:cd|pushd)\s+([^\s;&|)]+)`, text, -1)]
	count(places) > 0
} else := "."

# elsewhere(path) says that a path leads out of where the repository is checked out, or may.
elsewhere(path) := {sprintf("scans %v, which may be another place than the repository", [path]) |
	regex.match(`^(/|~|\.\.(/|$)|[A-Za-z]:)`, path)
	not regex.match(`^(/github/workspace|/__w|/builds|/home/runner/work)(/|$)`, path)
}

# delivered(branch) holds for names, or patterns, of the branch that a repository delivers from. Which it is, is not in its files.
delivered(branch) if branch in {"main", "master", "trunk", "develop", "production", "*", "**"}

not_delivered(branches) := sprintf("runs on changes of %v, of which it cannot be told whether what is delivered is among them", [concat(", ", sort([branch | some branch in branches; is_string(branch)]))])
