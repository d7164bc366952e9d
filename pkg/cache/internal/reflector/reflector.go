package reflector

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/utils/clock"
)

const (
	defaultPageSize     = 500
	defaultWatchTimeout = 5 * time.Minute
	// watchSlack is how much longer than the server's the reflector's own deadline for a watch is.
	watchSlack = 30 * time.Second
	// listTimeout is the deadline for one page, and connectTimeout that for the beginning of the answer to a watch; an
	// API server by default gives itself one minute for either.
	listTimeout    = 5 * time.Minute
	connectTimeout = 2 * time.Minute
)

// Options configure a Reflector. The zero value is fine.
type Options struct {
	// PageSize is how many objects to ask for at a time. Zero is 500 for lists that the server reads from its storage,
	// and no limit for those at a certain version, which it can answer from memory. A negative size is never a limit.
	PageSize int64
	// MinWatchTimeout is the least time after which the server is asked to end a watch; the time asked for is random
	// between it and its double. Zero, and anything below, is five minutes.
	MinWatchTimeout time.Duration
	// Backoff is how long to wait after errors. Nil is 0.8 s, doubling up to 30 s, each plus up to as much again at
	// random. It begins anew when nothing was wrong for two minutes.
	Backoff *wait.Backoff
	// Clock tells the time for waits. Nil is the real one. Deadlines of requests always follow the real one.
	Clock clock.Clock
	// OnError, if set, hears of every error before the wait that follows. It is called by the goroutine of Run.
	OnError func(ctx context.Context, err error)
}

// Reflector feeds a sink from a source. See the package comment.
type Reflector[T any] struct {
	source  Source[T]
	sink    Sink[T]
	options Options

	mu    sync.Mutex // guards state for readers; only the goroutine of Run writes it
	state State

	// The goroutine of Run owns what follows.
	backoff   *backoff
	collected List[T]       // what the pages of the list under way had
	watch     *openWatch[T] // set in phase Watching only
}

// openWatch is a watch under way.
type openWatch[T any] struct {
	stream   Stream[T]
	ctx      context.Context // ends at the deadline of the watch
	cancel   context.CancelCauseFunc
	deadline *time.Timer // cancels ctx
	opened   time.Time
	events   int
}

// New makes a reflector; Run makes it work.
func New[T any](source Source[T], sink Sink[T], options Options) *Reflector[T] {
	if options.MinWatchTimeout < defaultWatchTimeout {
		options.MinWatchTimeout = defaultWatchTimeout
	}
	if options.Clock == nil {
		options.Clock = clock.RealClock{}
	}
	delays := defaultBackoff()
	if options.Backoff != nil {
		delays = *options.Backoff
	}
	return &Reflector[T]{
		source:  source,
		sink:    sink,
		options: options,
		backoff: newBackoff(delays),
		state:   initialState(),
	}
}

// State is what the reflector is doing. It may be called from any goroutine.
func (r *Reflector[T]) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state
}

// Run lists and watches until ctx is done. It leaves nothing open and no goroutine behind. It may be called again, but
// not twice at the same time; it then begins with a list that is not older than what was seen before.
func (r *Reflector[T]) Run(ctx context.Context) {
	r.run(ctx, func(err error) bool {
		if r.options.OnError != nil {
			r.options.OnError(ctx, err)
		}
		return true
	})
}

// RunOnce is Run that also ends at the first error, and returns it; OnError does not hear of it.
func (r *Reflector[T]) RunOnce(ctx context.Context) error {
	var first error
	r.run(ctx, func(err error) bool {
		first = err
		return false
	})
	return first
}

// run performs what the state asks for until the state is Stopped, or report says not to go on after an error.
func (r *Reflector[T]) run(ctx context.Context, report func(error) bool) {
	defer r.closeWatch()
	r.collected = List[T]{}
	for s := r.State().restart(); s.Phase != Stopped; {
		in := r.perform(ctx, s)
		if ctx.Err() != nil {
			in = input{kind: cancelled}
		}
		var do effects
		s, do = step(s, in)
		r.mu.Lock()
		r.state = s
		r.mu.Unlock()

		if s.Phase != Watching {
			r.closeWatch()
		}
		if do.discard {
			r.collected = List[T]{}
		}
		if do.report != nil && !report(do.report) {
			return
		}
	}
}

// perform does what the phase asks for and says how it went.
func (r *Reflector[T]) perform(ctx context.Context, s State) input {
	switch s.Phase {
	case Listing:
		return r.list(ctx, s.List)
	case Replacing:
		return outcome(input{kind: listTaken}, r.replace(s.List.Version))
	case Connecting:
		return outcome(input{kind: connected}, r.connect(ctx, s.Version))
	case Watching:
		return r.next(s.Version)
	default:
		return r.wait(ctx)
	}
}

// list collects one page.
func (r *Reflector[T]) list(ctx context.Context, list ListState) input {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	options := metav1.ListOptions{ResourceVersion: list.At, Limit: r.limit(list.At)}
	if list.Continue != "" { // the token implies the version; a server refuses both together
		options.ResourceVersion, options.Continue = "", list.Continue
	}
	before := r.collected
	page, err := r.source.List(ctx, options, func(item Item[T]) error {
		if item.Poison != nil {
			r.collected.Poisoned = append(r.collected.Poisoned, *item.Poison)
		} else {
			r.collected.Objects = append(r.collected.Objects, item.Object)
		}
		return nil
	})
	if err != nil {
		clear(r.collected.Objects[len(before.Objects):])
		r.collected = before // the page is asked for again
		return input{kind: failed, err: fmt.Errorf("list: %w", err)}
	}
	return input{kind: pageTaken, page: page}
}

// limit is how many objects to ask for in a list at a version.
func (r *Reflector[T]) limit(at string) int64 {
	switch {
	case r.options.PageSize < 0:
		return 0
	case r.options.PageSize > 0:
		return r.options.PageSize
	case at == anyVersion || at == newestVersion:
		return defaultPageSize
	default:
		return 0
	}
}

// replace hands the list to the sink.
func (r *Reflector[T]) replace(version string) error {
	list := r.collected
	list.Version = version
	r.collected = List[T]{}
	return r.sink.Replace(list)
}

// connect opens a watch that begins after version.
func (r *Reflector[T]) connect(ctx context.Context, version string) error {
	timeout := r.options.MinWatchTimeout + rand.N(r.options.MinWatchTimeout)
	seconds := int64(timeout.Seconds())
	ctx, cancel := context.WithCancelCause(ctx)
	deadline := time.AfterFunc(timeout+watchSlack, func() { cancel(errSilent) })
	impatience := time.AfterFunc(connectTimeout, func() { cancel(errNoAnswer) })
	stream, err := r.source.Watch(ctx, metav1.ListOptions{
		ResourceVersion:     version,
		AllowWatchBookmarks: true,
		TimeoutSeconds:      &seconds,
	})
	impatience.Stop()
	if err != nil {
		deadline.Stop()
		if ctx.Err() != nil {
			err = fmt.Errorf("%w: %w", context.Cause(ctx), err)
		}
		cancel(nil)
		return fmt.Errorf("watch: %w", err)
	}
	r.watch = &openWatch[T]{stream: stream, ctx: ctx, cancel: cancel, deadline: deadline, opened: time.Now()}
	return nil
}

// next waits for an event and gives it to the sink.
func (r *Reflector[T]) next(version string) input {
	w := r.watch
	event, err := w.stream.Next(w.ctx)
	switch {
	case err == nil:
	case errors.Is(err, io.EOF):
		return input{kind: closed, lasted: time.Since(w.opened), events: w.events}
	default:
		return input{kind: failed, err: fmt.Errorf("watch: %w", err), lasted: time.Since(w.opened)}
	}
	w.events++
	if err := r.sink.Apply(event); err != nil {
		return input{kind: failed, err: Lost(fmt.Errorf("watch event %s: %w", event.Type, err))}
	}
	if event.Version != "" {
		version = event.Version
	}
	return input{kind: eventTaken, version: version}
}

// wait backs off.
func (r *Reflector[T]) wait(ctx context.Context) input {
	timer := r.options.Clock.NewTimer(r.backoff.next(r.options.Clock.Now()))
	defer timer.Stop()
	select {
	case <-timer.C():
		return input{kind: waited}
	case <-ctx.Done():
		return input{kind: cancelled}
	}
}

// closeWatch stops the watch, if one is open.
func (r *Reflector[T]) closeWatch() {
	if r.watch != nil {
		r.watch.stream.Stop()
		r.watch.deadline.Stop()
		r.watch.cancel(nil)
		r.watch = nil
	}
}

// outcome is the input for a phase that did its work or failed.
func outcome(done input, err error) input {
	if err != nil {
		return input{kind: failed, err: err}
	}
	return done
}
