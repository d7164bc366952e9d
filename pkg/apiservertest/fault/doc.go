// Package fault makes the test server fail, on request, in the ways in which servers, proxies and networks do.
//
//	client ═ bytes ═ Conn ─ TLS ─ net/http ─▶ Wrap ─▶ rule 1 ─▶ rule 2 ─▶ … ─▶ the server
//	                  ▲                               │ Match, Skip, Times, Probability
//	                  │                               ▼
//	                  └── steers its connection ── Effect ── answers itself, or wraps what comes behind it
//
// Life of a request:
//  1. Wrap takes the rules as they are now, in the order in which they were added.
//  2. The first that matches is hit. Its Effect gets the request as an Exchange, and answers it or calls
//     Exchange.Serve: then the rules after it are tried, and in the end the server answers. A rule counts what gets to
//     it, not what a rule before it has answered.
//  3. What the server writes passes the writers of the effects: they count bytes, or take the frames of a watch apart.
//  4. An effect that breaks the answer off cancels the context of the request, waits until the server is done with it,
//     and lets the answer end the way its End says. Nothing of an effect runs after its request.
//
// The effects:
//
//	instead of the answer   Respond Status Fail HTML Garbage GzipBomb Break BreakAfter Endless EndlessList
//	to the request          EditRequest AsOf Before After Delay Jitter
//	to the answer           Header Edit EditList PoisonItem RepeatContinue EndlessPages Cut Trickle
//	to the connection       Goaway Blackhole CutWire Throttle, and Injector.OnAccept
//	to watches              Drop Duplicate Replace InsertBefore InsertAfter InsertFirst Replay Lag Reorder
//	                        StopBefore StopAfter StopWithin Silent, and EditWatch, EachEvent for one's own
//	what they insert        Bookmark StatusEvent Expired Retyped Poisoned Inflated Claim Raw
//	several                 Then, or several rules
//
// An effect that is below HTTP needs the connection: the server must listen with Injector.Listener and set
// http.Server.ConnContext to ConnContext. Without, as with calls of the handler, it does the nearest thing that a handler
// can: see each of them.
//
// Everything random comes from one seed and the order in which requests hit a rule, so that a run with the same requests
// in the same order fails the same way. The package has no goroutines; it works inside a bubble of testing/synctest.
package fault
