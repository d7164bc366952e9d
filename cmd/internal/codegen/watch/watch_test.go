package watch

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/kubewright/kubewright/cmd/internal/codegen/snapshot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const interval = time.Second

// rig is a watcher of one directory in a bubble.
type rig struct {
	t    *testing.T
	dir  string
	runs atomic.Int32
	// during is called within each run and returns what that has written.
	during func() []string
}

// watch lets a watcher run while the test does something.
func (r *rig) watch(test func()) {
	synctest.Test(r.t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		watcher := Watcher{Interval: interval, Run: func(context.Context) (snapshot.Places, []string) {
			r.runs.Add(1)
			var written []string
			if r.during != nil {
				written = r.during()
			}
			return snapshot.Places{Trees: []string{r.dir}}, written
		}}
		go func() { done <- watcher.Watch(ctx) }()
		synctest.Wait()
		test()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// save writes a file with the time of the bubble.
func (r *rig) save(name, content string) string {
	r.t.Helper()
	name = filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		r.t.Fatal(err)
	}
	if err := os.Chtimes(name, time.Now(), time.Now()); err != nil {
		r.t.Fatal(err)
	}
	return name
}

// after lets some looks go by.
func (r *rig) after(looks int) {
	time.Sleep(time.Duration(looks)*interval + interval/2)
	synctest.Wait()
}

func (r *rig) expect(runs int, when string) {
	r.t.Helper()
	if got := int(r.runs.Load()); got != runs {
		r.t.Errorf("%s: %d runs, want %d", when, got, runs)
	}
}

func TestRunsOnceAndAfterChanges(t *testing.T) {
	r := &rig{t: t, dir: t.TempDir()}
	r.watch(func() {
		r.expect(1, "at the start")
		r.after(5)
		r.expect(1, "without changes")
		r.save("a/types.go", "package a")
		r.after(3)
		r.expect(2, "after a new file")
		r.save("a/types.go", "package a // more")
		r.after(3)
		r.expect(3, "after a change")
		if err := os.Remove(filepath.Join(r.dir, "a/types.go")); err != nil {
			t.Fatal(err)
		}
		r.after(3)
		r.expect(4, "after a removal")
		r.save("a/README", "no Go file")
		r.save("a/x_test.go", "package a")
		r.after(3)
		r.expect(4, "after changes that do not matter")
	})
}

func TestManyChangesAreOneRun(t *testing.T) {
	r := &rig{t: t, dir: t.TempDir()}
	r.watch(func() {
		for range 5 {
			r.save("types.go", time.Now().String())
			time.Sleep(interval)
		}
		r.expect(1, "while files are being saved")
		r.after(2)
		r.expect(2, "when all is quiet")
	})
}

func TestWhatTheRunWritesIsNoChange(t *testing.T) {
	r := &rig{t: t, dir: t.TempDir()}
	r.during = func() []string {
		time.Sleep(interval / 2)
		return []string{r.save("generated.go", time.Now().String())}
	}
	r.watch(func() {
		r.after(5)
		r.expect(1, "after the first run")
	})
}

func TestChangesDuringARunAreSeen(t *testing.T) {
	r := &rig{t: t, dir: t.TempDir()}
	r.during = func() []string {
		if r.runs.Load() == 1 {
			time.Sleep(interval / 2)
			r.save("types.go", "saved while the generators ran")
		}
		return nil
	}
	r.watch(func() {
		r.after(5)
		r.expect(2, "after the first run and the second")
	})
}
