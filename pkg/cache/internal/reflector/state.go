package reflector

import (
	"fmt"
	"time"
)

// Phase is what a reflector is doing.
type Phase uint8

const (
	// Listing asks for a page of the collection.
	Listing Phase = iota
	// Replacing hands a complete list to the sink.
	Replacing
	// Connecting opens a watch.
	Connecting
	// Watching waits for the next event.
	Watching
	// BackingOff waits before it goes on with the phase Resume.
	BackingOff
	// Stopped is the end.
	Stopped
)

func (p Phase) String() string {
	names := [...]string{"listing", "replacing", "connecting", "watching", "backing off", "stopped"}
	if int(p) < len(names) {
		return names[p]
	}
	return fmt.Sprintf("phase %d", p)
}

// State is all that decides what a reflector does next. The zero value is not usable; see initialState.
type State struct {
	Phase  Phase
	Resume Phase // what follows BackingOff

	// Version is the resource version that the sink has; empty before the first list.
	Version string
	// Unproven is set between a list and the first sign that a watch can begin at its version.
	Unproven bool
	// Watched is set once a watch was opened.
	Watched bool

	// List is the list under way, or the one to begin.
	List ListState
}

// ListState is the progress of a list.
type ListState struct {
	At       string // the resource version to ask for: "0", one that was seen, or "" for the newest
	Continue string // the token of the next page
	Pages    int    // how many pages were taken
	Version  string // the version of the pages taken
}

// initialState is where every reflector begins: with a list of whatever version the server has at hand.
func initialState() State {
	return State{Phase: Listing, List: ListState{At: anyVersion}}
}

// restart is where a reflector goes on that was stopped in this state: with a list from the first page.
func (s State) restart() State {
	at := s.Version
	switch {
	case s.Phase == BackingOff && s.Resume == Listing:
		at = s.List.At
	case at == "":
		return initialState()
	}
	return State{Phase: Listing, Version: s.Version, List: ListState{At: at}}
}

// input is what happened in a phase.
type input struct {
	kind inputKind
	page Page  // pageTaken
	err  error // failed
	// version is what the sink has reached, of eventTaken.
	version string
	// lasted and events describe the watch that ended.
	lasted time.Duration
	events int
}

type inputKind uint8

const (
	pageTaken  inputKind = iota // the objects of a page are collected
	listTaken                   // the sink has the list
	connected                   // the watch is open
	eventTaken                  // the sink has the event
	closed                      // the server closed the watch in good order
	failed                      // the phase ended with an error
	waited                      // the wait of BackingOff is over
	cancelled                   // the context is done
)

// effects are what has to be done on the way to the next state.
type effects struct {
	report  error // tell the owner of this error
	discard bool  // forget the objects of the pages taken so far
}
