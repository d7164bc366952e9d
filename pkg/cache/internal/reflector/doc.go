// Package reflector keeps a copy of a collection on the API server up to date: it lists, then watches, and repairs
// what breaks.
//
//	API server ◀─ Source ─┬─ List ──▶ pages of objects ──▶ Sink.Replace
//	                      └─ Watch ─▶ Stream of events ──▶ Sink.Apply, or Replace for the events that a stream
//	                                                       begins with
//
// What happens next is decided in one place, [step], a pure function from a [State] and an input to the next state.
// [Reflector.Run] only performs what the state asks for. As a table (▷ means: report the error, back off, then go on;
// a list "again" begins with Streaming where lists are streamed, and else with Listing):
//
//	state       input                                     next state
//	Streaming   the end of the collection                 Replacing, and the watch goes on
//	            the server refuses to stream              Listing; not asked to stream for an hour
//	            nothing for a minute, or no end in five   ▷ Listing; not asked to stream for an hour
//	            watches are forbidden                     Listing
//	            the list is older than asked for,         ▷ list again, at the newest version
//	              version expired or too large
//	            other failure                             ▷ Streaming again; after the third in a row Listing, and
//	                                                      not asked to stream for an hour if it had begun to
//	Listing     page with a new continue token            Listing, next page
//	            last page                                 Replacing
//	            version too large, token refused, the     ▷ list again, at the newest version
//	              list is older than asked for, or has no
//	              version where others had
//	            the first list is empty and has no        ▷ list again, at the newest version; the fourth time, or
//	              version                                   if the source is a fake one, it is believed
//	            token expired                             ▷ list again, at the newest version, in one piece
//	            bad paging                                ▷ the same, or in pages if it was in one piece
//	            other failure                             ▷ Listing, the same page again; or if it was in one piece,
//	                                                      list again, in pages
//	Replacing   the sink has taken the list               Connecting, at the version of the list; or Watching, if the
//	                                                      list came by a watch that goes on
//	            failure                                   ▷ list again
//	Connecting  the watch is open                         Watching
//	            version expired or too large              ▷ list again, not older than what the sink has
//	            the request is wrong, and the version is  ▷ list again, at the newest version
//	              not that of a new list
//	            other failure                             ▷ Connecting again, at the same version
//	Watching    the sink has taken an event               Watching, the version moves on
//	            closed by the server when it was asked to Connecting, at the last version
//	            closed by the server earlier              Connecting, after up to a second, as everyone else's is
//	                                                      closed, too; up to ever more if it is always within seconds
//	            closed within a second without an event   ▷ Connecting, at the last version
//	            version expired, an error event, an       ▷ list again, not older than what the sink has
//	              event that the sink cannot take, or
//	              finds later that it could not, one
//	              that is older than what the sink has
//	            broken connection, silence, a jump of     ▷ Connecting, at the last version
//	              the clock
//	            the last list did not tell all that       list again, not older than what the sink has
//	              there is, and it is time to ask again
//	            an audit has found differences            ▷ list again, at the newest version
//	BackingOff  the wait is over                          as the arrow above says
//	(any)       the context is done                       Stopped
//
// The version moves only after the sink has taken what belongs to it, so that whatever breaks, the next watch starts
// before the first change that is missing. An error event or an event that cannot be applied stands for a change that
// was not seen; it is never skipped.
//
// The first list asks for resourceVersion "0", any version that the server has at hand, or for the newest where it is
// streamed, as that costs no more; a list after that for one not older than what was seen, so that a stale replica cannot
// take the copy back in time; and one for the newest version if the server can no longer, or not yet, answer that. Only
// what the server says to be its newest version may be older than what was seen: its storage was restored from a backup.
// Pages are asked for where the server has to read its storage anyway; a list at a certain version is left whole, to be
// answered from the server's memory.
// See https://kubernetes.io/docs/reference/using-api/api-concepts/.
//
// An object that cannot be decoded, or that the source does not accept, is poisoned: it is reported once, the sink is told
// which one it is, and the version moves on, as with any other. One of an event that does not even tell its name is a
// change that was not seen. To panic is not to accept; a source or sink that panics otherwise has failed.
//
// A list that has a poisoned object without a name cannot tell what was deleted: whatever it does not have may be that
// object, and stays in the sink. So there is another one, until all can be told: after 15 seconds, later after as long as it
// has been so already, up to ten minutes, and each time up to as much again at random. The watch goes on meanwhile.
// It is the same with more than [MaxPoisoned] poisoned objects, of which the others are only counted.
//
// What no watch can show, changes that the server has lost, an [Audit] can.
package reflector
