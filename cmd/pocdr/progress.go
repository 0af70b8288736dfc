package main

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// progress tells on a terminal how far long work has come. It says nothing in the first second.
type progress struct {
	w     io.Writer // nil where nobody watches
	total int
	done  atomic.Int64
	quit  chan struct{}
}

func newProgress(w io.Writer, quiet bool) *progress {
	if quiet || !isTerminal(w) {
		w = nil
	}
	return &progress{w: w}
}

func (p *progress) start(total int) {
	if p.w == nil {
		return
	}
	p.total, p.quit = total, make(chan struct{})
	go p.tell()
}

func (p *progress) step() { p.done.Add(1) }

func (p *progress) stop() {
	if p.w != nil {
		p.quit <- struct{}{}
	}
}

func (p *progress) tell() {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	told := false
	for {
		select {
		case <-ticker.C:
			told = true
			fmt.Fprintf(p.w, "\r%d of %d files read", p.done.Load(), p.total)
		case <-p.quit:
			if told {
				fmt.Fprint(p.w, "\r\x1b[K")
			}
			return
		}
	}
}
