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
	// Streaming opens a watch that begins with the collection, and gathers that.
	Streaming
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
	names := [...]string{"listing", "streaming", "replacing", "connecting", "watching", "backing off", "stopped"}
	if int(p) < len(names) {
		return names[p]
	}
	return fmt.Sprintf("phase %d", p)
}

// State is all that decides what a reflector does next, and what it can tell of itself. See initialState for the first.
type State struct {
	Phase  Phase
	Resume Phase     // what follows BackingOff
	Since  time.Time // when Phase began
	Until  time.Time // when BackingOff ends

	// Version is the resource version that the sink has; empty before the first list.
	Version string
	// Versioned is set once a list had a version. One without cannot be a list then, whatever it is.
	Versioned bool
	// Trusting is set if the source is no server, but a fake one, whose lists need no version.
	Trusting bool
	// Doubts counts the lists in a row that were empty and had no version, so that they may be none.
	Doubts int
	// Untold is since when lists have not told all that there is, see List.TellsAll; zero if the last one has.
	Untold time.Time
	// Unproven is set between a list and the first sign that a watch can begin at its version.
	Unproven bool
	// Watched is set once a watch was opened.
	Watched bool
	// Brief counts the watches in a row that the server ended after some seconds.
	Brief int

	// List is the list under way, or the one to begin.
	List ListState
	// Stream says whether lists are streamed.
	Stream StreamState

	// Lists counts the complete lists that the sink has taken, and Watches the watches that were opened, those included that
	// begin with the collection.
	Lists   int
	Watches int
	// Failures counts the failures since something last went well.
	Failures int
	// LastFailure is the newest failure; nil if there never was one.
	LastFailure *Failure
	// LastSign is when the server last sent something; zero if it never has.
	LastSign time.Time
	// Quarantined is how many objects exist that could not be decoded.
	Quarantined int
	// Differences counts the differences between sink and server that audits have found.
	Differences int
}

// ListState is the progress of a list.
type ListState struct {
	At        string    // the resource version to ask for: "0", one that was seen, or "" for the newest
	Since     time.Time // when it began, from the first page
	Continue  string    // the token of the next page
	Mark      string    // the token of an earlier page
	Pages     int       // how many pages were taken
	Version   string    // the version of the pages taken
	Objects   int       // how many objects have come so far
	Remaining int64     // how many are to come; zero if the server does not say

	Paged    bool // it is not streamed, though lists are
	Whole    bool // it is asked for in one piece: pages expired before the last one was read
	Streamed bool // it came over a watch, which goes on
}

// StreamState says whether lists are streamed.
type StreamState struct {
	Off      bool     // never: the source, or who uses it, does not want it
	Failures int      // how many streams in a row have not become a list
	Refused  *Refusal // why lists are not streamed for the time being; nil if they are
}

// Refusal is why lists are not streamed.
type Refusal struct {
	Time time.Time
	Err  error
}

// initialState is where every reflector begins: with a list of whatever version the server has at hand.
func initialState(streams, trusting bool, now time.Time) State {
	s := State{Stream: StreamState{Off: !streams}, Trusting: trusting}
	return s.begin(anyVersion, now)
}

// restart is where a reflector goes on that was stopped in this state: with a list from the first page.
func (s State) restart(now time.Time) State {
	at := s.Version
	switch {
	case s.Phase == BackingOff && (s.Resume == Listing || s.Resume == Streaming):
		at = s.List.At
	case at == "":
		at = anyVersion
	}
	s.Watched, s.Unproven, s.Brief = false, false, 0
	s.Resume, s.Until = Listing, time.Time{}
	s.List = ListState{}
	return s.begin(at, now)
}

// begin is the beginning of a list.
func (s State) begin(at string, now time.Time) State {
	s.List = ListState{At: at, Since: now, Paged: s.List.Paged, Whole: s.List.Whole}
	s.Phase, s.Since = s.listPhase(now), now
	return s
}

// listPhase is the phase in which to list.
func (s State) listPhase(now time.Time) Phase {
	refused := s.Stream.Refused
	if s.Stream.Off || s.List.Paged || refused != nil && now.Sub(refused.Time) < streamAgain {
		return Listing
	}
	return Streaming
}
