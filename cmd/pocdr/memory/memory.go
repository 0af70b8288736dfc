// Package memory says how much memory the command takes before it collects any. It imports next to nothing: Go readies packages in the order of
// their paths, each once all that it imports is ready, so that this one is ready before Kubernetes' many types are. What they leave
// behind at the start of each command is not worth collecting.
package memory

import (
	"math"
	"runtime/debug"
)

// Set is what the environment sets (GOMEMLIMIT), in bytes; math.MaxInt64 where it sets nothing. Then a command, which does not live long, has a limit of
// its own.
var Set = start()

func start() int64 {
	debug.SetGCPercent(400) // memory is cheaper than collecting it, up to the limit
	set := debug.SetMemoryLimit(-1)
	if set == math.MaxInt64 {
		debug.SetMemoryLimit(1 << 30)
	}
	return set
}
