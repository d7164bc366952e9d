// Package cache keeps copies of collections of API objects in memory and tells handlers of each change.
//
//	API server
//	    ▲ list, watch
//	    │
//	Reflector ──deltas──▶ queue ──▶ writer ──▶ Store + indexes ◀── Lister, Indexer
//	                                  │
//	                                  └──▶ one queue per handler ──▶ OnAdd, OnUpdate, OnDelete
//
// Begin with the interfaces, in interfaces.go. A program usually has a generated factory of informers (see
// InformerFactory), adds handlers to them, starts them, waits with WaitFor, and reads through generated listers (see
// ResourceIndexer).
//
// Life of a change:
//  1. The Reflector receives an event of its watch. The object's type is asserted, and the TransformFunc applied, once.
//  2. The object enters the queue as a delta. Only now the reflector's resource version moves on, so whatever breaks
//     later, nothing is skipped.
//  3. One goroutine, the writer, applies it to the store and its indexes.
//  4. The writer appends a notification to the queue of each handler. It never waits for a handler, and readers of the
//     store wait for neither.
//  5. Each handler has a goroutine, in which it is called for one notification after the other.
//
// When the watch breaks, it is taken up where it was. When a change may have been lost, the collection is listed again and
// compared with the store: what is gone is told as a DeletedFinalStateUnknown.
//
// The engine is typed and lives in internal packages: store, queue, reflector, fanout, and informer, which joins them.
// This package gives it the names and spellings of client-go's tools/cache. What an informer of a typed client
// (NewClientInformer) holds is typed from the decoder to typed handlers; interface{} appears only where an untyped method
// is called. Older spellings are in compat.go and deprecated.go.
//
// Programs that build a controller of their own find its parts here too: queues (FIFO, DeltaFIFO, RealFIFO, and Heap) for a
// Reflector and a Controller; stores whose objects expire (NewTTLStore) or that push their state (UndeltaStore); and a view of
// a cache that knows what the program itself has written (MutationCache).
//
// Objects that come out of a cache are shared with everyone else who reads it. They must not be modified: copy them with
// DeepCopy first. In tests, the environment variable KUBE_CACHE_MUTATION_DETECTOR=true makes informers find who does not
// (NewCacheMutationDetector).
package cache
