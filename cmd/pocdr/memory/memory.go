// Package memory says how much memory the command takes before it collects any. It imports next to nothing: Go readies packages in the order of
// their paths, each once all that it imports is ready, so that this one is ready before Kubernetes' many types are. What they leave
// behind at the start of each command is not worth collecting.
package memory

import "runtime/debug"

// Limit is what the environment sets (GOMEMLIMIT), in bytes. A command that does not live long has a limit of its own.
var Limit = start()

func start() int64 {
	debug.SetGCPercent(400) // memory is cheaper than collecting it, up to the limit
	return debug.SetMemoryLimit(1 << 30)
}
