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
	some command in regex.split(`&&|\|\||[;|]`, regex.replace(line, `\s#.*$`, ""))
	regex.match(`(^|[\s(){}"'/\x60])pocdr(\.exe)?([:@][^\s"']+)?(\s+-\S+)*\s+(scan|maturity)($|[\s)}"'\x60])`, command)
	not regex.match(`^\s*(echo|printf|cat|grep)\s`, command)
	not regex.match(elsewhere, command)
}

# elsewhere matches a call that does not judge the change: one that only tells how to call it, one of a revision by a name of its own, which is not
# what is checked out, and one that judges only what a cluster sees. A variable, and HEAD, may well be what is checked out.
elsewhere := `\s(--help|-h)(\s|$)|\s--rev[= ]\s*["']?([^\s"'$H@]|H[^E])|\s--entrance[= ]\s*["']?[^\s"'$c]`

# strict(text, shell) holds where a script runs the scan and fails with it. A shell is {stops, pipefail}: whether it ends
# at a command that fails, and whether a pipe fails with any of its commands.
strict(text, shell) if {
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
