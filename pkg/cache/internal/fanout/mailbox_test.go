package fanout

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// state is one state of an object.
type state struct{ uid, version int }

func sameUID(a, b state) bool { return a.uid == b.uid }

// world makes changes of objects, as an informer would tell them.
type world struct {
	random  *rand.Rand
	objects map[string]state
	gone    map[string]state // the final state of those that were there
	version int
}

func newWorld(seed uint64) *world {
	return &world{random: rand.New(rand.NewPCG(seed, 7)), objects: map[string]state{}, gone: map[string]state{}}
}

const worldKeys = 6

// change makes one change, or tells of an object again.
func (w *world) change() Notification[state] {
	w.version++
	key := fmt.Sprint(w.random.IntN(worldKeys))
	now, exists := w.objects[key]
	after := state{now.uid, w.version}
	n := Notification[state]{Key: key, Old: now, New: after}
	switch what := w.random.IntN(6); {
	case !exists:
		n.Kind = Add
		if n.New.uid = w.version; w.random.IntN(2) == 0 && w.gone[key] != (state{}) {
			n.New.uid = w.gone[key].uid // it comes back, as an object that leaves a selector can
		}
	case what == 0:
		n.Kind = Delete
	case what == 1:
		n.Kind, n.New = DeleteUnknown, now
	case what == 2: // resync
		n.Kind, n.New = Update, now
	default:
		n.Kind = Update
	}
	if n.Kind.deletes() {
		delete(w.objects, key)
		w.gone[key] = n.New
	} else {
		w.objects[key] = n.New
	}
	return n
}

// listener checks what a handler is told: for each key an addition, updates, a deletion; Old is what was told last; no
// state is older than one before, and no update is from one object to another (I2, I5).
type listener struct {
	t    testing.TB
	told map[string]state
	all  []Notification[state]
}

func newListener(t testing.TB) *listener { return &listener{t: t, told: map[string]state{}} }

func (l *listener) handle(n Notification[state]) {
	last, knows := l.told[n.Key]
	switch {
	case n.Kind.adds() == knows, !n.Kind.adds() && n.Old != last, n.New.version < last.version, n.Kind == Update && n.Old.uid != n.New.uid:
		l.t.Errorf("%v of %s from %v to %v after %v (%v) was told", n.Kind, n.Key, n.Old, n.New, last, knows)
	}
	if l.told[n.Key] = n.New; n.Kind.deletes() {
		delete(l.told, n.Key)
	}
	l.all = append(l.all, n)
}

// check checks that the last that was told is how things are (I3).
func (l *listener) check(w *world) {
	l.t.Helper()
	if diff := cmp.Diff(w.objects, l.told, cmp.AllowUnexported(state{})); diff != "" {
		l.t.Errorf("what is, and what was told (-is +told):\n%s", diff)
	}
}

var policies = map[string]Queue{
	"unbounded": Unbounded(), "coalescing": Coalescing(), "bounded(1)": Bounded(1), "bounded(5)": Bounded(5), "bounded(30)": Bounded(30),
}

// Under every policy and every interleaving of writer and handler, the handler is told the truth in the right order, no
// more waits than may, and the backlog is exact.
func TestMailboxesTellTheTruth(t *testing.T) {
	for name, policy := range policies {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(100) {
				w, l := newWorld(seed), newListener(t)
				box := newMailbox(policy, sameUID)
				var pushed []Notification[state]
				merged := false
				handling := 0
				take := func() bool {
					n, ok := box.next()
					handling = 0
					if ok && !n.Kind.marks() {
						handling = 1
						l.handle(n)
					}
					return ok
				}
				for range 200 {
					switch burst := w.random.IntN(10); {
					case burst < 2:
						box.push(markOf[state](resynced, time.Now()))
					case burst < 5:
						var b batch[state]
						for range 1 + w.random.IntN(5) {
							b.notifications = append(b.notifications, w.change())
						}
						box.push(b)
						pushed = append(pushed, b.notifications...)
					default:
						for range w.random.IntN(4) {
							take()
						}
					}
					waits, _ := box.backlog()
					all := len(pushed) - len(l.all) + handling
					if merged = merged || waits < all; merged && !policy.coalesces || waits > all {
						t.Fatalf("seed %d: backlog is %d of %d", seed, waits, all)
					}
					if most := max(policy.exact, 2*worldKeys) + 1; policy.coalesces && waits > most {
						t.Fatalf("seed %d: %d wait, at most %d should", seed, waits, most)
					}
				}
				left, _ := box.backlog()
				left -= handling
				told := len(l.all)
				for take() {
				}
				if len(l.all)-told != left {
					t.Fatalf("seed %d: backlog was %d, but %d were left", seed, left, len(l.all)-told)
				}
				l.check(w)
				if waits, since := box.backlog(); waits != 0 || !since.IsZero() {
					t.Fatalf("seed %d: backlog of an empty mailbox is %d since %v", seed, waits, since)
				}
				if !merged && !slices.Equal(l.all, pushed) {
					t.Fatalf("seed %d: told %v, want %v", seed, l.all, pushed)
				}
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}

// program pushes notifications written as "a+1" (addition), "a=2" (update), "a-3" (deletion), "a?" (deletion with
// unknown final state), "|" (mark), with the hundreds as UIDs, and returns what is told then.
func program(t *testing.T, box mailbox[state], words string) string {
	t.Helper()
	last := map[string]state{}
	for _, word := range strings.Fields(words) {
		var b batch[state]
		if word == "|" {
			b = markOf[state](synced, time.Time{})
		} else {
			n := Notification[state]{Key: word[:1], Old: last[word[:1]]}
			fmt.Sscan(word[2:], &n.New.version)
			n.New.uid = n.New.version / 100
			switch word[1] {
			case '+':
				n.Kind = Add
			case '=':
				n.Kind = Update
			case '-':
				n.Kind = Delete
			case '?':
				n.Kind, n.New = DeleteUnknown, n.Old
			}
			if last[n.Key] = n.New; n.Kind.deletes() {
				delete(last, n.Key)
			}
			b.notifications = []Notification[state]{n}
		}
		box.push(b)
	}
	var told []string
	for n, ok := box.next(); ok; n, ok = box.next() {
		switch {
		case n.Kind.marks():
			told = append(told, "|")
		case n.Kind == Add:
			told = append(told, fmt.Sprintf("%s+%d", n.Key, n.New.version))
		case n.Kind == Update:
			told = append(told, fmt.Sprintf("%s:%d=%d", n.Key, n.Old.version, n.New.version))
		case n.Kind == Delete:
			told = append(told, fmt.Sprintf("%s:%d-%d", n.Key, n.Old.version, n.New.version))
		default:
			told = append(told, fmt.Sprintf("%s:%d?%d", n.Key, n.Old.version, n.New.version))
		}
	}
	return strings.Join(told, " ")
}

func TestCoalescing(t *testing.T) {
	for name, c := range map[string]struct{ pushed, want string }{
		"addition and update":               {"a+1 b+2 a=3", "a+3 b+2"},
		"updates":                           {"a=1 b=2 a=3 a=4", "a:0=4 b:0=2"},
		"a resync changes nothing":          {"a=1 b+2 a=1", "a:0=1 b+2"},
		"addition and deletion":             {"a+1 b+2 a-3", "b+2"},
		"update and deletion":               {"a=1 b+2 a-3", "a:0-3 b+2"},
		"update and unseen deletion":        {"a=1 a?", "a:0?1"},
		"deleted and made again":            {"a=1 a-2 a+103", "a:0-2 a+103"},
		"deleted and made again, then more": {"a-2 a+103 b+1 a=104", "a:0-2 a+104 b+1"},
		"made again and deleted again":      {"a-2 a+103 a-104 b+1", "a:0-2 b+1"},
		"again and again":                   {"a-2 a+103 a-104 a+205 a-206 a+307", "a:0-2 a+307"},
		"deleted and back":                  {"a=1 a-2 a+3 b+1 a=4", "a:0=4 b+1"},
		"deleted, replaced, back":           {"a-2 a+103 a-104 a+5", "a:0=5"},
		"marks stay where they are":         {"a+1 b+2 | a=3 c+4 b-5", "a+3 | c+4"},
		"nothing is left but the mark":      {"a+1 | a-2", "|"},
		"additions after the mark stay":     {"a+1 | a-2 a+103", "| a+103"},
		"what should not happen":            {"a+1 a+2 b-3 b-4 c-5 c=6", "a+1 a+2 b:0-3 b:0-4 c:0-5 c:0=6"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := program(t, newMailbox(Coalescing(), sameUID), c.pushed); got != c.want {
				t.Errorf("told %q, want %q", got, c.want)
			}
		})
	}
}

// The function may take its time, and ask about the mailbox; the handler goes on meanwhile.
func TestIncarnationsAreAskedForWithoutALock(t *testing.T) {
	var box mailbox[state]
	taken := 0
	box = newMailbox(Coalescing(), func(a, b state) bool {
		if waits, _ := box.backlog(); waits != 2-taken {
			t.Errorf("backlog = %d while the function is asked, want %d", waits, 2-taken)
		}
		if n, ok := box.next(); ok {
			taken++
			if n.Kind != Delete || n.New.version != 2 {
				t.Errorf("took %v", n)
			}
			box.next()
		}
		return true
	})
	if got, want := program(t, box, "a-2 a+3"), "a+3"; got != want || taken != 1 {
		t.Errorf("told %q after the deletion was taken, want %q", got, want)
	}
}

func TestIncarnationsAreNotAskedForWithoutAFunction(t *testing.T) {
	if got, want := program(t, newMailbox[state](Coalescing(), nil), "a-2 a+103"), "a:0=103"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
}

func TestBounded(t *testing.T) {
	box := newMailbox(Bounded(4), sameUID)
	if got, want := program(t, box, "a+1 a=2 a=3 b+4"), "a+1 a:1=2 a:2=3 b+4"; got != want {
		t.Errorf("four wait: told %q, want %q", got, want)
	}
	if got, want := program(t, box, "a+1 a=2 a=3 b+4 b=5"), "a+3 b+5"; got != want {
		t.Errorf("five wait: told %q, want %q", got, want)
	}
	if got, want := program(t, box, "a+1 b+2 c+3 d+4 e+5 a=6 f+7"), "a+6 b+2 c+3 d+4 e+5 f+7"; got != want {
		t.Errorf("six objects: told %q, want %q", got, want)
	}
	// Two are left, less than half: again each waits.
	if got, want := program(t, box, "a+1 a=2 a=3 a=4 a=5 a=6 a=7"), "a+5 a:5=6 a:6=7"; got != want {
		t.Errorf("after it was put together: told %q, want %q", got, want)
	}
}

// P5, row 35: a handler that blocks for ever holds as many notifications as there are objects.
func TestBlockedHandlerWithABoundedQueue(t *testing.T) {
	for _, policy := range []Queue{Coalescing(), Bounded(50)} {
		synctest.Test(t, func(t *testing.T) {
			var f Fanout[state]
			release := make(chan struct{})
			l := newListener(t)
			r := NewRegistration(func(n Notification[state]) { <-release; l.handle(n) }, Options{Queue: policy}, Hooks[state]{SameIncarnation: sameUID})
			f.Join(t.Context(), r, time.Now(), nil)
			w := newWorld(1)
			for range 20_000 {
				f.Distribute(time.Now(), []Notification[state]{w.change()})
			}
			if got, _ := r.Backlog(); got > 51 {
				t.Errorf("backlog = %d", got)
			}
			close(release)
			synctest.Wait()
			l.check(w)
			f.Stop()
		})
	}
}

// The age of a backlog is that of the oldest notification that is not handled, whatever was put together.
func TestBacklogTellsHowLong(t *testing.T) {
	for name, policy := range policies {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var f Fanout[int]
				release := make(chan struct{})
				r := join(t, &f, func(Notification[int]) { <-release }, Options{Queue: policy})
				check := func(count int, waited time.Duration) {
					t.Helper()
					synctest.Wait()
					if c, w := r.Backlog(); c != count || w != waited {
						t.Errorf("backlog = %d for %v, want %d for %v", c, w, count, waited)
					}
					if s := f.Stats(); s != (Stats{Handlers: 1, Backlog: count, Largest: count, Waited: waited}) {
						t.Errorf("stats = %+v", s)
					}
				}
				check(0, 0)
				for i := range 3 {
					f.Distribute(time.Now(), []Notification[int]{{Kind: Add, Key: fmt.Sprint(i)}})
					time.Sleep(time.Second)
				}
				check(3, 3*time.Second)
				release <- struct{}{}
				check(2, 2*time.Second)
				release <- struct{}{}
				release <- struct{}{}
				check(0, 0)
				f.Synced(time.Now())
				time.Sleep(time.Second)
				check(0, 0)
				f.Distribute(time.Now(), adds(0, 1))
				check(1, 0)
				r.Stop()
				if c, w := r.Backlog(); c != 0 || w != 0 {
					t.Errorf("backlog after Stop = %d for %v", c, w)
				}
				close(release)
				f.Stop()
			})
		})
	}
}

// With all at once, also with the race detector: handlers that come and go, and one of each policy that stays.
func TestHandlersOfAllPoliciesAtOnce(t *testing.T) {
	var f Fanout[state]
	f.Synced(time.Now())
	w := newWorld(3)
	var self *Registration[state]
	hooks := Hooks[state]{SameIncarnation: func(a, b state) bool {
		self.Backlog() // no lock is held
		runtime.Gosched()
		return sameUID(a, b)
	}}
	type member struct {
		*Registration[state]
		heard *listener
	}
	var members []member
	additions := func(yield func(string, state) bool) {
		for key, s := range w.objects {
			if !yield(key, s) {
				return
			}
		}
	}
	join := func(policy Queue) {
		l := newListener(t)
		slow := rand.New(rand.NewPCG(uint64(len(members)), 1))
		r := NewRegistration(func(n Notification[state]) {
			for range slow.IntN(20) {
				runtime.Gosched()
			}
			l.handle(n)
		}, Options{Queue: policy}, hooks)
		if self == nil {
			self = r
		}
		f.Join(t.Context(), r, time.Now(), Additions(additions))
		members = append(members, member{r, l})
	}
	for _, policy := range policies {
		join(policy)
	}
	for i := range 3000 {
		f.Distribute(time.Now(), []Notification[state]{w.change()})
		if i%500 == 499 {
			for _, policy := range policies {
				join(policy)
			}
			for _, m := range members[len(policies)*(len(members)/len(policies)-1):] {
				m.Stop()
			}
		}
	}
	for _, m := range members[:len(policies)] {
		for {
			if waits, _ := m.Backlog(); waits == 0 {
				break
			}
			runtime.Gosched()
		}
		<-m.Synced()
	}
	f.Stop()
	for _, m := range members[:len(policies)] {
		m.heard.check(w)
	}
}

func TestHandlersShareAdditions(t *testing.T) {
	many := func(yield func(string, int) bool) {
		for i := range 2*MaxBatch + 10 {
			if !yield(fmt.Sprint(i), i) {
				return
			}
		}
	}
	additions := Additions(many)
	if len(additions) != 3 || len(additions[2]) != 10 {
		t.Fatalf("%d batches", len(additions))
	}
	synctest.Test(t, func(t *testing.T) {
		var f Fanout[int]
		var told sync.WaitGroup
		for range 3 {
			told.Add(2*MaxBatch + 10)
			f.Join(t.Context(), NewRegistration(func(Notification[int]) { told.Done() }, Options{}, Hooks[int]{}), time.Now(), additions)
		}
		told.Wait()
		f.Stop()
	})
}
