// Package store is the memory of a cache: objects by key, with named indexes over them, for many readers and few writers.
//
//	            ┌ table     hash of a key ──▶ position;  keys[position], objects[position]
//	Store ──────┤
//	 (writer)   └ indexes   value ──▶ set of positions;  filed[position] ──▶ places in sets
//	    │
//	    └─ Reader: the same data without the writing methods
//
// Everything is dense: objects lie next to each other, and so do the members of a set, so that an answer is one copy. A
// deletion moves the last object, and the last member of a set, into the gap. Each object knows its places in the sets
// of an index, so that no write looks for anything.
//
// Life of a Put:
//  1. Writers queue up on their own lock; readers are not disturbed.
//  2. Every index function is asked for the values of the new object. One that fails or panics leaves this object out
//     of that one index; the failure is reported when the write is done. Columns that are full are copied to larger ones.
//  3. Under the data lock, for a few operations: the object takes its position and moves between the sets of its
//     indexes. The values that it leaves are those it was filed under, not those that a second call of the function
//     would compute, so an index can never keep a stale object.
//
// Answers are snapshots: every List, ByIndex or All shows one moment. The memory for them is allocated before the lock
// is taken. Objects are shared with the store and with all other readers and must not be modified.
package store
