package reflector

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// Row 11: nobody knows what was deleted if a list has an object that does not tell its name, and nothing made the reflector
// list when the object had healed.
func TestListThatCannotTellWhatWasDeletedIsMadeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		s.lists = append(s.lists, page("5", "", "a", "!"), page("8", "", "a", "b", "!"), page("9", "", "a", "b"))
		s.watches = append(s.watches, s.sends(nil, added("b", "6")), s.sends(nil), s.sends(nil))
		r := s.runFor(t, 4*time.Minute)
		s.called(t,
			`list rv="0" limit=500 continue=""`, "replace 5 [a poison ]", `watch rv="5"`, "ADDED b",
			`list rv="6" limit=0 continue=""`, "replace 8 [a b poison ]", `watch rv="8"`,
			`list rv="8" limit=0 continue=""`, "replace 9 [a b]", `watch rv="9"`)
		if t.Failed() {
			return
		}
		first, second := s.times[4].Sub(s.times[0]), s.times[7].Sub(s.times[4])
		if first < untoldWait || first >= 2*untoldWait || second < first || second >= 2*first {
			t.Errorf("listed again after %v and %v", first, second)
		}
		reported(t, s.errs[:2], Failure{Stage: StageDecode, Err: errBroken}, Failure{Stage: StageDecode, Err: errBroken})
		if state := r.State(); state.Quarantined != 0 || !state.Untold.IsZero() {
			t.Errorf("state %+v", state)
		}
	})
}

// An object that never heals does not become a load, and does not hold up a stop.
func TestListsForNamelessObjectsBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		for i := range 200 {
			s.lists = append(s.lists, page(fmt.Sprint(i+1), "", "!"))
		}
		s.runFor(t, 24*time.Hour)
		// Five or six waits of less than ten minutes, and then ten to twenty minutes each.
		if n := 200 - len(s.lists); n < 72 || n > 150 {
			t.Errorf("%d lists in a day", n)
		}
		if !slices.Contains(s.calls, `watch rv="1"`) {
			t.Error("nothing was watched meanwhile")
		}
	})
}
