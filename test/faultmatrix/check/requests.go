package check

import (
	"net/http"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/record"
)

// Envelope bounds the requests of an informer.
type Envelope struct {
	// Limits are how many requests there may be in any span of a length.
	Limits []Limit
	// Pause is how long at least nothing follows a request that has failed. Once in a row there may be less: net/http repeats at
	// once what an old connection turned out not to take.
	Pause time.Duration
}

// Limit is a number of requests in a span of time.
type Limit struct {
	Count int
	In    time.Duration
}

// checkRequests wants that requests stay within the envelope, and at most one list at a time (I10).
func (i *Informer) checkRequests() []Violation {
	r := report{where: i.Name}
	if i.MostLists > 1 {
		r.add("I10", "%d lists were running at once", i.MostLists)
	}
	for _, l := range i.Envelope.Limits {
		first := 0
		for n, e := range i.Requests {
			for e.Start.Sub(i.Requests[first].Start) >= l.In {
				first++
			}
			if count := n - first + 1; count > l.Count {
				r.add("I10", "%d requests in %v, at most %d are allowed; the last is %s", count, e.Start.Sub(i.Requests[first].Start), l.Count, e.Info)
				break
			}
		}
	}
	for n, hurried := 1, false; n < len(i.Requests); n++ {
		before, after := i.Requests[n-1], i.Requests[n]
		pause := after.Start.Sub(before.Start.Add(before.Duration))
		again := failed(before) && pause < i.Envelope.Pause
		if again && hurried {
			r.add("I10", "%s, %v after %s failed (status %d, %s), is the second in a row that comes sooner than after %v",
				after.Info, pause, before.Info, before.Status, before.Ending, i.Envelope.Pause)
		}
		hurried = again
	}
	return r.found
}

// failed says whether a client must have taken a request for one that failed.
func failed(e record.Entry) bool {
	return e.Status >= http.StatusBadRequest || e.Ending == record.Aborted || e.Ending == record.Panicked
}
