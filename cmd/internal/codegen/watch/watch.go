// Package watch runs something again whenever files have changed.
//
// Files are looked at, again and again: that works on every file system, for editors that write in place and for those that
// rename, and costs a few milliseconds for a thousand files.
package watch

import (
	"context"
	"slices"
	"time"

	"github.com/kubewright/kubewright/cmd/internal/codegen/snapshot"
)

// Watcher says what to run, and how often to look.
type Watcher struct {
	// Interval is the time between two looks. A change is acted upon when two looks after it show the same: whoever saves
	// many files, or a long one, causes one run.
	Interval time.Duration
	// Run does the work. It returns what to look at from then on, and which files it has written itself, by absolute names.
	Run func(ctx context.Context) (places snapshot.Places, written []string)
}

// Watch runs once, and then after each change, until the context ends. What changes during a run causes another one. If the
// files cannot be looked at, the error is returned.
func (w *Watcher) Watch(ctx context.Context) error {
	for {
		started := time.Now()
		places, written := w.Run(ctx)
		seen, err := snapshot.Take(places)
		if err != nil {
			return err
		}
		changed := false
		for name, file := range seen.Files {
			changed = changed || file.Modified.After(started) && !slices.Contains(written, name)
		}
		for settled := false; !settled; {
			if !w.sleep(ctx) {
				return nil
			}
			now, err := snapshot.Take(places)
			if err != nil {
				return err
			}
			differs := len(seen.Differences(now)) > 0
			settled = changed && !differs
			changed, seen = changed || differs, now
		}
	}
}

// sleep waits for the interval. It returns false when the context has ended.
func (w *Watcher) sleep(ctx context.Context) bool {
	timer := time.NewTimer(w.Interval)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
