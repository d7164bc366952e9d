package reflector

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

func TestPagesAreCollectedAndReplacedAtOnce(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", "x", "a"), listError(errBroken, "half", "!bad"), page("5", "y", "b"), page("5", "", "c"))
	errs := s.run(t,
		`list rv="0" limit=500 continue=""`,
		`list rv="" limit=500 continue="x"`,
		`list rv="" limit=500 continue="x"`,
		`list rv="" limit=500 continue="y"`,
		"replace 5 [a b c]", `watch rv="5"`)
	reported(t, errs, Failure{Stage: StageList, Err: errBroken})
}

// Row 23: no mix of two snapshots, and no list that expires for ever.
func TestExpiredTokenBeginsAnewWithoutTheOldPages(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", "x", "old"), listError(errExpired), page("6", "", "new"))
	s.run(t,
		`list rv="0" limit=500 continue=""`, `list rv="" limit=500 continue="x"`,
		`list rv="" limit=0 continue=""`, "replace 6 [new]", `watch rv="6"`)
}

// R11: if it cannot be had in one piece, pages are tried again.
func TestTooLargeForOnePieceIsPagedAgain(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", "x", "old"), listError(errExpired), listError(errTimeout), page("7", "y", "a"), page("7", "", "b"))
	s.run(t,
		`list rv="0" limit=500 continue=""`, `list rv="" limit=500 continue="x"`,
		`list rv="" limit=0 continue=""`,
		`list rv="" limit=500 continue=""`, `list rv="" limit=500 continue="y"`, "replace 7 [a b]", `watch rv="7"`)
}

func TestPagesOfTwoSnapshotsAreNotMixed(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", "x", "old"), page("6", "", "new"), page("6", "", "all"))
	errs := s.run(t,
		`list rv="0" limit=500 continue=""`, `list rv="" limit=500 continue="x"`,
		`list rv="" limit=0 continue=""`, "replace 6 [all]", `watch rv="6"`)
	reported(t, errs, Failure{Stage: StageList, Err: errPaging})
}

func TestListThatIsNotTakenIsListedAgain(t *testing.T) {
	s := &script{refuse: map[string]error{"list": errors.New("no")}}
	s.lists = append(s.lists, page("5", "", "a"), page("6", "", "a"))
	errs := s.run(t,
		`list rv="0" limit=500 continue=""`, "replace 5 [a]",
		`list rv="0" limit=500 continue=""`, "replace 6 [a]", `watch rv="6"`)
	if len(errs) != 1 || errs[0].Stage != StageApply {
		t.Errorf("reported %v, want that the list was not taken", errs)
	}
}

// R2, row 5.
func TestVersionTooLargeListsTheNewest(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("50", ""), listError(errTooLarge), page("53", "", "a"))
	s.watches = append(s.watches, s.sends(Lost(errBroken), bookmark("51")))
	s.run(t,
		`list rv="0" limit=500 continue=""`, "replace 50 []", `watch rv="50"`, "BOOKMARK 51",
		`list rv="51" limit=0 continue=""`,
		`list rv="" limit=500 continue=""`, "replace 53 [a]", `watch rv="53"`)
}

// R1, row 6: a replica that is behind, and ignores which version is asked for, does not take the copy back in time.
func TestStaleListIsNotAccepted(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("50", "", "a"), page("40", "", "gone"), page("52", "", "a"))
	s.watches = append(s.watches, s.sends(Lost(errBroken), bookmark("51")))
	errs := s.run(t,
		`list rv="0" limit=500 continue=""`, "replace 50 [a]", `watch rv="50"`, "BOOKMARK 51",
		`list rv="51" limit=0 continue=""`,
		`list rv="" limit=500 continue=""`, "replace 52 [a]", `watch rv="52"`)
	reported(t, errs, Failure{Stage: StageEvent, Err: ErrLost}, Failure{Stage: StageList, Err: ErrStale})
}

// Row 4: storage restored from a backup. The server says so by a bookmark or an event that is older than what was seen,
// or by refusing the version; the older world is accepted once it is what the server calls its newest version.
func TestRestoredBackupIsAccepted(t *testing.T) {
	for name, c := range map[string]struct {
		sign  func(*script) watcher
		first lister
		calls []string
	}{
		"by a bookmark": {func(s *script) watcher { return s.sends(nil, bookmark("7")) }, listError(errTooLarge), nil},
		"by an event":   {func(s *script) watcher { return s.sends(nil, added("b", "8")) }, page("8", "", "a", "b"), nil},
		"at connect":    {func(s *script) watcher { return refuses(errTooLarge) }, listError(errTooLarge), nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{}
			s.lists = append(s.lists, page("500", "", "lost"), c.first, page("9", "", "a", "b"))
			s.watches = append(s.watches, s.sends(io.EOF, bookmark("501")), c.sign(s))
			s.run(t,
				`list rv="0" limit=500 continue=""`, "replace 500 [lost]", `watch rv="500"`, "BOOKMARK 501", `watch rv="501"`,
				`list rv="501" limit=0 continue=""`,
				`list rv="" limit=500 continue=""`, "replace 9 [a b]", `watch rv="9"`)
		})
	}
}

// Row 7, R13: a page that does not come to an end.
func TestPageHasADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		r := s.runFor(t, 12*time.Minute)
		s.called(t, `list rv="0" limit=500 continue=""`, `list rv="0" limit=500 continue=""`, `list rv="0" limit=500 continue=""`)
		reported(t, s.errs, Failure{Stage: StageList, Err: context.DeadlineExceeded}, Failure{Stage: StageList, Err: context.DeadlineExceeded})
		if r.State().Failures != 2 {
			t.Errorf("%d failures in a row", r.State().Failures)
		}
	})
}

// R11: whoever waits for a large list can see it grow, within a page and from page to page.
func TestListShowsItsProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{t: t}
		slow := func(version, token string, remaining int64, objects ...string) lister {
			return func(_ metav1.ListOptions, each func(Item[string]) error) (Page, error) {
				for _, o := range objects {
					time.Sleep(time.Second)
					_ = each(Item[string]{Object: o})
				}
				time.Sleep(time.Second)
				return Page{Version: version, Continue: token, Remaining: remaining}, nil
			}
		}
		s.lists = append(s.lists, slow("5", "x", 2, "a", "b"), slow("5", "", 0, "c", "d"))
		r := s.reflector()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		done := make(chan struct{})
		go func() { defer close(done); r.Run(ctx) }()

		began := time.Now()
		time.Sleep(2500 * time.Millisecond)
		if s := r.State(); s.Phase != Listing || s.List.Objects != 2 || s.List.Pages != 0 || s.LastSign.Sub(began) != 2*time.Second {
			t.Errorf("in the first page: %+v", s.List)
		}
		time.Sleep(2 * time.Second)
		if s := r.State(); s.Phase != Listing || s.List.Objects != 3 || s.List.Pages != 1 || s.List.Remaining != 2 || s.List.Since != began {
			t.Errorf("in the second page: %+v", s.List)
		}
		time.Sleep(2 * time.Second)
		if s := r.State(); s.Phase != Watching || s.Lists != 1 || s.Version != "5" || s.Since.Sub(began) != 6*time.Second {
			t.Errorf("after the list: %+v", s)
		}
		cancel()
		<-done
	})
}

func TestPageSize(t *testing.T) {
	for _, c := range []struct {
		size int64
		at   string
		want int64
	}{{0, "0", 500}, {0, "", 500}, {0, "7", 0}, {20, "7", 20}, {-1, "0", 0}} {
		if got := (Options{PageSize: c.size}).limit(ListState{At: c.at}); got != c.want {
			t.Errorf("page size %d, version %q: limit = %d, want %d", c.size, c.at, got, c.want)
		}
	}
}

// Row 24: what changes between the pages of a list and the watch comes with the watch, which begins at the version of
// the list.
func TestChangesWhileListingAreWatched(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", "x", "a"), page("5", "", "b"))
	s.watches = append(s.watches, s.sends(nil, event(watch.Deleted, "a", "6"), added("0", "7")))
	s.run(t,
		`list rv="0" limit=500 continue=""`, `list rv="" limit=500 continue="x"`, "replace 5 [a b]",
		`watch rv="5"`, "DELETED a", "ADDED 0")
}

func TestRunOnceReturnsTheFirstErrorAndBeginsAnewWithAList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{t: t}
		s.lists = append(s.lists, page("5", "", "!bad"), page("6", ""))
		s.watches = append(s.watches, refuses(errBroken))
		r := s.reflector()
		err := r.RunOnce(t.Context())
		if !errors.Is(err, errBroken) || !strings.HasPrefix(err.Error(), "watch: ") {
			t.Errorf("RunOnce = %v, want that the watch failed with %v", err, errBroken)
		}
		if len(s.errs) != 1 || s.errs[0].Stage != StageDecode {
			t.Errorf("reported %v, want what is no reason to end", s.errs)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := r.RunOnce(ctx); err != nil {
			t.Errorf("RunOnce that was cancelled = %v, want nil", err)
		}
		s.called(t, `list rv="0" limit=500 continue=""`, "replace 5 [poison bad]", `watch rv="5"`,
			`list rv="5" limit=0 continue=""`, "replace 6 []", `watch rv="6"`)
	})
}
