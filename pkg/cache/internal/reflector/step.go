package reflector

import (
	"errors"
	"fmt"
	"time"
)

const (
	// anyVersion asks for a list of whatever version the server has at hand.
	anyVersion = "0"
	// newestVersion asks for a list as of now.
	newestVersion = ""
	// maxPages bounds a list whose pages do not end; with pages of 500 it is five million objects.
	maxPages = 10_000
	// shortWatch is how long a watch without events has to last to count as one that works.
	shortWatch = time.Second
)

// step is the whole logic of a reflector: see the table in the package comment. It has no effects of its own.
func step(s State, in input) (State, effects) {
	if in.kind == cancelled {
		s.Phase = Stopped
		return s, effects{discard: true}
	}
	switch s.Phase {
	case Listing:
		return stepListing(s, in)
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

func stepListing(s State, in input) (State, effects) {
	switch {
	case in.kind == pageTaken:
		return stepPage(s, in.page)
	case versionUnavailable(in.err):
		return s.listAgain(newestVersion, in.err)
	default:
		return s.backOff(Listing, in.err)
	}
}

// stepPage takes note of a page.
func stepPage(s State, page Page) (State, effects) {
	list := s.List
	switch {
	case list.Pages > 0 && page.Version != list.Version:
		return s.listAgain(newestVersion, fmt.Errorf(
			"the pages of one list have different versions, %q and %q: a mix of two snapshots", list.Version, page.Version))
	case page.Continue == "":
		s.List.Version = page.Version
		s.Phase = Replacing
		return s, effects{}
	case page.Continue == list.Continue:
		return s.listAgain(newestVersion, errors.New("the server repeats a continue token: the list would not end"))
	case list.Pages+1 >= maxPages:
		return s.listAgain(newestVersion, fmt.Errorf("the list does not end: %d pages and more", maxPages))
	default:
		s.List.Pages++
		s.List.Version = page.Version
		s.List.Continue = page.Continue
		return s, effects{}
	}
}

func stepReplacing(s State, in input) (State, effects) {
	if in.kind == failed {
		return s.listAgain(s.List.At, in.err)
	}
	s.Version, s.Unproven = s.List.Version, true
	s.List = ListState{}
	s.Phase = Connecting
	return s, effects{discard: true}
}

func stepConnecting(s State, in input) (State, effects) {
	switch {
	case in.kind == connected:
		s.Phase, s.Watched = Watching, true
		return s, effects{}
	case versionUnavailable(in.err):
		return s.listAgain(s.relistAt(), in.err)
	default:
		return s.backOff(Connecting, in.err)
	}
}

func stepWatching(s State, in input) (State, effects) {
	if in.lasted >= shortWatch {
		s.Unproven = false
	}
	switch {
	case in.kind == eventTaken:
		s.Version, s.Unproven = in.version, false
		return s, effects{}
	case in.kind == closed && in.events == 0 && in.lasted < shortWatch:
		return s.backOff(Connecting, ErrShortWatch)
	case in.kind == closed:
		s.Phase = Connecting
		return s, effects{}
	case versionUnavailable(in.err), errors.Is(in.err, ErrLost):
		return s.listAgain(s.relistAt(), in.err)
	default:
		return s.backOff(Connecting, in.err)
	}
}

// relistAt is the version to ask for when a watch cannot go on: not older than what the sink has. If the server refuses
// to watch from the list that it has just answered, asking for the same again would not help.
func (s State) relistAt() string {
	if s.Unproven {
		return newestVersion
	}
	return s.Version
}

// listAgain is a list from the first page after a wait.
func (s State) listAgain(at string, err error) (State, effects) {
	s.List = ListState{At: at}
	s, effects := s.backOff(Listing, err)
	effects.discard = true
	return s, effects
}

// backOff goes on with phase next after a wait.
func (s State) backOff(next Phase, err error) (State, effects) {
	s.Phase, s.Resume = BackingOff, next
	return s, effects{report: err}
}
