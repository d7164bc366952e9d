package reflector

import (
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// counted are metrics as lines.
type counted struct{ lines []string }

func (c *counted) add(format string, args ...any) {
	c.lines = append(c.lines, fmt.Sprintf(format, args...))
}

func (c *counted) Listed(took time.Duration, objects int) { c.add("listed %d in %v", objects, took) }
func (c *counted) WatchOpened()                           { c.add("watch opened") }
func (c *counted) WatchEnded(lasted time.Duration, events int, short bool) {
	c.add("watch of %d events ended after %v, short %v", events, lasted, short)
}
func (c *counted) Reached(version string) { c.add("reached %s", version) }

func TestMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &counted{}
		s := &script{options: Options{Metrics: m}}
		s.lists = append(s.lists, listError(errBroken), page("5", "x", "a", "!b"), page("5", "", "c"))
		s.watches = append(s.watches,
			s.sends(errBroken, added("d", "6"), bookmark("7"), added("e", "")),
			s.sendsFor(0, io.EOF))
		if watches := s.runFor(t, 90*time.Second).State().Watches; watches != 3 {
			t.Errorf("%d watches are counted", watches)
		}
		listed := m.lines[0] // after the time of a backoff
		m.lines[0], m.lines[len(m.lines)-1] = "", ""
		want := []string{"", "reached 5", "watch opened", "reached 6", "reached 7", "watch of 3 events ended after 1m0s, short false",
			"watch opened", "watch of 0 events ended after 0s, short true", "watch opened", ""}
		if diff := cmp.Diff(want, m.lines); diff != "" {
			t.Errorf("metrics (-want +got):\n%s", diff)
		}
		var took string
		if _, err := fmt.Sscanf(listed, "listed 3 in %s", &took); err != nil {
			t.Errorf("list was told as %q", listed)
		} else if d, err := time.ParseDuration(took); err != nil || d < 800*time.Millisecond || d > 1600*time.Millisecond {
			t.Errorf("list took %v, %v", d, err)
		}
	})
}

// A watch that begins with the collection is a list and a watch.
func TestMetricsOfAStreamedList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &counted{}
		s := &script{streams: true, options: Options{Metrics: m}}
		s.watches = append(s.watches, s.sends(nil, added("a", "2"), added("b", "1"), end("5"), added("c", "6"), bookmark("7")))
		if watches := s.runFor(t, time.Minute).State().Watches; watches != 1 {
			t.Errorf("%d watches are counted", watches)
		}
		want := []string{"watch opened", "listed 2 in 0s", "reached 5", "reached 6", "reached 7", "watch of 2 events ended after 1m0s, short false"}
		if diff := cmp.Diff(want, m.lines); diff != "" {
			t.Errorf("metrics (-want +got):\n%s", diff)
		}
	})
}

// I14: what is wrong shows in the state as long as it is, with how often, since when and until when.
func TestStateTellsWhatIsWrong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{t: t}
		s.lists = append(s.lists, page("5", ""))
		s.watches = append(s.watches, refuses(errBroken), refuses(errExpired))
		r := s.reflector()
		began := time.Now()
		if state := r.State(); state.Phase != Listing || state.Since != began || !state.LastSign.IsZero() || state.LastFailure != nil {
			t.Errorf("at first: %+v", state)
		}
		if err := r.RunOnce(t.Context()); err == nil {
			t.Error("no failure")
		}
		state := r.State()
		if state.Phase != BackingOff || state.Resume != Connecting || state.Failures != 1 || state.Version != "5" || state.Lists != 1 {
			t.Errorf("after one failure: %+v", state)
		}
		if f := state.LastFailure; f == nil || f.Stage != StageWatch || f.Time != began || f.Attempt != 1 || state.Until.Sub(began) != f.RetryIn || f.RetryIn == 0 {
			t.Errorf("until %v, after %+v", state.Until, f)
		}
		if state.LastSign != began {
			t.Errorf("last sign of life %v, want that of the list", state.LastSign)
		}
	})
}
