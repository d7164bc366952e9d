package cache

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"weak"

	"github.com/google/go-cmp/cmp"
	"k8s.io/klog/v2/textlogger"
)

// payload is an object of which can be seen whether it is still alive.
type payload struct{ key string }

func payloadKey(obj interface{}) (string, error) {
	p, err := as[*payload](obj)
	if err != nil {
		return "", err
	}
	return p.key, nil
}

// anyQueue is what the tests of all queues need of one.
type anyQueue struct {
	Add      func(obj interface{}) error
	Pop      func(process func() error) error
	Close    func()
	IsClosed func() bool
	end      error // what Pop returns at the end
}

func asQueue(q interface {
	Queue
	IsClosed() bool
}) anyQueue {
	pop := func(process func() error) error {
		_, err := q.Pop(func(interface{}, bool) error { return process() })
		return err
	}
	return anyQueue{q.Add, pop, q.Close, q.IsClosed, ErrFIFOClosed}
}

// everyQueue runs a test with each kind of queue, in a bubble.
func everyQueue(t *testing.T, test func(t *testing.T, q anyQueue)) {
	kinds := map[string]func() anyQueue{
		"FIFO":             func() anyQueue { return asQueue(NewFIFO(payloadKey)) },
		"DeltaFIFO":        func() anyQueue { return asQueue(NewDeltaFIFO(payloadKey, nil)) },
		"RealFIFO":         func() anyQueue { return asQueue(NewRealFIFO(payloadKey, known(), nil)) },
		"RealFIFO, atomic": func() anyQueue { return asQueue(atomicFIFO(payloadKey)) },
		"RealFIFO, batches": func() anyQueue {
			f := atomicFIFO(payloadKey)
			q := asQueue(f)
			q.Pop = func(process func() error) error {
				return f.PopBatch(func([]Delta, bool) error { return process() }, func(interface{}, bool) error { return process() })
			}
			return q
		},
		"Heap": func() anyQueue {
			h := NewHeap(payloadKey, func(a, b interface{}) bool { return a.(*payload).key < b.(*payload).key })
			pop := func(process func() error) error {
				if _, err := h.Pop(); err != nil {
					return err
				}
				return process()
			}
			return anyQueue{h.Add, pop, h.Close, h.IsClosed, errHeapClosed}
		},
	}
	for name, make := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, make()) })
		})
	}
}

func atomicFIFO(key KeyFunc) *RealFIFO {
	return NewRealFIFOWithOptions(RealFIFOOptions{KeyFunction: key, AtomicEvents: true, UnlockWhileProcessing: true, EmitDeltaTypeBookmark: true})
}

// P12: Pop is not missed by what comes while it goes to sleep, be it an entry or the end.
func TestQueuesWakeUpPop(t *testing.T) {
	everyQueue(t, func(t *testing.T, q anyQueue) {
		failed := errors.New("processing failed")
		var results []error
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 2 {
				results = append(results, q.Pop(func() error { return failed }))
			}
		}()
		synctest.Wait()
		must(t, q.Add(&payload{"a"}))
		synctest.Wait()
		if q.IsClosed() || len(results) != 1 || results[0] != failed {
			t.Errorf("closed %v, Pop returned %v; want the error of the processing", q.IsClosed(), results)
		}
		q.Close()
		<-done
		if !q.IsClosed() || results[1] != q.end {
			t.Errorf("Pop of a closed queue returned %v, want %v", results[1], q.end)
		}
	})
}

// P12, W4: all who wait are woken up, and Pop and Close may come in any order.
func TestQueuesCloseWhileManyPop(t *testing.T) {
	everyQueue(t, func(t *testing.T, q anyQueue) {
		results := make(chan error)
		pop := func() {
			go func() { results <- q.Pop(func() error { return nil }) }()
		}
		for range 5 {
			pop()
		}
		synctest.Wait() // these sleep
		for range 5 {
			pop()
		}
		q.Close()
		for range 10 {
			if err := <-results; err != q.end {
				t.Errorf("Pop = %v, want %v", err, q.end)
			}
		}
	})
}

// As W3: to close a queue twice is fine, and what is in it can still be popped.
func TestQueuesCloseTwice(t *testing.T) {
	everyQueue(t, func(t *testing.T, q anyQueue) {
		must(t, q.Add(&payload{"a"}))
		q.Close()
		q.Close()
		pops := 0
		process := func() error { pops++; return nil }
		if err := q.Pop(process); err != nil || pops != 1 {
			t.Errorf("Pop = %v, processed %d", err, pops)
		}
		if err := q.Pop(process); err != q.end {
			t.Errorf("Pop of an empty, closed queue = %v", err)
		}
	})
}

// As W1: an object that was popped is not kept alive by the place that it had.
func TestQueuesForgetWhatWasPopped(t *testing.T) {
	everyQueue(t, func(t *testing.T, q anyQueue) {
		var popped []weak.Pointer[payload]
		for i := range 3 {
			p := &payload{fmt.Sprint("a", i)}
			popped = append(popped, weak.Make(p))
			must(t, q.Add(p))
		}
		q.Close()
		for q.Pop(func() error { return nil }) == nil {
		}
		runtime.GC()
		for i, p := range popped {
			if p.Value() != nil {
				t.Errorf("object %d is still alive", i)
			}
		}
		runtime.KeepAlive(q.Add) // a method of the queue
	})
}

// A panic of the consumer leaves the queue as if it had returned.
func TestQueuesSurviveAPanicOfTheConsumer(t *testing.T) {
	everyQueue(t, func(t *testing.T, q anyQueue) {
		must(t, q.Add(&payload{"a"}))
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = q.Pop(func() error { panic("consumer broke") })
		}()
		must(t, q.Add(&payload{"b"}), q.Pop(func() error { return nil }))
		q.Close()
	})
}

// Only what is called the first list has to be popped: HasSynced is the same for all three queues.
func TestQueuesHaveSynced(t *testing.T) {
	for name, make := range map[string]func() Queue{
		"FIFO":             func() Queue { return NewFIFO(named) },
		"DeltaFIFO":        func() Queue { return NewDeltaFIFO(named, known()) },
		"RealFIFO":         func() Queue { return NewRealFIFO(named, known(), nil) },
		"RealFIFO, atomic": func() Queue { return atomicFIFO(named) },
	} {
		t.Run(name, func(t *testing.T) {
			pop := func(q Queue) (initial bool) {
				if _, err := q.Pop(func(_ interface{}, isInInitialList bool) error { initial = isInInitialList; return nil }); err != nil {
					t.Fatal(err)
				}
				return initial
			}
			q := make()
			if q.HasSynced() || IsDone(q.HasSyncedChecker()) {
				t.Error("synced before it was used")
			}
			must(t, q.Replace([]interface{}{"a=1"}, "7"), q.Add("b=1"))
			if q.HasSynced() || !pop(q) || !q.HasSynced() || pop(q) {
				t.Error("not synced when, and only when, the first list was popped")
			}
			if want, _, _ := strings.Cut(name, ","); q.HasSyncedChecker().Name() != want || !IsDone(q.HasSyncedChecker()) {
				t.Errorf("checker %q, done %v", q.HasSyncedChecker().Name(), IsDone(q.HasSyncedChecker()))
			}

			changed := make()
			must(t, changed.Add("a=1"))
			if !changed.HasSynced() || pop(changed) {
				t.Error("not synced although it began with a change")
			}
			empty := make()
			must(t, empty.Replace(nil, "7"))
			if name == "RealFIFO, atomic" {
				pop(empty) // the list itself is an entry
			}
			if !empty.HasSynced() {
				t.Error("not synced after an empty list")
			}
		})
	}
}

// Objects without a key are an error, of which the object can be had, but is not printed.
func TestQueuesRefuseWhatHasNoKey(t *testing.T) {
	for name, q := range map[string]Queue{
		"FIFO": NewFIFO(named), "DeltaFIFO": NewDeltaFIFO(named, nil), "RealFIFO": NewRealFIFO(named, known(), nil), "atomic": atomicFIFO(named),
	} {
		for method, err := range map[string]error{
			"Add": q.Add(7), "Update": q.Update(7), "Delete": q.Delete(7), "Replace": q.Replace([]interface{}{"a=1", 7}, ""),
		} {
			var keyError KeyError
			if !errors.As(err, &keyError) || keyError.Obj != 7 {
				t.Errorf("%s, %s: error = %v, want a KeyError", name, method, err)
			}
		}
		if entries := popped(t, q); entries != nil {
			t.Errorf("%s: popped %v", name, entries)
		}
	}
}

// brokenKnown are known objects that cannot be read.
type brokenKnown struct{ err error }

func (brokenKnown) ListKeys() []string                           { return []string{"a"} }
func (b brokenKnown) GetByKey(string) (interface{}, bool, error) { return nil, false, b.err }

// P12, k8s#141098: the error of a resync says why. A list goes on without the last state: the object is gone.
func TestQueuesWhoseKnownObjectsCannotBeRead(t *testing.T) {
	reason := errors.New("disk on fire")
	var logged bytes.Buffer
	logger := textlogger.NewLogger(textlogger.NewConfig(textlogger.Output(&logged)))
	for name, q := range map[string]Queue{
		"DeltaFIFO": NewDeltaFIFOWithOptions(DeltaFIFOOptions{KeyFunction: named, KnownObjects: brokenKnown{reason}, Logger: &logger}),
		"RealFIFO":  NewRealFIFOWithOptions(RealFIFOOptions{KeyFunction: named, KnownObjects: brokenKnown{reason}, Logger: &logger}),
	} {
		if err := q.Resync(); !errors.Is(err, reason) || !strings.Contains(err.Error(), `"a"`) {
			t.Errorf("%s: Resync = %v", name, err)
		}
		must(t, q.Replace(nil, "7"))
		if diff := cmp.Diff([]string{"Deleted unknown a <nil>"}, popped(t, q)); diff != "" {
			t.Errorf("%s: popped (-want +got):\n%s", name, diff)
		}
		if line := logged.String(); !strings.Contains(line, `err="disk on fire"`) || !strings.Contains(line, `key="a"`) || !strings.Contains(line, name) {
			t.Errorf("%s logged %q", name, line)
		}
		logged.Reset()
	}
}
