package synctrack

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestLazyEvaluatesWhenItIsAskedAfterNotify(t *testing.T) {
	calls := 0
	z := Lazy[int]{Evaluate: func() (int, error) { calls++; return calls, nil }}
	z.Notify()
	z.Notify()
	if calls != 0 {
		t.Error("evaluated before it was asked")
	}
	for range 3 {
		if value, err := z.Get(); value != 1 || err != nil {
			t.Errorf("Get = %v, %v; want 1", value, err)
		}
	}
	z.Notify()
	z.Notify()
	if value, err := z.Get(); value != 2 || err != nil {
		t.Errorf("Get after Notify = %v, %v; want 2", value, err)
	}
}

func TestLazyEvaluatesOnceForAllWhoAskAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		z := Lazy[int32]{Evaluate: func() (int32, error) {
			time.Sleep(time.Second)
			return calls.Add(1), nil
		}}
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if value, err := z.Get(); value != 1 || err != nil {
					t.Errorf("Get = %v, %v; want 1", value, err)
				}
			})
		}
		wg.Wait()
		if calls.Load() != 1 {
			t.Errorf("%d evaluations", calls.Load())
		}
	})
}

func TestLazyDoesNotKeepErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failed := errors.New("failed")
		var calls, errs atomic.Int32
		z := Lazy[string]{Evaluate: func() (string, error) {
			time.Sleep(time.Second)
			if calls.Add(1) <= 2 {
				return "", failed
			}
			return "value", nil
		}}
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				switch value, err := z.Get(); {
				case err == failed:
					errs.Add(1)
				case value != "value" || err != nil:
					t.Errorf("Get = %v, %v", value, err)
				}
			})
		}
		wg.Wait()
		if calls.Load() != 3 || errs.Load() != 2 {
			t.Errorf("%d evaluations, %d errors; want 3, 2: one for each error, and one for the value", calls.Load(), errs.Load())
		}
	})
}

// Who asks after Notify does not get what was computed from the state before, and waits for nobody who does.
func TestLazyNotifyWhileEvaluating(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var state, calls atomic.Int32
		state.Store(1)
		z := Lazy[int32]{Evaluate: func() (int32, error) {
			seen := state.Load()
			if calls.Add(1) == 1 {
				time.Sleep(time.Hour)
			}
			return seen, nil
		}}
		var old sync.WaitGroup
		for range 2 {
			old.Go(func() {
				if value, err := z.Get(); value != 1 || err != nil {
					t.Errorf("Get = %v, %v; want 1", value, err)
				}
			})
		}
		synctest.Wait()
		state.Store(2)
		z.Notify()
		start := time.Now()
		if value, err := z.Get(); value != 2 || err != nil || time.Since(start) > 0 {
			t.Errorf("Get after Notify = %v, %v after %v; want 2 at once", value, err, time.Since(start))
		}
		old.Wait()
		if value, err := z.Get(); value != 2 || err != nil || calls.Load() != 2 {
			t.Errorf("Get = %v, %v after %d evaluations; the old value came back", value, err, calls.Load())
		}
	})
}

// An evaluation that fails late does not undo a later one.
func TestLazyKeepsTheValueWhenAnOldEvaluationFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		z := Lazy[int32]{Evaluate: func() (int32, error) {
			if n := calls.Add(1); n > 1 {
				return n, nil
			}
			time.Sleep(time.Hour)
			return 0, errors.New("failed")
		}}
		var old sync.WaitGroup
		old.Go(func() {
			if _, err := z.Get(); err == nil {
				t.Error("no error")
			}
		})
		synctest.Wait()
		z.Notify()
		for range 2 {
			if value, err := z.Get(); value != 2 || err != nil {
				t.Errorf("Get = %v, %v; want 2", value, err)
			}
			old.Wait()
		}
	})
}

// P6: no lock is held while it evaluates.
func TestLazyEvaluateMayNotify(t *testing.T) {
	var z Lazy[int]
	calls := 0
	z.Evaluate = func() (int, error) {
		if calls++; calls == 1 {
			z.Notify()
		}
		return calls, nil
	}
	first, _ := z.Get()
	second, _ := z.Get()
	third, _ := z.Get()
	if first != 1 || second != 2 || third != 2 {
		t.Errorf("Get = %d, %d, %d; want 1, 2, 2", first, second, third)
	}
}

// A panic is for the one who evaluates; the others try for themselves.
func TestLazyEvaluatePanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		z := Lazy[string]{Evaluate: func() (string, error) {
			time.Sleep(time.Second)
			if calls.Add(1) == 1 {
				panic("evaluation broke")
			}
			return "value", nil
		}}
		var panics atomic.Int32
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				defer func() {
					if recover() != nil {
						panics.Add(1)
					}
				}()
				if value, err := z.Get(); value != "value" || err != nil {
					t.Errorf("Get = %v, %v", value, err)
				}
			})
		}
		wg.Wait()
		if panics.Load() != 1 || calls.Load() != 2 {
			t.Errorf("%d panics, %d evaluations", panics.Load(), calls.Load())
		}
	})
}
