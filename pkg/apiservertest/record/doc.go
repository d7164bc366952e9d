// Package record writes down every request that the test server gets and what became of it, so that tests can ask
// afterwards what a client did: how many lists, how many at once, how fast, and which events a watch was sent.
//
//	request ─▶ Wrap ─▶ faults, the server
//	             │ counts what is read and written; takes the frames of watches apart
//	             ▼
//	          Recorder ── Entries, Count, Peaks, Rate, Wait ──▶ tests
//	             └─ Trace ── joined with the history of the storage ──▶ checkers
//
// Life of an entry:
//  1. When a request arrives, its entry gets the next number. From then on it is visible, with Ending Running.
//  2. What the faults do to it is noted with Note, through the context of the request.
//  3. What is written is counted as it leaves the handler, after all faults. The frames of a watch are decoded then.
//  4. When the handler is done, the entry has its end and does not change any more.
//
// A Recorder has no goroutines, and keeps what Options.Limit and Options.Frames allow.
package record
