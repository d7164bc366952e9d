package reflector

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// Reflector feeds a sink from a source. See the package comment.
type Reflector[T any] struct {
	source  Source[T]
	sink    Sink[T]
	options Options
	wall    func() time.Time // the wall clock, which goes on while the machine sleeps

	mu        sync.Mutex // guards state, which only the goroutine of Run writes, interrupt and lost
	state     State
	interrupt context.CancelCauseFunc // ends the watch under way; nil if there is none
	lost      error                   // ends the next watch, unless there is a list before it; nil if it need not

	gathered atomic.Int64          // how many objects the list under way has
	lastSign atomic.Int64          // when the server last sent something, in nanoseconds since 1970; zero is never
	watches  atomic.Int64          // how many were opened
	audit    atomic.Pointer[audit] // under way; nil if there is none

	quarantine quarantine

	// The goroutine of Run owns what follows.
	backoff   *backoff
	delay     time.Duration // of the wait that begins
	collected collection[T] // what the list under way has
	due       time.Time     // when to list again since the last list did not tell all; zero if it did
	watch     *openWatch[T] // set in phase Watching, and in Replacing if the list came over it
}

// New makes a reflector; Run makes it work.
func New[T any](source Source[T], sink Sink[T], options Options) *Reflector[T] {
	options = options.withDefaults()
	return &Reflector[T]{
		source:    guardedSource[T]{source},
		sink:      guardedSink[T]{sink},
		options:   options,
		wall:      func() time.Time { return time.Now().Round(0) },
		state:     initialState(!options.NoStreams && source.StreamsLists(), !source.StreamsLists(), options.Clock.Now()),
		backoff:   newBackoff(*options.Backoff),
		collected: collection[T]{key: source.Key},
	}
}

// State is what the reflector is doing. It may be called from any goroutine, and does not wait for the reflector.
func (r *Reflector[T]) State() State {
	r.mu.Lock()
	s := r.state
	r.mu.Unlock()
	if s.Phase == Listing || s.Phase == Streaming {
		s.List.Objects = int(r.gathered.Load())
	}
	if sign := r.lastSign.Load(); sign != 0 {
		s.LastSign = time.Unix(0, sign)
	}
	s.Watches = int(r.watches.Load())
	s.Quarantined = r.quarantine.size()
	return s
}

// Run lists and watches until ctx is done. It leaves nothing open and no goroutine behind. It may be called again, but
// not twice at the same time; it then begins with a list that is not older than what was seen before.
func (r *Reflector[T]) Run(ctx context.Context) {
	r.run(ctx, func(failure Failure, _ bool) bool {
		r.tell(ctx, failure)
		return true
	})
}

// RunOnce is Run that also ends at the first failure that it would have to wait after, and returns it; OnError does not
// hear of that one.
func (r *Reflector[T]) RunOnce(ctx context.Context) error {
	var first error
	r.run(ctx, func(failure Failure, waits bool) bool {
		if waits {
			first = failure
			return false
		}
		r.tell(ctx, failure)
		return true
	})
	return first
}

// run performs what the state asks for until the state is Stopped, or report says not to go on after a failure.
func (r *Reflector[T]) run(ctx context.Context, report func(failure Failure, waits bool) bool) {
	defer r.startAudits(ctx)()
	defer r.closeWatch()
	r.collected.clear()
	r.gathered.Store(0)
	s := r.State().restart(r.now())
	r.publish(s)
	for s.Phase != Stopped {
		in := r.perform(ctx, s)
		if ctx.Err() != nil {
			in = input{kind: cancelled}
		}
		in.now = r.now()
		var do effects
		s, do = step(s, in)
		if in.kind == listTaken {
			r.relistDue(s)
		}

		waits := s.Phase == BackingOff
		var failure Failure
		if waits {
			r.delay = r.pause(in.now, do)
			s.Until = in.now.Add(r.delay)
		}
		if do.report != nil {
			failure = Failure{Stage: in.stage, Err: do.report, Time: in.now, Attempt: s.Failures}
			if waits {
				failure.RetryIn = r.delay
			}
			s.LastFailure = &failure
		}
		r.publish(s)

		if !s.keepsWatch() {
			r.closeWatch()
		}
		if do.discard {
			r.collected.clear()
			r.gathered.Store(0)
			r.abandonAudit()
			r.forgetLost()
		}
		if do.report != nil && !report(failure, waits) {
			return
		}
	}
}

// relistDue notes when to list again what cannot be told now.
func (r *Reflector[T]) relistDue(s State) {
	r.due = time.Time{}
	if !s.Untold.IsZero() {
		r.due = time.Now().Add(untilTold(s.Untold, r.now()))
	}
}

// keepsWatch says whether the watch, if there is one, goes on.
func (s State) keepsWatch() bool {
	return s.Phase == Watching || s.Phase == Replacing && s.List.Streamed
}

// perform does what the phase asks for and says how it went.
func (r *Reflector[T]) perform(ctx context.Context, s State) input {
	switch s.Phase {
	case Listing:
		return r.list(ctx, s.List)
	case Streaming:
		return r.stream(ctx, s.List)
	case Replacing:
		return r.replace(ctx, s.List)
	case Connecting:
		return r.connect(ctx, s.Version)
	case Watching:
		return r.next(ctx, s.Version)
	default:
		return r.wait(ctx)
	}
}

// pause is how long to wait before the next phase.
func (r *Reflector[T]) pause(now time.Time, do effects) time.Duration {
	if do.report == nil {
		return rand.N(do.spread)
	}
	return r.backoff.next(now, do.report)
}

// wait backs off.
func (r *Reflector[T]) wait(ctx context.Context) input {
	if !r.sleep(ctx, r.delay) {
		return input{kind: cancelled}
	}
	return input{kind: waited}
}

// sleep waits and returns false if ctx ended before.
func (r *Reflector[T]) sleep(ctx context.Context, d time.Duration) bool {
	timer := r.options.Clock.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C():
		return true
	case <-ctx.Done():
		return false
	}
}

// publish lets readers see a state.
func (r *Reflector[T]) publish(s State) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state = s
}

// tell reports a failure.
func (r *Reflector[T]) tell(ctx context.Context, failure Failure) {
	if r.options.OnError != nil {
		r.options.OnError(ctx, failure)
	}
}

// heard notes a sign of life of the server.
func (r *Reflector[T]) heard() { r.lastSign.Store(r.now().UnixNano()) }

func (r *Reflector[T]) now() time.Time { return r.options.Clock.Now() }
