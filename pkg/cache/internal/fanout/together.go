package fanout

// outcome says what becomes of a notification that waits and a later one of the same key.
type outcome uint8

const (
	apart   outcome = iota // both wait
	one                    // one, in the place of the first, with the Old of the first and the New of the later one
	nothing                // the handler never hears of the object
	ifSame                 // one, if it is the same object; else apart
)

// together is the outcome for two kinds of notifications, and the kind of the one that remains:
//
//	waits        + update      + deletion   + addition
//	addition     addition      nothing      -
//	update       update        deletion     -
//	deletion     -             -            update, if it is the same object
//
// What does not happen (-) can nevertheless, if a program writes to a store that an informer feeds. Then both wait.
func together(waits, later Kind) (Kind, outcome) {
	switch {
	case waits.adds() && later == Update:
		return waits, one
	case waits.adds() && later.deletes():
		return 0, nothing
	case waits == Update && (later == Update || later.deletes()):
		return later, one
	case waits.deletes() && later.adds():
		return Update, ifSame
	default:
		return 0, apart
	}
}
