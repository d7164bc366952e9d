// Package refresh keeps a credential that has to be fetched from time to time: one fetch for all who wait, none without
// need, and no lock while it runs.
//
//	Credential(ctx) ──▶ valid? ──yes──▶ return it (and begin a fetch if it expires soon)
//	                      │no
//	                      ▼
//	               failed just now? ──yes──▶ the failure again, until the backoff is over
//	                      │no
//	                      ▼
//	               join the fetch that runs, or begin one ──▶ wait for it, or for ctx
//
// A fetch runs in a goroutine of its own. A waiter whose context ends leaves; the fetch is cancelled when the last one has
// left. The next fetch begins only when the one before has returned, so that there are never two at a time.
package refresh
