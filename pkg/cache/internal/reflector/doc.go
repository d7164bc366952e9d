// Package reflector keeps a copy of a collection on the API server up to date: it lists, then watches, and repairs
// what breaks.
//
//	API server ◀─ Source ─┬─ List ──▶ pages of objects ──▶ Sink.Replace
//	                      └─ Watch ─▶ Stream of events ──▶ Sink.Apply
//
// What happens next is decided in one place, [step], a pure function from a [State] and an input to the next state.
// [Reflector.Run] only performs what the state asks for. As a table (▷ means: report the error, back off, then go on):
//
//	state       input                                     next state
//	Listing     page with a new continue token            Listing, next page
//	            last page                                 Replacing
//	            version expired or too large, bad paging  ▷ Listing from the start, at the newest version
//	            other failure                             ▷ Listing, the same page again
//	Replacing   the sink has taken the list               Connecting, at the version of the list
//	            failure                                   ▷ Listing from the start
//	Connecting  the watch is open                         Watching
//	            version expired or too large              ▷ Listing, not older than what the sink has
//	            other failure                             ▷ Connecting again, at the same version
//	Watching    the sink has taken an event               Watching, the version moves on
//	            closed by the server                      Connecting, at the last version
//	            closed within a second without an event   ▷ Connecting, at the last version
//	            version expired, an error event, an       ▷ Listing, not older than what the sink has
//	              event that the sink cannot take
//	            broken connection, silence                ▷ Connecting, at the last version
//	BackingOff  the wait is over                          as the arrow above says
//	(any)       the context is done                       Stopped
//
// The version moves only after the sink has taken what belongs to it, so that whatever breaks, the next watch starts
// before the first change that is missing. An error event or an event that cannot be applied stands for a change that
// was not seen; it is never skipped.
//
// The first list asks for resourceVersion "0", any version that the server has at hand; a list after that for one not
// older than what was seen, so that a stale replica cannot take the copy back in time; and one for the newest version if
// the server can no longer, or not yet, answer that. Pages are asked for where the server has to read its storage
// anyway; a list at a certain version is left whole, to be answered from the server's memory.
// See https://kubernetes.io/docs/reference/using-api/api-concepts/.
package reflector
