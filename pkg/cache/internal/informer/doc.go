// Package informer joins reflector, queue, store and fan-out to the engine of a shared informer.
//
//	reflector ─▶ inbox of deltas ─▶ writer ─▶ store ◀── readers, WaitVersion
//	 (goroutine)  + joins, leaves    (Run)  └▶ fan-out ─▶ handlers (a goroutine each)
//
// Everything that changes goes through one inbox to one goroutine, the writer: deltas from the reflector, and handlers
// that come and go. What the writer does between two entries of the inbox is one step for everyone else, without a lock:
// a handler that joins sees the objects of that moment and then every change after it; a list is compared with a store
// to which everything before it has been applied.
//
// Life of a change:
//  1. The reflector hands it over as an object; it gets its key and enters the inbox as a delta. From now on the
//     reflector may move its version on.
//  2. The writer takes all deltas that wait. One that is older than what the cache knows of the object is dropped, see
//     [DisorderError]. For each of the others it writes the store, with its indexes, and notes what to tell: an addition,
//     an update with the object before it, or a deletion. A deletion of an object that the store does not have is told
//     to nobody.
//  3. A complete list replaces the content of the store in one step, whatever its versions are. Objects that it no
//     longer has are told as deleted with their final state unknown.
//  4. When the batch is done, its notifications are queued for every handler, and those who wait for a version that the
//     store has reached go on.
//
// An object that exists and could not be decoded is in quarantine, see [Quarantined]: the store keeps its last good state,
// and nobody is told that it is gone.
package informer
