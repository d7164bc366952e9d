package record

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

// Entries yields the requests that match, in the order in which they arrived, each as it is when its turn comes. Those
// that arrive meanwhile are not among them.
func (r *Recorder) Entries(match request.Match) iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		r.mu.Lock()
		all := slices.Clone(r.entries)
		r.mu.Unlock()
		for _, e := range all {
			if match.Selects(e.Info) && !yield(r.copy(e)) {
				return
			}
		}
	}
}

func (r *Recorder) copy(e *Entry) Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := *e
	c.Faults = slices.Clip(c.Faults)
	if r.frames > 0 && len(c.Frames) > r.frames {
		c.Frames = c.Frames[len(c.Frames)-r.frames:]
	}
	c.Frames = slices.Clip(c.Frames)
	return c
}

// Count returns how many requests match.
func (r *Recorder) Count(match request.Match) int {
	n := 0
	for range r.Entries(match) {
		n++
	}
	return n
}

// Lists selects the lists of a resource; pages after the first are lists, too.
func Lists(resource schema.GroupResource) request.Match {
	return request.Match{Verbs: []string{"list"}, Resources: []schema.GroupResource{resource}}
}

// Watches selects the watches of a resource.
func Watches(resource schema.GroupResource) request.Match {
	return request.Match{Verbs: []string{"watch"}, Resources: []schema.GroupResource{resource}}
}

// UserAgent is a key for Peaks.
func UserAgent(e Entry) string { return e.UserAgent }

// Peaks returns, for each key, how many of the requests that match were running at once, at most. Requests that follow
// each other in one instant, as they do in a bubble of testing/synctest, do not count as running at once.
func (r *Recorder) Peaks(match request.Match, key func(Entry) string) map[string]int {
	type edge struct {
		at, change int64
		key        string
	}
	var edges []edge
	for e := range r.Entries(match) {
		edges = append(edges, edge{e.began, 1, key(e)})
		if e.ended != 0 {
			edges = append(edges, edge{e.ended, -1, key(e)})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	running, peaks := map[string]int64{}, map[string]int{}
	for _, e := range edges {
		running[e.key] += e.change
		peaks[e.key] = max(peaks[e.key], int(running[e.key]))
	}
	return peaks
}

// Bucket is how many requests arrived from Start on, for the length of a bucket.
type Bucket struct {
	Start time.Time
	Count int
}

// Rate returns how many of the requests that match arrived in each span of a length. Spans begin with the first request;
// those in which none arrived are left out. The length must be positive.
func (r *Recorder) Rate(match request.Match, length time.Duration) []Bucket {
	var buckets []Bucket
	var first time.Time
	for e := range r.Entries(match) {
		if len(buckets) == 0 {
			first = e.Start
		}
		start := first.Add(max(0, e.Start.Sub(first)) / length * length)
		i, found := slices.BinarySearchFunc(buckets, start, func(b Bucket, t time.Time) int { return b.Start.Compare(t) })
		if !found {
			buckets = slices.Insert(buckets, i, Bucket{Start: start})
		}
		buckets[i].Count++
	}
	return buckets
}
