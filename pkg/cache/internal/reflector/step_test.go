package reflector

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var (
	errBroken  = errors.New("connection reset")
	errExpired = fmt.Errorf("watch: %w", apierrors.NewResourceExpired("too old resource version"))
	errGone    = &apierrors.StatusError{ErrStatus: metav1.Status{Code: http.StatusGone, Reason: metav1.StatusReasonGone}}
	// errTooLarge is the answer of servers since 1.18, errOldTooLarge of those before.
	errTooLarge = &apierrors.StatusError{ErrStatus: metav1.Status{Code: http.StatusGatewayTimeout, Reason: metav1.StatusReasonTimeout,
		Details: &metav1.StatusDetails{Causes: []metav1.StatusCause{{Type: metav1.CauseTypeResourceVersionTooLarge}}}}}
	errOldTooLarge = &apierrors.StatusError{ErrStatus: metav1.Status{Code: http.StatusGatewayTimeout, Reason: metav1.StatusReasonTimeout,
		Message: "Too large resource version: 7, current: 5"}}
	errTimeout = &apierrors.StatusError{ErrStatus: metav1.Status{Code: http.StatusGatewayTimeout, Reason: metav1.StatusReasonTimeout}}
)

// The table of the package comment, line by line.
func TestStep(t *testing.T) {
	listing := State{Phase: Listing, Version: "5", List: ListState{At: "5"}}
	paging := State{Phase: Listing, Version: "5", List: ListState{At: "0", Continue: "b", Pages: 2, Version: "7"}}
	replacing := State{Phase: Replacing, Version: "5", List: ListState{At: "5", Version: "7"}}
	connecting := State{Phase: Connecting, Version: "7", Watched: true}
	unproven := State{Phase: Connecting, Version: "7", Unproven: true}
	watching := State{Phase: Watching, Version: "7", Watched: true}

	backingOff := func(s State, next Phase) State {
		s.Phase, s.Resume = BackingOff, next
		return s
	}
	listAgain := func(s State, at string) State {
		s.List = ListState{At: at}
		return backingOff(s, Listing)
	}
	with := func(s State, change func(*State)) State {
		change(&s)
		return s
	}

	for name, c := range map[string]struct {
		from    State
		in      input
		to      State
		reports bool
		discard bool
	}{
		"first page of more": {listing, input{kind: pageTaken, page: Page{"7", "a"}},
			with(listing, func(s *State) { s.List = ListState{At: "5", Continue: "a", Pages: 1, Version: "7"} }), false, false},
		"middle page": {paging, input{kind: pageTaken, page: Page{"7", "c"}},
			with(paging, func(s *State) { s.List.Continue, s.List.Pages = "c", 3 }), false, false},
		"last page":                {paging, input{kind: pageTaken, page: Page{"7", ""}}, with(paging, func(s *State) { s.Phase = Replacing }), false, false},
		"repeated continue token":  {paging, input{kind: pageTaken, page: Page{"7", "b"}}, listAgain(paging, ""), true, true},
		"pages of two snapshots":   {paging, input{kind: pageTaken, page: Page{"8", "c"}}, listAgain(paging, ""), true, true},
		"last page of another":     {paging, input{kind: pageTaken, page: Page{"8", ""}}, listAgain(paging, ""), true, true},
		"expired continue token":   {paging, input{kind: failed, err: errExpired}, listAgain(paging, ""), true, true},
		"page failed":              {paging, input{kind: failed, err: errBroken}, backingOff(paging, Listing), true, false},
		"list at a forgotten time": {listing, input{kind: failed, err: errGone}, listAgain(listing, ""), true, true},
		"list in the future":       {listing, input{kind: failed, err: errTooLarge}, listAgain(listing, ""), true, true},
		"list in the future, old":  {listing, input{kind: failed, err: errOldTooLarge}, listAgain(listing, ""), true, true},
		"list timed out":           {listing, input{kind: failed, err: errTimeout}, backingOff(listing, Listing), true, false},

		"list taken":     {replacing, input{kind: listTaken}, State{Phase: Connecting, Version: "7", Unproven: true}, false, true},
		"list not taken": {replacing, input{kind: failed, err: errBroken}, listAgain(replacing, "5"), true, true},

		"watch open":                     {connecting, input{kind: connected}, watching, false, false},
		"watch refused":                  {connecting, input{kind: failed, err: errBroken}, backingOff(connecting, Connecting), true, false},
		"watch from a forgotten version": {connecting, input{kind: failed, err: errExpired}, listAgain(connecting, "7"), true, true},
		"watch from a stale list":        {unproven, input{kind: failed, err: errExpired}, listAgain(unproven, ""), true, true},

		"event taken":       {watching, input{kind: eventTaken, version: "8"}, with(watching, func(s *State) { s.Version = "8" }), false, false},
		"watch closed":      {watching, input{kind: closed, lasted: time.Minute}, connecting, false, false},
		"short with events": {watching, input{kind: closed, lasted: time.Millisecond, events: 1}, connecting, false, false},
		"very short watch":  {watching, input{kind: closed, lasted: time.Millisecond}, backingOff(watching, Connecting), true, false},
		"expired in stream": {watching, input{kind: failed, err: Lost(errExpired)}, listAgain(watching, "7"), true, true},
		"lost a change":     {watching, input{kind: failed, err: Lost(errBroken)}, listAgain(watching, "7"), true, true},
		"broke after a minute": {with(watching, func(s *State) { s.Unproven = true }), input{kind: failed, err: errBroken, lasted: time.Minute},
			backingOff(watching, Connecting), true, false},
		"expired after a minute": {with(watching, func(s *State) { s.Unproven = true }), input{kind: failed, err: Lost(errExpired), lasted: time.Minute},
			listAgain(watching, "7"), true, true},
		"expired at once": {with(watching, func(s *State) { s.Unproven = true }), input{kind: failed, err: Lost(errExpired)},
			listAgain(with(watching, func(s *State) { s.Unproven = true }), ""), true, true},
		"connection broke": {watching, input{kind: failed, err: errBroken}, backingOff(watching, Connecting), true, false},

		"waited to list":    {backingOff(listing, Listing), input{kind: waited}, with(listing, func(s *State) { s.Resume = Listing }), false, false},
		"waited to connect": {backingOff(connecting, Connecting), input{kind: waited}, with(connecting, func(s *State) { s.Resume = Connecting }), false, false},

		"cancelled while watching": {watching, input{kind: cancelled}, with(watching, func(s *State) { s.Phase = Stopped }), false, true},
		"stopped stays stopped":    {State{Phase: Stopped}, input{kind: waited}, State{Phase: Stopped}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, do := step(c.from, c.in)
			if diff := cmp.Diff(c.to, got); diff != "" {
				t.Errorf("next state (-want +got):\n%s", diff)
			}
			if (do.report != nil) != c.reports || do.discard != c.discard {
				t.Errorf("effects = %+v, want report %v, discard %v", do, c.reports, c.discard)
			}
		})
	}
}

func TestStepEndsEndlessPages(t *testing.T) {
	s := initialState()
	for i := 0; s.Phase == Listing; i++ {
		if i > maxPages {
			t.Fatalf("still listing after %d pages", i)
		}
		s, _ = step(s, input{kind: pageTaken, page: Page{Version: "7", Continue: fmt.Sprint(i)}})
	}
	if s.Phase != BackingOff || s.List != (ListState{}) {
		t.Errorf("state = %+v, want to begin anew after a wait", s)
	}
}

func TestRestartBeginsWithAList(t *testing.T) {
	for name, c := range map[string]struct{ from, want State }{
		"never ran":              {initialState(), initialState()},
		"stopped before a list":  {State{Phase: Stopped, List: ListState{At: "0", Continue: "x"}}, initialState()},
		"stopped while watching": {State{Phase: Stopped, Version: "7", Watched: true}, State{Version: "7", List: ListState{At: "7"}}},
		"about to list the newest": {State{Phase: BackingOff, Resume: Listing, Version: "7"},
			State{Version: "7", List: ListState{At: ""}}},
	} {
		if diff := cmp.Diff(c.want, c.from.restart()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestPhaseNames(t *testing.T) {
	if Listing.String() != "listing" || Stopped.String() != "stopped" || Phase(99).String() != "phase 99" {
		t.Errorf("names are %v, %v, %v", Listing, Stopped, Phase(99))
	}
}

func TestBackoffGrowsToItsCapAndResetsAfterHealth(t *testing.T) {
	b := newBackoff(defaultBackoff())
	now := time.Now()
	want := 800 * time.Millisecond
	for range 10 {
		delay := b.next(now)
		if delay < want || delay > 2*want {
			t.Errorf("delay = %v, want between %v and twice that", delay, want)
		}
		now = now.Add(delay + time.Minute) // a minute of health is not enough
		want = min(2*want, 30*time.Second)
	}
	now = now.Add(healthy)
	if delay := b.next(now); delay > 1600*time.Millisecond {
		t.Errorf("delay after %v of health = %v, want to begin anew", healthy, delay)
	}
}
