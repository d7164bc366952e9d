// Package synctrack helps controllers to say when they have synced: when all that their informers first listed was not only
// handed over, but processed.
//
//	informer ── OnAdd(obj, isInInitialList) ──▶ handler: Start(key) ──▶ workers: Finished(key)
//	   └─────── HasSynced ──────▶ UpstreamHasSynced()                       │
//	                                                        HasSynced, Done ◀┘
//
// An AsyncTracker is for workers that process keys in any order, a SingleFileTracker for those that process everything in
// the order in which it came. Both are done once and for all: what is started later does not undo it.
//
// Lazy holds a value that is computed when it is asked for, and again after it was said to be out of date.
package synctrack
