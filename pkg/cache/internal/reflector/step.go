package reflector

import (
	"time"
)

// input is what happened in a phase.
type input struct {
	kind  inputKind
	now   time.Time
	stage Stage // of err
	err   error // failed
	page  Page  // pageTaken
	// objects is how many objects the list under way has so far.
	objects int
	// untold says of listTaken that the list does not tell all that there is.
	untold bool
	// version is what the sink has reached, of eventTaken, or what a streamed list is of, of streamTaken.
	version string
	// The watch that ended: whether it was opened at all, how long it lasted and was to last, and its events.
	opened bool
	lasted time.Duration
	asked  time.Duration
	events int
}

type inputKind uint8

const (
	pageTaken   inputKind = iota // the objects of a page are collected
	streamTaken                  // the whole collection came over a watch
	listTaken                    // the sink has the list
	connected                    // the watch is open
	eventTaken                   // the sink has the event
	closed                       // the server closed the watch in good order
	failed                       // the phase ended with an error
	waited                       // the wait of BackingOff is over
	cancelled                    // the context is done
)

// effects are what has to be done on the way to the next state.
type effects struct {
	report  error         // tell the owner of this error; if the next phase is BackingOff, the wait grows
	spread  time.Duration // BackingOff without an error: a random time up to this
	discard bool          // forget the objects of the list so far
}

// step is the whole logic of a reflector: see the table in the package comment. It has no effects of its own.
func step(s State, in input) (State, effects) {
	next, do := decide(s, in)
	if do.report != nil {
		next.Failures++
	}
	if next.Phase != s.Phase {
		next.Since, next.Until = in.now, time.Time{}
	}
	return next, do
}

func decide(s State, in input) (State, effects) {
	if in.kind == cancelled {
		s.Phase = Stopped
		return s, effects{discard: true}
	}
	switch s.Phase {
	case Listing:
		return stepListing(s, in)
	case Streaming:
		return stepStreaming(s, in)
	case Replacing:
		return stepReplacing(s, in)
	case Connecting:
		return stepConnecting(s, in)
	case Watching:
		return stepWatching(s, in)
	case BackingOff:
		s.Phase = s.Resume
		return s, effects{}
	default:
		return s, effects{}
	}
}

// listAgain is a list from the beginning after a wait.
func (s State) listAgain(at string, in input, err error) (State, effects) {
	s = s.begin(at, in.now)
	s, do := s.backOff(s.Phase, err)
	do.discard = true
	return s, do
}

// backOff goes on with phase next after a wait.
func (s State) backOff(next Phase, err error) (State, effects) {
	s.Phase, s.Resume = BackingOff, next
	return s, effects{report: err}
}
