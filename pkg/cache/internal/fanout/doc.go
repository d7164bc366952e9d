// Package fanout hands the notifications of one cache to many handlers.
//
//	                        ┌─▶ Registration: queue ─▶ goroutine ─▶ handler
//	writer ─▶ Fanout ───────┼─▶ Registration: queue ─▶ goroutine ─▶ handler
//	         (its own, no   └─▶ …
//	          lock needed)
//
// Each registration has an unbounded queue and one goroutine, which calls the handler for one notification after the
// other, in the order in which the cache changed. A handler that blocks costs the memory of its own queue and nothing
// else: the writer only ever appends to queues, and no lock is held while a handler runs.
//
// Life of a registration:
//  1. NewRegistration makes it, from any goroutine. Nothing runs yet.
//  2. The writer calls Fanout.Join between two changes of the store. The handler first gets an addition for every
//     object of that moment, then every change after it: nothing twice, nothing missing.
//  3. Stop, from any goroutine, also from the handler itself, ends it: what is still queued is dropped, a call that
//     is running finishes. Done is closed when the handler will not be called again.
package fanout
