// Package storage is the memory of the test server and of the fakes, what etcd is to a kube-apiserver: objects by key, one
// counter of revisions over all of them, and everything that happened since the last compaction.
//
//	Update ──▶ Store ── by resource ──▶ history   base ─▶ record ─▶ record ─▶ record
//	           revision                            │        │         │         │
//	           compacted                           ▼        ▼         ▼         ▼
//	                                              tree     tree      tree      tree   (all objects, as they were then)
//	                                               ▲        ▲                   ▲
//	           List, View at a revision ───────────┘        │                   └── Get, List now
//	           Watch ── has seen everything up to ──────────┘
//
// Life of a write:
//  1. Writers take turns. The function that was given to Update is called with the object that is stored; readers and
//     watches go on meanwhile.
//  2. What it returns gets the next revision as resourceVersion (or keeps the one it has, see Store.Keep), and becomes an
//     Event.
//  3. Under the data lock the event is appended to the history of its resource, with the tree of all objects after it.
//     A tree is never changed: the new one shares all but the way to the object with the one before, so that every
//     revision stays readable, without a lock, for less than a kilobyte each.
//  4. The watches of the resource that wait are woken. A watch is only a position in the history: a slow one costs
//     nobody anything, and history that is compacted away ends it with ErrCompacted instead of a gap.
//  5. Compaction drops records, and with them the last references to objects that are no more.
//
// Every write is one event, and every event one revision. What is returned once is never changed: objects belong to
// everybody who reads them.
//
// The package has no goroutines and no clock. A Store and its watches work inside a bubble of testing/synctest.
package storage
