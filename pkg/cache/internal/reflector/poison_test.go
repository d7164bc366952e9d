package reflector

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// R8, row 11: objects that cannot be decoded are left out and reported once, others flow, and the version moves on.
func TestPoisonedObjectsAreLeftOut(t *testing.T) {
	s := &script{}
	s.lists = append(s.lists, page("5", "", "a", "!bad"), page("10", "", "a", "!bad", "!worse"))
	s.watches = append(s.watches,
		s.sends(errBroken,
			added("b", "6"), event(watch.Modified, "!bad", "7"), event(watch.Modified, "!bad", "7"), added("c", "8"), event(watch.Deleted, "!gone", "9")),
		s.sends(Lost(errExpired)))
	errs := s.run(t,
		`list rv="0" limit=500 continue=""`, "replace 5 [a poison bad]",
		`watch rv="5"`, "ADDED b", "MODIFIED poison bad", "MODIFIED poison bad", "ADDED c", "DELETED poison gone",
		`watch rv="9"`,
		`list rv="9" limit=0 continue=""`, "replace 10 [a poison bad poison worse]", `watch rv="10"`)
	var told []string
	for _, failure := range errs {
		var p *Poison
		if errors.As(failure, &p) {
			told = append(told, p.Name+"@"+p.Version)
			if failure.Stage != StageDecode || failure.RetryIn != 0 || failure.Attempt != 0 {
				t.Errorf("reported %+v, want no wait", failure)
			}
		}
	}
	if got := strings.Join(told, " "); got != "bad@5 bad@7 bad@10 worse@10" {
		t.Errorf("reported %s", got)
	}
}

// A poisoned object of the same version is the same news, however often it is listed.
func TestPoisonIsReportedOnce(t *testing.T) {
	s := &script{}
	for range 3 {
		s.lists = append(s.lists, page("5", "", "!bad"))
		s.watches = append(s.watches, s.sends(Lost(errBroken)))
	}
	synctest.Test(t, func(t *testing.T) {
		r := s.runFor(t, 150*time.Second)
		lost, poison := Failure{Stage: StageEvent, Err: ErrLost}, Failure{Stage: StageDecode, Err: errBroken}
		reported(t, s.errs, poison, lost, lost)
		if got := r.State().Quarantined; got != 1 {
			t.Errorf("%d objects are quarantined", got)
		}
	})
}

func TestQuarantineEndsWhenTheObjectHealsOrGoes(t *testing.T) {
	for name, heals := range map[string]Event[string]{
		"heals":                event(watch.Modified, "bad", "6"),
		"goes":                 event(watch.Deleted, "bad", "6"),
		"goes without healing": event(watch.Deleted, "!bad", "6"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{}
				s.lists = append(s.lists, page("5", "", "!bad"))
				s.watches = append(s.watches, s.sends(nil, heals, bookmark("7")))
				if got := s.runFor(t, time.Minute).State().Quarantined; got != 0 {
					t.Errorf("%d objects are quarantined", got)
				}
			})
		})
	}
}

// A kind that cannot be decoded at all is not a flood of reports.
func TestReportsOfPoisonAreBounded(t *testing.T) {
	var q quarantine
	var all []Poison
	for i := range 10_000 {
		all = append(all, Poison{Name: fmt.Sprint(i), Version: "1"})
	}
	news := q.replace(all, 0)
	if len(news) != maxPoisonReports+1 || news[maxPoisonReports].Error() != "9900 more objects of the list are left out" {
		t.Errorf("%d reports, the last is %v", len(news), news[len(news)-1])
	}
	if news := q.replace(all, 0); len(news) != 0 {
		t.Errorf("%d reports of what is known", len(news))
	}
	if q.size() != 10_000 {
		t.Errorf("%d objects are quarantined", q.size())
	}
}

// A server that sends nothing but objects that cannot be decoded does not fill the memory: beyond a number they are counted.
func TestPoisonIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all []string
		for i := range MaxPoisoned + 5 {
			all = append(all, fmt.Sprintf("!%d", i))
		}
		for name, streams := range map[string]bool{"pages": false, "streamed": true} {
			s := &script{streams: streams}
			events := []Event[string]{added("good", "1"), event(watch.Modified, "!good", "5")}
			for _, o := range all {
				events = append(events, event(watch.Modified, o, "4"))
			}
			if streams {
				s.watches = append(s.watches, s.sends(nil, append(events, end("5"))...))
			} else {
				s.lists = append(s.lists, page("5", "", append(all, "good")...))
			}
			var list List[string]
			s.as = spy{s, &list}
			r := s.runFor(t, 10*time.Second)
			more := 5
			if streams { // the last state of good is bad
				more++
			}
			if len(list.Poisoned) != MaxPoisoned || list.More != more || list.TellsAll() || r.State().Quarantined != MaxPoisoned+more {
				t.Errorf("%s: %d poisoned objects and %d more, %d in all", name, len(list.Poisoned), list.More, r.State().Quarantined)
			}
			if n := len(s.errs); n != maxPoisonReports+1 || !strings.Contains(s.errs[n-1].Error(), "more objects of the list are left out") {
				t.Errorf("%s: %d reports, the last is %v", name, n, s.errs[n-1])
			}
		}
	})
}

// spy remembers the list that a script was given.
type spy struct {
	*script
	list *List[string]
}

func (s spy) Replace(list List[string]) error {
	*s.list = list
	return nil
}

func TestQuarantineOfAWatchIsBounded(t *testing.T) {
	var q quarantine
	for i := range MaxPoisoned + 5 {
		if !q.add(&Poison{Name: fmt.Sprint(i), Version: "1"}) {
			t.Errorf("object %d is no news", i)
		}
	}
	if q.add(&Poison{Name: "0", Version: "1"}) || !q.add(&Poison{Name: "0", Version: "2"}) {
		t.Error("what is known is forgotten")
	}
	if len(q.known) != MaxPoisoned || q.size() != MaxPoisoned+5 {
		t.Errorf("%d objects are known of %d", len(q.known), q.size())
	}
}

func TestPoisonIsShort(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	p := newPoison("ns", "n", "u", "7", fmt.Errorf("%w: %s", errBroken, long))
	if text := p.Err.Error(); len(text) > maxPoisonText+3 || !strings.HasPrefix(text, errBroken.Error()) || p.Name != "n" {
		t.Errorf("%d bytes of %+v", len(text), *p)
	}
	if p := newPoison("ns", "n", "", "", nil); p.Err != nil {
		t.Errorf("error = %v of none", p.Err)
	}
	if p := newPoison(long, "n", types.UID(long), long, errBroken); *p != (Poison{Err: errBroken}) {
		t.Errorf("an identity of %d bytes", len(p.Namespace)+len(p.Name)+len(p.UID)+len(p.Version))
	}
	if p := newPoison("ns", "n", "", "", panickingError{}); !strings.HasPrefix(p.Err.Error(), "panic: no text") {
		t.Errorf("error = %v", p.Err)
	}
}

type panickingError struct{}

func (panickingError) Error() string { panic("no text") }

func TestPoisonTellsWhichObjectAndNothingElse(t *testing.T) {
	for want, p := range map[string]*Poison{
		`object ns/n (UID "u", version "7") is left out: connection reset`:    {Namespace: "ns", Name: "n", UID: "u", Version: "7", Err: errBroken},
		`an object that does not tell its name is left out: connection reset`: {Err: errBroken},
	} {
		if p.Error() != want {
			t.Errorf("error = %q, want %q", p, want)
		}
	}
}
