// Package queue holds the ordered queues of the cache: the changes that wait for the one writer of a store, and the
// notifications that wait for a handler.
//
//	producers ── Push, PushAll ──▶ [ e1 e2 e3 … ] ── Ready, Take ──▶ one consumer
//
// A queue is unbounded and never blocks a producer. The consumer takes everything that waits as one batch and works on
// it without holding a lock, while producers fill the next one.
//
// A [Delta] is one change of a collection, in the order in which the reflector saw it. A list is one delta too: it is
// compared with the store when its turn comes. By then every change before it has been applied, so that the comparison
// sees queue and store at once, and nobody but the writer ever needs to know both.
package queue
