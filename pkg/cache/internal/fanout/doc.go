// Package fanout hands the notifications of one cache to many handlers.
//
//	                        ┌─▶ Registration: mailbox ─▶ goroutine ─▶ handler
//	writer ─▶ Fanout ───────┼─▶ Registration: mailbox ─▶ goroutine ─▶ handler
//	         (its own, no   └─▶ …
//	          lock needed)
//
// Each registration has a mailbox and one goroutine, which calls the handler for one notification after the other, in
// the order in which the cache changed. A handler that blocks costs the memory of its own mailbox and nothing else: the
// writer never waits, and no lock is held while a handler runs. How much memory that is, is the registration's choice:
//
//	Unbounded    every notification waits. Those that wait for many handlers are in memory once.
//	Coalescing   what waits for one object is put together: of three updates remains one, from the first old to the
//	             last new object, and of an addition and a deletion nothing.
//	Bounded(n)   Unbounded while no more than n wait, Coalescing beyond that.
//
// Whatever the choice, nothing is lost: the last that a handler hears of an object is its present state. For each
// object it hears of an addition, updates, a deletion, in this order; and Old of a notification is always the object
// that it was told last.
//
// Life of a registration:
//  1. NewRegistration makes it, from any goroutine. Nothing runs yet.
//  2. The writer calls Fanout.Join between two changes of the store. The handler first gets an addition for every
//     object of that moment, then every change after it: nothing twice, nothing missing.
//  3. Stop, from any goroutine, also from the handler itself, ends it: what still waits is dropped, a call that is
//     running finishes. Done is closed when the handler will not be called again.
//
// A handler that panics makes the process crash, or loses its registration, or the one notification, as the
// registration chose. One that ends its goroutine (runtime.Goexit) loses its registration. All of it is reported.
package fanout
