package faultmatrix

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/test/faultmatrix/check"
)

// writes are when a server was written to, from a revision on.
type writes struct {
	from int64
	done []written
}

// written is a write that was given the revisions up to one, from that of the write before on.
type written struct {
	upTo   int64
	at     time.Time
	broken bool // the connection had just been broken
}

// note makes a write, and notes when it began. Nobody else writes meanwhile.
func (w *writes) note(s *S, broken bool, write func()) {
	at := time.Now()
	write()
	w.done = append(w.done, written{s.Revision(), at, broken})
}

// delays are how long after each write a handler was told of it, as far as it was: not of what a list does not show.
func (w *writes) delays(calls []check.Call) (steady, broken delays) {
	for _, c := range calls {
		o := c.New
		if c.Kind == check.Delete {
			o = c.Old
		}
		revision, err := strconv.ParseInt(o.GetResourceVersion(), 10, 64)
		if err != nil || c.Unknown || revision <= w.from {
			continue
		}
		i := sort.Search(len(w.done), func(i int) bool { return w.done[i].upTo >= revision })
		if delay := c.At.Sub(w.done[i].at); w.done[i].broken {
			broken = append(broken, delay)
		} else {
			steady = append(steady, delay)
		}
	}
	slices.Sort(steady)
	slices.Sort(broken)
	return steady, broken
}

// delays are sorted.
type delays []time.Duration

// percentile is what so many of a hundred are at most; 0 of none.
func (d delays) percentile(percent int) time.Duration {
	if len(d) == 0 {
		return 0
	}
	return d[(len(d)*percent+99)/100-1]
}

func (d delays) String() string {
	return fmt.Sprintf("%d, p50 %v, p99 %v, at most %v", len(d), d.percentile(50), d.percentile(99), d.percentile(100))
}

func TestDelaysAreThoseOfWhatWasTold(t *testing.T) {
	told := func(version string, after time.Duration) check.Call {
		return check.Call{New: &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{ResourceVersion: version}}, At: time.Unix(100, 0).Add(after)}
	}
	gone := told("7", 4*time.Second)
	gone.Kind, gone.Old, gone.New = check.Delete, gone.New, nil
	unknown := gone
	unknown.Unknown = true
	w := writes{from: 3, done: []written{{5, time.Unix(100, 0), false}, {6, time.Unix(101, 0), true}, {7, time.Unix(102, 0), false}}}
	steady, broken := w.delays([]check.Call{told("3", time.Hour), told("4", 0), told("5", time.Second), told("6", 4*time.Second), gone, unknown})
	if want := (delays{0, time.Second, 2 * time.Second}); !slices.Equal(steady, want) {
		t.Errorf("with a watch %v, want %v", []time.Duration(steady), []time.Duration(want))
	}
	if want := (delays{3 * time.Second}); !slices.Equal(broken, want) {
		t.Errorf("without one %v, want %v", []time.Duration(broken), []time.Duration(want))
	}
	if p50, p99 := steady.percentile(50), steady.percentile(99); p50 != time.Second || p99 != 2*time.Second {
		t.Errorf("p50 is %v, p99 %v", p50, p99)
	}
}
