package compat

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/kubewright/kubewright/pkg/cache"
	upstream "k8s.io/client-go/tools/cache"
)

// queue is what a queue of either make offers; objects are strings "key=value".
type queue struct {
	methods
	pop       func(process func(obj any, initial bool) error) (any, error)
	popBatch  func(batch func(deltas any, initial bool) error, single func(obj any, initial bool) error) error // nil: it has none
	tombstone func(key, last string) any
	known     known // what the consumer has; nil: the queue does not know
}

// methods are those that are the same in both makes.
type methods interface {
	Add(obj interface{}) error
	Update(obj interface{}) error
	Delete(obj interface{}) error
	Replace(list []interface{}, resourceVersion string) error
	Resync() error
	HasSynced() bool
	IsClosed() bool
	Close()
}

// known are the objects that a consumer has. It lists them sorted, so that both queues see the same.
type known map[string]string

func (k known) ListKeys() []string { return slices.Sorted(maps.Keys(k)) }

func (k known) GetByKey(key string) (interface{}, bool, error) {
	value, exists := k[key]
	return value, exists, nil
}

func keyOf(obj interface{}) (string, error) {
	text, ok := obj.(string)
	if !ok {
		return "", errors.New("not a string")
	}
	key, _, _ := strings.Cut(text, "=")
	return key, nil
}

func ourTombstone(key, last string) any {
	return cache.DeletedFinalStateUnknown{Key: key, Obj: last}
}

func theirTombstone(key, last string) any {
	return upstream.DeletedFinalStateUnknown{Key: key, Obj: last}
}

func shout(obj interface{}) (interface{}, error) {
	if text, ok := obj.(string); ok && !strings.HasSuffix(text, "!") {
		return text + "!", nil
	}
	return obj, nil
}

func ourRealFIFO(options cache.RealFIFOOptions) queue {
	k := known{}
	if options.KeyFunction = keyOf; !options.AtomicEvents {
		options.KnownObjects = k
	}
	f := cache.NewRealFIFOWithOptions(options)
	return queue{f,
		func(process func(any, bool) error) (any, error) { return f.Pop(process) },
		func(batch func(any, bool) error, single func(any, bool) error) error {
			return f.PopBatch(func(deltas []cache.Delta, initial bool) error { return batch(deltas, initial) }, single)
		}, ourTombstone, k}
}

func theirRealFIFO(options upstream.RealFIFOOptions) queue {
	k := known{}
	if options.KeyFunction = keyOf; !options.AtomicEvents {
		options.KnownObjects = k
	}
	f := upstream.NewRealFIFOWithOptions(options)
	return queue{f,
		func(process func(any, bool) error) (any, error) { return f.Pop(process) },
		func(batch func(any, bool) error, single func(any, bool) error) error {
			return f.PopBatch(func(deltas []upstream.Delta, initial bool) error { return batch(deltas, initial) }, single)
		}, theirTombstone, k}
}

// queues makes one of each kind, of both makes.
var queues = map[string]func() (ours, theirs queue){
	"FIFO": func() (queue, queue) {
		ours, theirs := cache.NewFIFO(keyOf), upstream.NewFIFO(keyOf)
		return queue{methods: ours, pop: func(process func(any, bool) error) (any, error) { return ours.Pop(process) }},
			queue{methods: theirs, pop: func(process func(any, bool) error) (any, error) { return theirs.Pop(process) }}
	},
	"DeltaFIFO": func() (queue, queue) {
		k1, k2 := known{}, known{}
		ours := cache.NewDeltaFIFOWithOptions(cache.DeltaFIFOOptions{KeyFunction: keyOf, KnownObjects: k1, EmitDeltaTypeReplaced: true})
		theirs := upstream.NewDeltaFIFOWithOptions(upstream.DeltaFIFOOptions{KeyFunction: keyOf, KnownObjects: k2, EmitDeltaTypeReplaced: true})
		return queue{ours, func(process func(any, bool) error) (any, error) { return ours.Pop(process) }, nil, ourTombstone, k1},
			queue{theirs, func(process func(any, bool) error) (any, error) { return theirs.Pop(process) }, nil, theirTombstone, k2}
	},
	"RealFIFO": func() (queue, queue) {
		return ourRealFIFO(cache.RealFIFOOptions{}), theirRealFIFO(upstream.RealFIFOOptions{})
	},
	"RealFIFO with a transform": func() (queue, queue) {
		return ourRealFIFO(cache.RealFIFOOptions{Transformer: shout}), theirRealFIFO(upstream.RealFIFOOptions{Transformer: shout})
	},
	"RealFIFO, atomic": func() (queue, queue) {
		return ourRealFIFO(cache.RealFIFOOptions{AtomicEvents: true}), theirRealFIFO(upstream.RealFIFOOptions{AtomicEvents: true})
	},
	"RealFIFO, atomic, unlocked, bookmarks": func() (queue, queue) {
		return ourRealFIFO(cache.RealFIFOOptions{AtomicEvents: true, UnlockWhileProcessing: true, EmitDeltaTypeBookmark: true}),
			theirRealFIFO(upstream.RealFIFOOptions{AtomicEvents: true, UnlockWhileProcessing: true, EmitDeltaTypeBookmark: true})
	},
}

// step is one operation of a program.
type step struct {
	do   string
	obj  string
	list []interface{}
}

// program returns random operations. Lists leave out one object at the most: in which order client-go tells of the
// deletions that one list shows is not defined.
func program(random *rand.Rand) []step {
	object := func(key int) string { return fmt.Sprintf("%c=%d", 'a'+key, random.IntN(100)) }
	kinds := []string{"add", "update", "update", "delete", "tombstone", "replace", "resync", "bookmark", "pop", "pop", "pop batch"}
	steps := make([]step, 40)
	for i := range steps {
		s := step{do: kinds[random.IntN(len(kinds))], obj: object(random.IntN(4))}
		if s.do == "replace" {
			missing := random.IntN(5)
			for _, key := range random.Perm(4) {
				if key != missing {
					s.list = append(s.list, object(key))
				}
			}
			if random.IntN(4) == 0 {
				s.list = append(s.list, s.list[0])
			}
		}
		steps[i] = s
	}
	return append(steps, step{do: "close"}, step{do: "drain"}, step{do: "add", obj: "late=1"})
}

// run performs a program, and returns what could be seen. A pop of an empty queue goes on waiting while the program does.
func (q queue) run(steps []step) (log []string) {
	note := func(format string, args ...any) { log = append(log, fmt.Sprintf(format, args...)) }
	process := func(entry any, initial bool) error {
		note("  %v, in the initial list %v", entry, initial)
		q.consume(fmt.Sprint(entry))
		return errors.New("processed")
	}
	pops, waiting, closed := make(chan string), false, false
	go func() {
		for how := range pops {
			if how == "pop batch" && q.popBatch != nil {
				err := q.popBatch(process, process)
				closed = err.Error() != "processed"
			} else {
				_, err := q.pop(process)
				closed = err.Error() != "processed"
			}
			note("popped, closed %v, synced %v", closed, q.HasSynced())
			waiting = false
		}
	}()
	pop := func(how string) {
		if !waiting {
			waiting = true
			pops <- how
		}
		synctest.Wait()
	}
	for _, s := range steps {
		var err error
		switch s.do {
		case "add":
			err = q.Add(s.obj)
		case "update":
			err = q.Update(s.obj)
		case "delete":
			err = q.Delete(s.obj)
		case "tombstone":
			if q.tombstone != nil {
				err = q.Delete(q.tombstone(s.obj[:1], s.obj))
			}
		case "replace":
			err = q.Replace(slices.Clone(s.list), "7")
		case "resync":
			err = q.Resync()
		case "bookmark":
			if b, ok := q.methods.(interface{ Bookmark(string) error }); ok {
				err = b.Bookmark("9")
			}
		case "pop", "pop batch":
			pop(s.do)
		case "close":
			q.Close()
		case "drain":
			for !closed {
				pop("pop")
			}
		}
		synctest.Wait()
		note("%v: ok %v, synced %v", s, err == nil, q.HasSynced())
	}
	close(pops)
	return log
}

var deltas = regexp.MustCompile(`\{(Added|Updated|Replaced|Sync|Deleted) \{?(\w)(=[0-9!]+)?`)

// consume does what the consumer of a queue does with an entry: it notes what it has.
func (q queue) consume(entry string) {
	if q.known == nil {
		return
	}
	for _, delta := range deltas.FindAllStringSubmatch(entry, -1) {
		if delta[1] == "Deleted" {
			delete(q.known, delta[2])
		} else {
			q.known[delta[2]] = delta[2] + delta[3]
		}
	}
}

// differsInFIFO says of a step whether it is what TestFIFODiffers is about, or makes an order that is not defined.
func differsInFIFO(s step) bool { return s.do == "delete" || s.do == "replace" }

// FIFO is different where an object is deleted, or a list is replaced, before it was popped.
func TestFIFODiffers(t *testing.T) {
	for name, c := range map[string]struct {
		steps        []step
		ours, theirs string
	}{
		"an object that comes again after its deletion is the last one; in client-go it has its old place": {
			[]step{{do: "add", obj: "a=1"}, {do: "add", obj: "b=1"}, {do: "delete", obj: "a"}, {do: "add", obj: "a=2"}, {do: "pop"}},
			"  b=1, in the initial list false", "  a=2, in the initial list false",
		},
		"when the rest of the first list was deleted, it has synced; in client-go it has not": {
			[]step{{do: "replace", list: []interface{}{"a=1"}}, {do: "delete", obj: "a"}},
			"{delete a []}: ok true, synced true", "{delete a []}: ok true, synced false",
		},
		"a list that takes the place of the first has to be popped, no more; in client-go as many as the first had": {
			[]step{{do: "replace", list: []interface{}{"a=1", "b=1"}}, {do: "replace", list: []interface{}{"c=1"}}, {do: "pop"}},
			"popped, closed false, synced true", "popped, closed false, synced false",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ours, theirs := queues["FIFO"]()
				if log := ours.run(c.steps); !slices.Contains(log, c.ours) {
					t.Errorf("ours: %q", log)
				}
				if log := theirs.run(c.steps); !slices.Contains(log, c.theirs) {
					t.Errorf("client-go: %q", log)
				}
			})
		})
	}
}

func TestQueuesDoTheSame(t *testing.T) {
	for name, makeBoth := range queues {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(300) {
				steps := program(rand.New(rand.NewPCG(seed, 1)))
				if name == "FIFO" {
					steps = slices.DeleteFunc(steps, differsInFIFO)
				}
				synctest.Test(t, func(t *testing.T) {
					ours, theirs := makeBoth()
					if diff := cmp.Diff(theirs.run(steps), ours.run(steps)); diff != "" {
						t.Fatalf("seed %d (-client-go +ours):\n%s", seed, diff)
					}
				})
			}
		})
	}
}
