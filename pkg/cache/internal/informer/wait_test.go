package informer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
	"github.com/kubewright/kubewright/pkg/cache/internal/versions"
)

// wait calls WaitVersion in a goroutine; the result can be taken when it has returned.
func (r *rig) wait(t *testing.T, key, version string) (result func() string) {
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		err = r.WaitVersion(t.Context(), key, version)
	}()
	return func() string {
		synctest.Wait()
		select {
		case <-done:
			return fmt.Sprint(err)
		default:
			return "waits"
		}
	}
}

func expect(t *testing.T, result func() string, want string) {
	t.Helper()
	if got := result(); !strings.Contains(got, want) {
		t.Errorf("WaitVersion: %s, want %s", got, want)
	}
}

const noError = "<nil>"

func TestWaitVersion(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(t *testing.T, r *rig)
		want    string
	}{
		"nothing":                           {func(*testing.T, *rig) {}, "waits"},
		"the write":                         {func(t *testing.T, r *rig) { r.apply(t, watch.Modified, "a@5") }, noError},
		"an older write":                    {func(t *testing.T, r *rig) { r.apply(t, watch.Modified, "a@4") }, "waits"},
		"a newer write":                     {func(t *testing.T, r *rig) { r.apply(t, watch.Modified, "a@10") }, noError},
		"the deletion":                      {func(t *testing.T, r *rig) { r.apply(t, watch.Deleted, "a@6") }, noError},
		"an older deletion":                 {func(t *testing.T, r *rig) { r.apply(t, watch.Deleted, "a@4") }, "waits"},
		"another object, later":             {func(t *testing.T, r *rig) { r.apply(t, watch.Added, "b@7") }, noError},
		"another object, before":            {func(t *testing.T, r *rig) { r.apply(t, watch.Added, "b@4") }, "waits"},
		"a list of then":                    {func(t *testing.T, r *rig) { r.replace(t, "5") }, noError},
		"a list of before":                  {func(t *testing.T, r *rig) { r.replace(t, "4", "a@4") }, "waits"},
		"the list is older than its object": {func(t *testing.T, r *rig) { r.replace(t, "4", "a@5") }, "waits"}, // until something happens; no server does that
		"a bookmark": {func(t *testing.T, r *rig) {
			if err := r.sink.Apply(reflector.Event[object]{Type: watch.Bookmark, Version: "5"}); err != nil {
				t.Error(err)
			}
		}, noError},
		"poison":           {func(t *testing.T, r *rig) { r.poison(t, watch.Modified, "a@5") }, "could not be decoded: broken"},
		"other poison":     {func(t *testing.T, r *rig) { r.poison(t, watch.Modified, "b@5") }, noError},
		"poison, too late": {func(t *testing.T, r *rig) { r.apply(t, watch.Modified, "a@5"); r.poison(t, watch.Modified, "a@6") }, noError},
		"the end":          {func(_ *testing.T, r *rig) { r.stop() }, ErrStopped.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(0)
				early := r.wait(t, "a", "3")
				r.start(t)
				r.replace(t, "3", "a@2")
				expect(t, early, noError)
				before := r.wait(t, "a", "5")
				expect(t, before, "waits")
				c.happens(t, r)
				expect(t, before, c.want)
				if c.want != "waits" {
					expect(t, r.wait(t, "a", "5"), c.want) // and at once from then on
				}
				r.end()
				synctest.Wait()
				if n := r.waits.count.Load(); n != 0 || len(r.waits.waiters) != 0 {
					t.Errorf("%d waiters are left", n)
				}
			})
		})
	}
}

func TestWaitVersionThatIsNoNumber(t *testing.T) {
	for _, version := range []string{"", "0", "v1", "1.5"} {
		if err := newRig(0).WaitVersion(t.Context(), "a", version); err == nil {
			t.Errorf("waited for version %q", version)
		}
	}
}

func TestWaitVersionLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(0)
		r.start(t)
		r.replace(t, "1")
		cause := errors.New("given up")
		for i := range 100 {
			ctx, cancel := context.WithCancelCause(t.Context())
			go func() {
				if err := r.WaitVersion(ctx, "a", fmt.Sprint(100-i)); !errors.Is(err, cause) && i != 99 {
					t.Errorf("WaitVersion = %v, want the cause of the context", err)
				}
			}()
			time.AfterFunc(time.Duration(rand.IntN(100))*time.Millisecond, func() { cancel(cause) })
		}
		time.Sleep(time.Second)
		if n := r.waits.count.Load(); n != 0 || len(r.waits.waiters) != 0 {
			t.Errorf("%d waiters are left", n)
		}
		r.end()
	})
}

// Nobody who reads their own writes waits too short or for ever, with writers, readers and those who give up all at once.
func TestManyReadTheirOwnWrites(t *testing.T) {
	r := newRig(0)
	r.start(t)
	r.replace(t, "1")
	var mu sync.Mutex // guards version, and keeps events in order
	version := 1
	var clients sync.WaitGroup
	for c := range 20 {
		clients.Go(func() {
			k := fmt.Sprint("k", c%7)
			for i := range 100 {
				mu.Lock()
				version++
				written := fmt.Sprint(version)
				r.apply(t, watch.Modified, object(k+"@"+written))
				mu.Unlock()
				ctx := t.Context()
				if i%10 == 9 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithCancel(ctx)
					cancel()
				}
				if err := r.WaitVersion(ctx, k, written); err != nil {
					if ctx.Err() == nil {
						t.Error(err)
					}
					continue
				}
				if got, _ := r.Store().Get(k); versions.Older(identity(got).Version, written) {
					t.Errorf("read %s after %s was written", got, written)
				}
			}
		})
	}
	clients.Wait()
	r.end()
	if n := r.waits.count.Load(); n != 0 {
		t.Errorf("%d waiters are left", n)
	}
}

func TestWaitersAreWokenInOrder(t *testing.T) {
	var w waits
	var all []*waiter
	for _, version := range rand.Perm(200) {
		all = append(all, w.add(fmt.Sprint(version+1)))
	}
	for i, waiter := range all {
		if i%3 == 0 {
			w.remove(waiter)
			w.remove(waiter)
		}
	}
	w.wake("100")
	woken := func(waiter *waiter) bool {
		select {
		case <-waiter.done:
			return true
		default:
			return false
		}
	}
	for i, waiter := range all {
		if want := i%3 != 0 && versions.Reached("100", waiter.version); woken(waiter) != want {
			t.Errorf("waiter for %s woken: %v, want %v", waiter.version, !want, want)
		}
	}
	w.stop()
	if slices.ContainsFunc(all, func(waiter *waiter) bool { return waiter.place >= 0 }) || !w.add("1000").stopped {
		t.Error("somebody waits for what has ended")
	}
}
