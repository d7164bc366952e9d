// Package queue holds the ordered queue in which what happens waits for the one writer of a cache.
//
//	producers ── Push ──▶ [ e1 e2 e3 … ] ── Ready, Take ──▶ one consumer
//
// A queue is unbounded and never blocks a producer. The consumer takes everything that waits as one batch and works on
// it without holding a lock, while producers fill the next one.
package queue
