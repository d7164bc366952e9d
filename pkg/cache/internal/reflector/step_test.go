package reflector

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
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
	errTimeout   = &apierrors.StatusError{ErrStatus: metav1.Status{Code: http.StatusGatewayTimeout, Reason: metav1.StatusReasonTimeout}}
	errThrottled = apierrors.NewTooManyRequests("later", 1)
	errNoStreams = apierrors.NewInvalid(schema.GroupKind{}, "", nil)
	errWrong     = apierrors.NewBadRequest("invalid resource version")
	errNoVerb    = apierrors.NewMethodNotSupported(schema.GroupResource{}, "watch")
	errForbidden = apierrors.NewForbidden(schema.GroupResource{}, "", errors.New("no"))
	errDifferent = &DifferenceError{Total: 3}
)

// day is when the tests of step take place.
var day = time.Date(2026, time.May, 1, 12, 0, 0, 0, time.UTC)

// The table of the package comment, line by line.
func TestStep(t *testing.T) {
	listing := State{Phase: Listing, Version: "5", Stream: StreamState{Off: true}, List: ListState{At: "5"}}
	paging := State{Phase: Listing, Version: "5", Stream: StreamState{Off: true}, List: ListState{At: "0", Continue: "b", Mark: "b", Pages: 2, Version: "7"}}
	whole := State{Phase: Listing, Stream: StreamState{Off: true}, List: ListState{At: "", Whole: true}}
	streaming := State{Phase: Streaming, Version: "5", List: ListState{At: "5"}}
	replacing := State{Phase: Replacing, Version: "5", Stream: StreamState{Off: true}, List: ListState{At: "5", Version: "7"}}
	connecting := State{Phase: Connecting, Version: "7", Watched: true, Stream: StreamState{Off: true}}
	unproven := State{Phase: Connecting, Version: "7", Unproven: true, Stream: StreamState{Off: true}}
	watching := State{Phase: Watching, Version: "7", Watched: true, Stream: StreamState{Off: true}}
	unprovenWatch := watching
	unprovenWatch.Unproven = true

	with := func(s State, change func(*State)) State {
		change(&s)
		return s
	}
	// failed is s, waiting to go on with a phase after a failure.
	failedIn := func(s State, next Phase) State {
		s.Phase, s.Resume = BackingOff, next
		s.Failures++
		return s
	}
	again := func(s State, at string) State {
		s.List = ListState{At: at, Paged: s.List.Paged, Whole: s.List.Whole}
		return failedIn(s, s.listPhase(day))
	}
	refused := func(s State, err error) State {
		s.Stream.Refused = &Refusal{Time: day, Err: err}
		return s
	}
	type do struct {
		report  error
		spread  time.Duration
		discard bool
	}

	for name, c := range map[string]struct {
		from State
		in   input
		to   State
		do   do
	}{
		"stream: the end": {streaming, input{kind: streamTaken, version: "7", objects: 3},
			with(streaming, func(s *State) {
				s.Phase = Replacing
				s.List.Version, s.List.Objects, s.List.Streamed = "7", 3, true
			}), do{}},
		"stream: of any version": {with(streaming, func(s *State) { s.List.At = "0" }), input{kind: streamTaken, version: "3"},
			with(streaming, func(s *State) {
				s.Phase = Replacing
				s.List.At, s.List.Version, s.List.Streamed = "0", "3", true
			}), do{}},
		"stream: stale":             {streaming, input{kind: streamTaken, version: "3"}, again(streaming, ""), do{report: ErrStale, discard: true}},
		"stream: forbidden option":  {streaming, input{kind: failed, err: errNoStreams}, refused(with(streaming, func(s *State) { s.Phase, s.Failures = Listing, 1 }), errNoStreams), do{report: ErrStreamRefused, discard: true}},
		"stream: wrong request":     {streaming, input{kind: failed, err: errWrong}, refused(with(streaming, func(s *State) { s.Phase, s.Failures = Listing, 1 }), errWrong), do{report: errWrong, discard: true}},
		"stream: no watch":          {streaming, input{kind: failed, err: errNoVerb}, refused(with(streaming, func(s *State) { s.Phase, s.Failures = Listing, 1 }), errNoVerb), do{report: ErrStreamRefused, discard: true}},
		"stream: watches forbidden": {streaming, input{kind: failed, err: errForbidden}, with(streaming, func(s *State) { s.Phase, s.Failures, s.List.Paged = Listing, 1, true }), do{report: errForbidden, discard: true}},
		"stream: stalled":           {streaming, input{kind: failed, err: errStalled, opened: true}, failedIn(refused(streaming, errStalled), Listing), do{report: ErrStreamRefused, discard: true}},
		"stream: in the future":     {streaming, input{kind: failed, err: errTooLarge}, again(streaming, ""), do{report: errTooLarge, discard: true}},
		"stream: expired":           {streaming, input{kind: failed, err: Lost(errExpired)}, again(streaming, ""), do{report: errExpired, discard: true}},
		"stream: first failure": {streaming, input{kind: failed, err: errThrottled},
			with(again(streaming, "5"), func(s *State) { s.Stream.Failures = 1 }), do{report: errThrottled, discard: true}},
		"stream: second failure": {with(streaming, func(s *State) { s.Stream.Failures = 1 }), input{kind: failed, err: errCut, opened: true},
			with(again(streaming, "5"), func(s *State) { s.Stream.Failures = 2 }), do{report: errCut, discard: true}},
		"stream: third failure": {with(streaming, func(s *State) { s.Stream.Failures = 2 }), input{kind: failed, err: errThrottled},
			with(failedIn(streaming, Listing), func(s *State) { s.List.Paged = true }), do{report: errThrottled, discard: true}},
		"stream: third that had begun": {with(streaming, func(s *State) { s.Stream.Failures = 2 }), input{kind: failed, err: errCut, opened: true},
			with(failedIn(refused(streaming, errCut), Listing), func(s *State) { s.List.Paged = true }), do{report: errCut, discard: true}},

		"first page of more": {listing, input{kind: pageTaken, page: Page{Version: "7", Continue: "a", Remaining: 8}, objects: 2},
			with(listing, func(s *State) {
				s.List = ListState{At: "5", Continue: "a", Mark: "a", Pages: 1, Version: "7", Objects: 2, Remaining: 8}
			}), do{}},
		"middle page": {paging, input{kind: pageTaken, page: Page{Version: "7", Continue: "c"}, objects: 9},
			with(paging, func(s *State) { s.List.Continue, s.List.Pages, s.List.Objects = "c", 3, 9 }), do{}},
		"last page": {paging, input{kind: pageTaken, page: Page{Version: "7"}},
			with(paging, func(s *State) { s.Phase, s.List.Continue, s.List.Pages = Replacing, "", 3 }), do{}},
		"repeated continue token": {paging, input{kind: pageTaken, page: Page{Version: "7", Continue: "b"}},
			with(again(paging, ""), func(s *State) { s.List.Whole = true }), do{report: errPaging, discard: true}},
		"pages of two snapshots": {paging, input{kind: pageTaken, page: Page{Version: "8", Continue: "c"}},
			with(again(paging, ""), func(s *State) { s.List.Whole = true }), do{report: errPaging, discard: true}},
		"last page of another": {paging, input{kind: pageTaken, page: Page{Version: "8"}},
			with(again(paging, ""), func(s *State) { s.List.Whole = true }), do{report: errPaging, discard: true}},
		"no list at all": {with(listing, func(s *State) { s.Versioned = true }), input{kind: pageTaken}, again(with(listing, func(s *State) { s.Versioned = true }), ""), do{report: errNoVersion, discard: true}},
		"never versions": {listing, input{kind: pageTaken, objects: 1}, with(listing, func(s *State) { s.Phase, s.List.Pages, s.List.Objects = Replacing, 1, 1 }), do{}},
		"no list, perhaps": {with(listing, func(s *State) { s.Doubts = 2 }), input{kind: pageTaken},
			again(with(listing, func(s *State) { s.Doubts = 3 }), ""), do{report: errDoubtful, discard: true}},
		"no list, a fourth time": {with(listing, func(s *State) { s.Doubts = 3 }), input{kind: pageTaken},
			with(listing, func(s *State) { s.Phase, s.List.Pages, s.Doubts = Replacing, 1, 3 }), do{}},
		"no server": {with(listing, func(s *State) { s.Trusting = true }), input{kind: pageTaken},
			with(listing, func(s *State) { s.Phase, s.List.Pages, s.Trusting = Replacing, 1, true }), do{}},
		"stale list":   {listing, input{kind: pageTaken, page: Page{Version: "4"}}, again(listing, ""), do{report: ErrStale, discard: true}},
		"oldest list":  {listing, input{kind: pageTaken, page: Page{Version: "5"}}, with(listing, func(s *State) { s.Phase, s.List.Version, s.List.Pages = Replacing, "5", 1 }), do{}},
		"opaque list":  {listing, input{kind: pageTaken, page: Page{Version: "x"}}, with(listing, func(s *State) { s.Phase, s.List.Version, s.List.Pages = Replacing, "x", 1 }), do{}},
		"restored":     {with(listing, func(s *State) { s.List.At = "" }), input{kind: pageTaken, page: Page{Version: "3"}}, with(listing, func(s *State) { s.Phase, s.List = Replacing, ListState{Version: "3", Pages: 1} }), do{}},
		"expired page": {paging, input{kind: failed, err: errExpired}, with(again(paging, ""), func(s *State) { s.List.Whole = true }), do{report: errExpired, discard: true}},
		"refused page": {paging, input{kind: failed, err: errWrong}, again(paging, ""), do{report: errWrong, discard: true}},
		"page failed":  {paging, input{kind: failed, err: errBroken}, failedIn(paging, Listing), do{report: errBroken}},
		"wrong list":   {listing, input{kind: failed, err: errWrong}, failedIn(listing, Listing), do{report: errWrong}},
		"too much in one piece": {whole, input{kind: failed, err: errTimeout},
			with(again(whole, ""), func(s *State) { s.List.Whole = false }), do{report: errTimeout, discard: true}},
		"list at a forgotten time": {listing, input{kind: failed, err: errGone}, again(listing, ""), do{report: errGone, discard: true}},
		"list in the future":       {listing, input{kind: failed, err: errTooLarge}, again(listing, ""), do{report: errTooLarge, discard: true}},
		"list in the future, old":  {listing, input{kind: failed, err: errOldTooLarge}, again(listing, ""), do{report: errOldTooLarge, discard: true}},
		"list timed out":           {listing, input{kind: failed, err: errTimeout}, failedIn(listing, Listing), do{report: errTimeout}},

		"list taken that cannot tell all": {replacing, input{kind: listTaken, untold: true}, with(connecting, func(s *State) {
			s.Watched, s.Unproven, s.Versioned, s.Lists, s.Untold = false, true, true, 1, day
		}), do{discard: true}},
		"list taken that still cannot": {with(replacing, func(s *State) { s.Untold = day.Add(-time.Hour) }), input{kind: listTaken, untold: true}, with(connecting, func(s *State) {
			s.Watched, s.Unproven, s.Versioned, s.Lists, s.Untold = false, true, true, 1, day.Add(-time.Hour)
		}), do{discard: true}},
		"list taken that can tell again": {with(replacing, func(s *State) { s.Untold = day }), input{kind: listTaken}, with(connecting, func(s *State) {
			s.Watched, s.Unproven, s.Versioned, s.Lists = false, true, true, 1
		}), do{discard: true}},
		"time to ask again": {watching, input{kind: failed, err: errUntold}, with(watching, func(s *State) { s.Phase, s.List.At = Listing, "7" }), do{discard: true}},
		"list taken": {replacing, input{kind: listTaken},
			with(replacing, func(s *State) {
				s.Phase, s.Version, s.Versioned, s.Unproven, s.List, s.Lists = Connecting, "7", true, true, ListState{}, 1
			}), do{discard: true}},
		"streamed list taken": {with(replacing, func(s *State) { s.List.Streamed, s.Failures = true, 2 }), input{kind: listTaken},
			with(replacing, func(s *State) {
				s.Phase, s.Version, s.Versioned, s.Unproven, s.Watched, s.List, s.Lists = Watching, "7", true, true, true, ListState{}, 1
			}), do{discard: true}},
		"list not taken": {replacing, input{kind: failed, err: errBroken}, again(replacing, "5"), do{report: errBroken, discard: true}},

		"watch open":                     {connecting, input{kind: connected}, watching, do{}},
		"watch refused":                  {connecting, input{kind: failed, err: errBroken}, failedIn(connecting, Connecting), do{report: errBroken}},
		"watch from a forgotten version": {connecting, input{kind: failed, err: errExpired}, again(connecting, "7"), do{report: errExpired, discard: true}},
		"watch from a stale list":        {unproven, input{kind: failed, err: errExpired}, again(unproven, ""), do{report: errExpired, discard: true}},
		"watch from a senseless version": {connecting, input{kind: failed, err: errWrong}, again(connecting, ""), do{report: errWrong, discard: true}},
		"watch that is always wrong":     {unproven, input{kind: failed, err: errWrong}, failedIn(unproven, Connecting), do{report: errWrong}},
		"R5: watch throttled":            {connecting, input{kind: failed, err: errThrottled}, failedIn(connecting, Connecting), do{report: errThrottled}},

		"event taken":       {with(unprovenWatch, func(s *State) { s.Failures = 2 }), input{kind: eventTaken, version: "8"}, with(watching, func(s *State) { s.Version = "8" }), do{}},
		"watch closed":      {with(watching, func(s *State) { s.Brief = 3 }), input{kind: closed, lasted: 5 * time.Minute, asked: 5 * time.Minute}, connecting, do{}},
		"closed early":      {with(watching, func(s *State) { s.Brief = 3 }), input{kind: closed, lasted: time.Minute, asked: 5 * time.Minute}, with(watching, func(s *State) { s.Phase, s.Resume = BackingOff, Connecting }), do{spread: time.Second}},
		"closed in seconds": {watching, input{kind: closed, lasted: 2 * time.Second, asked: 5 * time.Minute}, with(watching, func(s *State) { s.Phase, s.Resume, s.Brief = BackingOff, Connecting, 1 }), do{spread: time.Second}},
		"in seconds again":  {with(watching, func(s *State) { s.Brief = 3 }), input{kind: closed, lasted: 2 * time.Second, asked: 5 * time.Minute}, with(watching, func(s *State) { s.Phase, s.Resume, s.Brief = BackingOff, Connecting, 4 }), do{spread: 8 * time.Second}},
		"always in seconds": {with(watching, func(s *State) { s.Brief = 6 }), input{kind: closed, lasted: 2 * time.Second, asked: 5 * time.Minute}, with(watching, func(s *State) { s.Phase, s.Resume, s.Brief = BackingOff, Connecting, 6 }), do{spread: 32 * time.Second}},
		"short with events": {watching, input{kind: closed, lasted: time.Millisecond, asked: 5 * time.Minute, events: 1}, with(watching, func(s *State) { s.Phase, s.Resume, s.Brief = BackingOff, Connecting, 1 }), do{spread: time.Second}},
		"very short watch":  {watching, input{kind: closed, lasted: time.Millisecond, asked: 5 * time.Minute}, failedIn(watching, Connecting), do{report: ErrShortWatch}},
		"expired in stream": {watching, input{kind: failed, err: Lost(errExpired)}, again(watching, "7"), do{report: errExpired, discard: true}},
		"lost a change":     {watching, input{kind: failed, err: Lost(errBroken)}, again(watching, "7"), do{report: errBroken, discard: true}},
		"found differences": {watching, input{kind: failed, err: errDifferent}, with(again(watching, ""), func(s *State) { s.Differences = 3 }), do{report: errDifferent, discard: true}},
		"broke after a minute": {with(unprovenWatch, func(s *State) { s.Failures = 2 }), input{kind: failed, err: errBroken, lasted: time.Minute},
			failedIn(watching, Connecting), do{report: errBroken}},
		"expired after a minute":  {unprovenWatch, input{kind: failed, err: Lost(errExpired), lasted: time.Minute}, again(watching, "7"), do{report: errExpired, discard: true}},
		"expired at once":         {unprovenWatch, input{kind: failed, err: Lost(errExpired)}, again(unprovenWatch, ""), do{report: errExpired, discard: true}},
		"connection broke":        {watching, input{kind: failed, err: errBroken}, failedIn(watching, Connecting), do{report: errBroken}},
		"clock jumped":            {watching, input{kind: failed, err: ErrClockJumped}, failedIn(watching, Connecting), do{report: ErrClockJumped}},
		"R5: throttled in stream": {watching, input{kind: failed, err: errThrottled}, failedIn(watching, Connecting), do{report: errThrottled}},

		"waited to list":    {with(listing, func(s *State) { s.Phase, s.Resume = BackingOff, Listing }), input{kind: waited}, listing, do{}},
		"waited to connect": {with(connecting, func(s *State) { s.Phase, s.Resume = BackingOff, Connecting }), input{kind: waited}, with(connecting, func(s *State) { s.Resume = Connecting }), do{}},

		"cancelled while watching": {watching, input{kind: cancelled}, with(watching, func(s *State) { s.Phase = Stopped }), do{discard: true}},
		"stopped stays stopped":    {State{Phase: Stopped}, input{kind: waited}, State{Phase: Stopped}, do{}},
	} {
		t.Run(name, func(t *testing.T) {
			c.in.now = day
			got, effects := step(c.from, c.in)
			times := cmp.Options{cmpopts.IgnoreFields(State{}, "Since", "Until"), cmpopts.IgnoreFields(ListState{}, "Since"), cmpopts.EquateErrors()}
			if diff := cmp.Diff(c.to, got, times); diff != "" {
				t.Errorf("next state (-want +got):\n%s", diff)
			}
			if effects.spread != c.do.spread || effects.discard != c.do.discard || !errors.Is(effects.report, c.do.report) {
				t.Errorf("effects = %+v, want %+v", effects, c.do)
			}
		})
	}
}

func TestStepNotesSinceWhenAPhaseIs(t *testing.T) {
	s := initialState(false, false, day)
	now := day.Add(time.Minute)
	failing, _ := step(s, input{kind: failed, err: errBroken, now: now})
	if s.Since != day || s.List.Since != day || failing.Since != now || failing.List.Since != day {
		t.Errorf("began %v and %v, and then %v and %v", s.Since, s.List.Since, failing.Since, failing.List.Since)
	}
	failing.Until = now.Add(time.Second)
	retrying, _ := step(failing, input{kind: waited, now: failing.Until})
	if retrying.Since != failing.Until || !retrying.Until.IsZero() {
		t.Errorf("goes on since %v, until %v", retrying.Since, retrying.Until)
	}
	watching := State{Phase: Watching, Since: day, Version: "7"}
	if got, _ := step(watching, input{kind: eventTaken, version: "8", now: now}); got.Since != day {
		t.Errorf("watches since %v", got.Since)
	}
}

// R20, row 22: pages that do not end, whether tokens are new ones for ever or go round in a circle.
func TestStepEndsEndlessPages(t *testing.T) {
	for name, c := range map[string]struct {
		token func(i int) string
		most  int
	}{
		"new tokens":        {func(i int) string { return fmt.Sprint(i) }, maxPages},
		"the same":          {func(int) string { return "x" }, 2},
		"two":               {func(i int) string { return fmt.Sprint(i % 2) }, 8},
		"a circle":          {func(i int) string { return fmt.Sprint(i % 100) }, 400},
		"a circle far away": {func(i int) string { return fmt.Sprint(min(i, 50+i%7)) }, 200},
		"the first page's":  {func(i int) string { return fmt.Sprint(min(i, 1)) }, 3},
	} {
		t.Run(name, func(t *testing.T) {
			s := initialState(false, false, day)
			for i := 0; s.Phase == Listing; i++ {
				if i >= c.most {
					t.Fatalf("still listing after %d pages", i)
				}
				s, _ = step(s, input{kind: pageTaken, page: Page{Version: "7", Continue: c.token(i)}, now: day})
			}
			if s.Phase != BackingOff || s.List.Pages != 0 || s.List.At != "" {
				t.Errorf("state = %+v, want to begin anew after a wait", s)
			}
		})
	}
}

func TestRestartBeginsWithAList(t *testing.T) {
	off := StreamState{Off: true}
	began := func(s State) State {
		s.Since, s.List.Since = day, day
		return s
	}
	for name, c := range map[string]struct{ from, want State }{
		"never ran":              {initialState(false, false, day), initialState(false, false, day)},
		"stopped before a list":  {State{Phase: Stopped, Stream: off, List: ListState{At: "0", Continue: "x", Paged: true}}, initialState(false, false, day)},
		"stopped while watching": {State{Phase: Stopped, Stream: off, Version: "7", Watched: true, Lists: 4}, began(State{Stream: off, Version: "7", Lists: 4, List: ListState{At: "7"}})},
		"about to list the newest": {State{Phase: BackingOff, Resume: Listing, Stream: off, Version: "7"},
			began(State{Stream: off, Version: "7", List: ListState{At: ""}})},
		"about to stream the newest": {State{Phase: BackingOff, Resume: Streaming, Version: "7"},
			began(State{Phase: Streaming, Version: "7", List: ListState{At: ""}})},
		"not streamed": {State{Phase: Stopped, Version: "7", Stream: StreamState{Refused: &Refusal{Time: day.Add(-time.Minute)}}},
			began(State{Version: "7", List: ListState{At: "7"}, Stream: StreamState{Refused: &Refusal{Time: day.Add(-time.Minute)}}})},
		"not streamed an hour ago": {State{Phase: Stopped, Version: "7", Stream: StreamState{Refused: &Refusal{Time: day.Add(-time.Hour)}}},
			began(State{Phase: Streaming, Version: "7", List: ListState{At: "7"}, Stream: StreamState{Refused: &Refusal{Time: day.Add(-time.Hour)}}})},
	} {
		if diff := cmp.Diff(c.want, c.from.restart(day)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestNames(t *testing.T) {
	for want, got := range map[string]fmt.Stringer{
		"listing": Listing, "stopped": Stopped, "phase 99": Phase(99),
		"list": StageList, "audit": StageAudit, "stage 99": Stage(99),
		"ns/n": Key{"ns", "n"}, "n": Key{Name: "n"},
	} {
		if got.String() != want {
			t.Errorf("name is %q, want %q", got, want)
		}
	}
}
