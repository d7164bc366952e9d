// Package store is the memory of a cache: objects by key, with named indexes over them, for many readers and few writers.
//
//	            ┌ items    key ──▶ entry{key, object, index values}
//	Store ──────┤
//	 (writer)   └ indexes  name ──▶ value ──▶ the entries that have it
//	    │
//	    └─ Reader: the same data without the writing methods
//
// Life of a Put:
//  1. Writers queue up on their own lock; readers are not disturbed.
//  2. Every index function is asked for the values of the new object. One that fails or panics leaves this object out
//     of that one index; the failure is reported when the write is done.
//  3. Under the data lock, for a few map operations: the entry takes the object and moves between the sets of its
//     indexes. The values that it leaves are those it was filed under, not those that a second call of the function
//     would compute, so an index can never keep a stale entry.
//
// Answers are snapshots: every List, ByIndex or All shows one moment. Objects are shared with the store and with all
// other readers and must not be modified.
package store
