package record

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

// Options of a Recorder.
type Options struct {
	// Limit is how many requests are kept, the newest; 0 for all.
	Limit int
	// Frames is how many frames are kept of each watch, the newest; 0 for all, negative for none: then they are counted,
	// but not decoded.
	Frames int
	// User tells who makes a request; nil for nobody.
	User func(*http.Request) string
	// Of selects the requests that are recorded; all if it is zero.
	Of request.Match
}

// Recorder keeps the requests. It is safe for concurrent use.
type Recorder struct {
	limit, frames int
	user          func(*http.Request) string
	of            request.Match

	mu      sync.Mutex // guards all below, and what entries point at
	clock   int64      // of beginnings and ends
	last    int64      // ID given
	entries []*Entry   // in the order of ID
	dropped int64
	arrived chan struct{} // closed when a request arrives; nil if nobody waits
}

// New returns a Recorder without requests.
func New(o Options) *Recorder {
	if o.User == nil {
		o.User = func(*http.Request) string { return "" }
	}
	return &Recorder{limit: o.Limit, frames: o.Frames, user: o.User, of: o.Of}
}

type contextKey struct{}

// noted is where Note finds the entry of a request.
type noted struct {
	recorder *Recorder
	entry    *Entry
}

// Note says that a fault hit the request of a context. Without a Recorder it does nothing.
func Note(ctx context.Context, fault string) {
	if n, ok := ctx.Value(contextKey{}).(noted); ok {
		n.recorder.mu.Lock()
		defer n.recorder.mu.Unlock()
		n.entry.Faults = append(n.entry.Faults, fault)
	}
}

// Wrap returns a handler that records what it hands to next.
func (r *Recorder) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		info := request.Parse(req)
		info.User = r.user(req)
		if !r.of.Selects(info) {
			next.ServeHTTP(w, req)
			return
		}
		e := r.begin(info, req.Proto)
		ctx := req.Context()
		seen := req.WithContext(context.WithValue(ctx, contextKey{}, noted{r, e}))
		if req.Body != nil && req.Body != http.NoBody {
			seen.Body = &reader{ReadCloser: req.Body, recorder: r, entry: e}
		}
		ending := Panicked
		defer func() {
			p := recover()
			if p == http.ErrAbortHandler { //nolint:errorlint // as net/http compares it
				ending = Aborted
			}
			r.end(e, ending)
			if p != nil {
				panic(p)
			}
		}()
		next.ServeHTTP(&writer{ResponseWriter: w, recorder: r, entry: e}, seen)
		ending = Complete
		if ctx.Err() != nil {
			ending = Canceled
		}
	})
}

func (r *Recorder) begin(info request.Info, proto string) *Entry {
	e := &Entry{Info: info, Proto: proto, Start: time.Now()}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock++
	r.last++
	e.began, e.ID = r.clock, r.last
	r.entries = append(r.entries, e)
	if r.limit > 0 && len(r.entries) > r.limit {
		r.entries[0] = nil
		r.entries = r.entries[1:]
		r.dropped++
	}
	if r.arrived != nil {
		close(r.arrived)
		r.arrived = nil
	}
	return e
}

func (r *Recorder) end(e *Entry, ending Ending) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock++
	e.ended, e.Ending, e.Duration = r.clock, ending, time.Since(e.Start)
	if e.Status == 0 && ending == Complete {
		e.Status = http.StatusOK // what net/http writes for a handler that writes nothing
	}
}

// Reset forgets all requests. IDs go on.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries, r.dropped = nil, 0
}

// Dropped is how many requests are not kept, because of Options.Limit. Where it is not 0, counts of all requests are
// counts of the newest ones.
func (r *Recorder) Dropped() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.dropped
}

// Wait blocks until n requests of those that are kept match, whether they are done or not.
func (r *Recorder) Wait(ctx context.Context, match request.Match, n int) error {
	for {
		r.mu.Lock()
		if r.arrived == nil {
			r.arrived = make(chan struct{})
		}
		arrived := r.arrived
		r.mu.Unlock()
		got := r.Count(match)
		if got >= n {
			return nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return fmt.Errorf("%d of %d requests have come: %w", got, n, context.Cause(ctx))
		}
	}
}
