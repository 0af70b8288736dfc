package main

import (
	"testing"
	"time"
)

// TestFaults does to the webhook what befalls servers, while a real API server asks it. What is to be refused is never admitted, and what is
// to be admitted never refused; where there is no answer, the test says for whom there may be none.
func TestFaults(t *testing.T) {
	f, p := newFaulty(t)
	t.Run("killed and started again", func(t *testing.T) { p = f.in(t).killed(p) })
}

// killed kills the webhook under load: while it is away nothing passes but what is spared, and when it is back all are answered.
func (f *faulty) killed(p *process) *process {
	l := f.load(8)
	l.until("answers", busy(20)).sound(f.t)
	f.kill(p)
	time.Sleep(100 * time.Millisecond) // until what was answered before has come
	l.next()
	away := l.until("what is spared to pass, and what is not to fail", func(p *phase) bool { return p.spared >= 20 && p.failed >= 50 })
	if away.admitted+away.refused > 0 {
		f.t.Errorf("nobody was there, and %d were admitted and %d refused", away.admitted, away.refused)
	}
	away.sound(f.t, "connection refused")
	p = f.start()
	l.next()
	l.until("answers", busy(20)).sound(f.t)
	return p
}
