package reflector

import (
	"errors"
	"time"
)

const (
	// shortWatch is how long a watch without events has to last to count as one that works.
	shortWatch = time.Second
	// briefWatch is how long a watch has to last for one a second later not to be too many.
	briefWatch = 10 * time.Second
	// maxBrief bounds how often the time doubles that is waited after brief watches, to half a minute.
	maxBrief = 5
	// earlyBy is by how much a watch that the server ends has to miss its time for many to have ended at once.
	earlyBy = 30 * time.Second
)

func stepConnecting(s State, in input) (State, effects) {
	switch {
	case in.kind == connected:
		s.Phase, s.Watched = Watching, true
		return s, effects{}
	case versionUnavailable(in.err):
		return s.listAgain(s.relistAt(), in, in.err)
	case wrongRequest(in.err) && !s.Unproven: // the version may mean nothing to this server
		return s.listAgain(newestVersion, in, in.err)
	default:
		return s.backOff(Connecting, in.err)
	}
}

func stepWatching(s State, in input) (State, effects) {
	if in.lasted >= shortWatch {
		s.Unproven, s.Failures = false, 0
	}
	var found *DifferenceError
	switch {
	case in.kind == eventTaken:
		s.Version, s.Unproven, s.Failures, s.Doubts = in.version, false, 0, 0
		return s, effects{}
	case in.kind == closed:
		return stepClosed(s, in)
	case errors.As(in.err, &found):
		s.Differences += found.Total
		return s.listAgain(newestVersion, in, in.err)
	case errors.Is(in.err, errUntold):
		return s.begin(s.relistAt(), in.now), effects{discard: true}
	case versionUnavailable(in.err), errors.Is(in.err, ErrLost):
		return s.listAgain(s.relistAt(), in, in.err)
	default:
		return s.backOff(Connecting, in.err)
	}
}

// stepClosed follows a watch that the server has closed in good order. A server that closes one early closes those of
// everyone else too: they should not all come back in the same moment.
func stepClosed(s State, in input) (State, effects) {
	switch {
	case in.lasted < shortWatch && in.events == 0:
		return s.backOff(Connecting, ErrShortWatch)
	case in.lasted > in.asked-earlyBy:
		s.Brief, s.Phase = 0, Connecting
		return s, effects{}
	case in.lasted >= briefWatch:
		s.Brief = 0
	default:
		s.Brief = min(s.Brief+1, maxBrief+1)
	}
	s.Phase, s.Resume = BackingOff, Connecting
	return s, effects{spread: time.Second << max(s.Brief-1, 0)}
}

// relistAt is the version to ask for when a watch cannot go on: not older than what the sink has. If the server refuses
// to watch from the list that it has just answered, asking for the same again would not help.
func (s State) relistAt() string {
	if s.Unproven {
		return newestVersion
	}
	return s.Version
}
