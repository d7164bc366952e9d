package reflector

import (
	"time"

	"github.com/kubewright/kubewright/pkg/cache/internal/versions"
)

// maxDoubts is how often in a row the first list may be empty and have no version until it is believed.
const maxDoubts = 3

func stepListing(s State, in input) (State, effects) {
	switch {
	case in.kind == pageTaken:
		return stepPage(s, in)
	case versionUnavailable(in.err):
		s.List.Whole = s.List.Pages > 0 // the next pages would only expire again
		return s.listAgain(newestVersion, in, in.err)
	case s.List.Pages > 0 && wrongRequest(in.err): // of the token
		return s.listAgain(newestVersion, in, in.err)
	case s.List.Whole: // too much at a time
		s.List.Whole = false
		return s.listAgain(s.List.At, in, in.err)
	default:
		return s.backOff(Listing, in.err)
	}
}

// stepPage takes note of a page.
func stepPage(s State, in input) (State, effects) {
	list, last, err := s.List.take(in.page)
	switch {
	case err != nil:
		s.List.Whole = !s.List.Whole
		return s.listAgain(newestVersion, in, err)
	case last && list.Version == "" && s.Versioned:
		return s.listAgain(newestVersion, in, errNoVersion)
	case last && list.Version == "" && in.objects == 0 && !s.Trusting && s.Doubts < maxDoubts:
		s.Doubts++
		return s.listAgain(newestVersion, in, errDoubtful)
	case last && versions.Older(list.Version, list.At):
		return s.listAgain(newestVersion, in, staleVersion("the list", list.Version, list.At))
	}
	s.List = list
	s.List.Objects = in.objects
	if last {
		s.Phase = Replacing
	}
	return s, effects{}
}

func stepReplacing(s State, in input) (State, effects) {
	if in.kind == failed {
		return s.listAgain(s.List.At, in, in.err)
	}
	s.Phase = Connecting
	if s.List.Streamed {
		s.Phase, s.Watched, s.Failures = Watching, true, 0
	}
	s.Version, s.Unproven = s.List.Version, true
	s.Versioned = s.Versioned || s.Version != ""
	switch {
	case !in.untold:
		s.Untold = time.Time{}
	case s.Untold.IsZero():
		s.Untold = in.now
	}
	s.List = ListState{}
	s.Lists++
	return s, effects{discard: true}
}
