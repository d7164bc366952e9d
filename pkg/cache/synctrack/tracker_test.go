package synctrack

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tracker is what both trackers have in common, with keys for either.
type tracker interface {
	Name() string
	Done() <-chan struct{}
	HasSynced() bool
	UpstreamHasSynced()
}

// singleFile is a SingleFileTracker that is told keys.
type singleFile struct{ *SingleFileTracker }

func (s singleFile) Start(string)    { s.SingleFileTracker.Start() }
func (s singleFile) Finished(string) { s.SingleFileTracker.Finished() }

type keyTracker interface {
	tracker
	Start(string)
	Finished(string)
}

var trackers = map[string]func() keyTracker{
	"async":       func() keyTracker { return NewAsyncTracker[string]("async") },
	"single file": func() keyTracker { return singleFile{NewSingleFileTracker("single file")} },
}

// Done needs both, in whatever order: that the source has synced, and that everything was finished.
func TestTrackers(t *testing.T) {
	for name, make := range trackers {
		for steps, want := range map[string]string{
			"source":                    "+",
			"start a, finish a":         "--",
			"start a, finish a, source": "--+",
			"start a, source, finish a": "--+",
			"start a, start b, source, finish a, finish b": "----+",
			"start a, finish a, start b, source, finish b": "----+",
			"source, source":                    "++",
			"source, start a":                   "++", // too late to matter
			"source, start a, source, finish a": "++++",
		} {
			tr := make()
			got := ""
			for _, step := range strings.Split(steps, ", ") {
				switch verb, key, _ := strings.Cut(step, " "); verb {
				case "start":
					tr.Start(key)
				case "finish":
					tr.Finished(key)
				default:
					tr.UpstreamHasSynced()
				}
				select {
				case <-tr.Done():
					got += "+"
				default:
					got += "-"
				}
				if (got[len(got)-1] == '+') != tr.HasSynced() {
					t.Errorf("%s, %s: Done and HasSynced disagree", name, steps)
				}
			}
			if got != want || tr.Name() != name {
				t.Errorf("%s, %s: done %s, want %s", tr.Name(), steps, got, want)
			}
		}
	}
}

func TestAsyncTrackerCountsKeysOnce(t *testing.T) {
	tr := NewAsyncTracker[int]("test")
	tr.Finished(1) // never started
	tr.Start(1)
	tr.Start(1)
	tr.UpstreamHasSynced()
	tr.Finished(2)
	if tr.HasSynced() {
		t.Error("synced before the key was finished")
	}
	tr.Finished(1)
	if !tr.HasSynced() {
		t.Error("not synced: the key is waited for twice")
	}
	tr.Finished(1)
}

func TestSingleFileTrackerPanicsWithoutStart(t *testing.T) {
	for _, synced := range []bool{false, true} {
		tr := NewSingleFileTracker("test")
		tr.Start()
		tr.Finished()
		if synced {
			tr.UpstreamHasSynced()
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			tr.Finished()
		}()
		tr.Start() // still usable
		tr.Finished()
	}
}

// Done is closed once, whoever is last.
func TestTrackersOfManyWorkers(t *testing.T) {
	for name, make := range trackers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr := make()
				var workers sync.WaitGroup
				for i := range 100 {
					tr.Start(fmt.Sprint(i))
					workers.Go(func() { tr.Finished(fmt.Sprint(i)) })
				}
				for range 3 {
					workers.Go(tr.UpstreamHasSynced)
				}
				<-tr.Done()
				workers.Wait()
				if !tr.HasSynced() {
					t.Error("not synced")
				}
			})
		})
	}
}
