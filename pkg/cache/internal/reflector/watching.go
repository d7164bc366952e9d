package reflector

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/versions"
)

const (
	// watchSlack is how much longer than the server's the reflector's own deadline for a watch is.
	watchSlack = 30 * time.Second
	// connectTimeout is the deadline for the beginning of the answer to a watch. An API server by default gives itself
	// one minute.
	connectTimeout = 2 * time.Minute
)

// openWatch is a watch under way.
type openWatch[T any] struct {
	stream   Stream[T]
	ctx      context.Context // ends at the deadline of the watch
	cancel   context.CancelCauseFunc
	deadline *time.Timer // cancels ctx
	clock    *clockGuard // cancels ctx
	relist   *time.Timer // cancels ctx; nil if there is no reason to list again
	opened   time.Time
	asked    time.Duration // for how long
	events   int
	short    bool // the server has ended it at once
}

// connect opens a watch that begins after version.
func (r *Reflector[T]) connect(ctx context.Context, version string) input {
	if _, err := r.open(ctx, metav1.ListOptions{ResourceVersion: version}, connectTimeout, errNoAnswer); err != nil {
		return input{kind: failed, stage: StageWatch, err: err}
	}
	return input{kind: connected}
}

// open opens a watch. It gives up with the error given if there is no beginning of an answer for that long.
func (r *Reflector[T]) open(ctx context.Context, options metav1.ListOptions, patience time.Duration, noAnswer error) (*openWatch[T], error) {
	asked := r.options.MinWatchTimeout + rand.N(r.options.MinWatchTimeout)
	options.AllowWatchBookmarks = true
	options.TimeoutSeconds = new(int64(asked.Seconds()))

	ctx, cancel := context.WithCancelCause(ctx)
	deadline := time.AfterFunc(asked+watchSlack, func() { cancel(errSilent) })
	impatience := time.AfterFunc(patience, func() { cancel(noAnswer) })
	stream, err := r.source.Watch(ctx, options)
	impatience.Stop()
	if err != nil {
		deadline.Stop()
		if ctx.Err() != nil {
			err = fmt.Errorf("%w: %w", context.Cause(ctx), err)
		}
		cancel(nil)
		return nil, err
	}
	r.heard()
	r.watches.Add(1)
	r.options.Metrics.WatchOpened()
	r.watch = &openWatch[T]{
		stream:   stream,
		ctx:      ctx,
		cancel:   cancel,
		deadline: deadline,
		clock:    guardClock(r.wall, func(err error) { cancel(err) }),
		opened:   time.Now(),
		asked:    asked,
	}
	r.setInterrupt(cancel)
	return r.watch, nil
}

// closeWatch stops the watch, if one is open.
func (r *Reflector[T]) closeWatch() {
	w := r.watch
	if w == nil {
		return
	}
	r.setInterrupt(nil)
	w.stream.Stop()
	w.deadline.Stop()
	w.clock.stop()
	if w.relist != nil {
		w.relist.Stop()
	}
	w.cancel(nil)
	r.watch = nil
	r.options.Metrics.WatchEnded(time.Since(w.opened), w.events, w.short)
}

// setInterrupt lets others end the watch under way.
func (r *Reflector[T]) setInterrupt(cancel context.CancelCauseFunc) {
	r.mu.Lock()
	r.interrupt = cancel
	lost := r.lost
	r.mu.Unlock()
	if cancel != nil && lost != nil {
		cancel(lost)
	}
}

// ListAgain says that a change was lost after the sink had taken it. It may be called from any goroutine, and does not wait.
func (r *Reflector[T]) ListAgain(reason error) {
	lost := Lost(reason)
	r.mu.Lock()
	r.lost = lost
	interrupt := r.interrupt
	r.mu.Unlock()
	if interrupt != nil {
		interrupt(lost)
	}
}

// forgetLost is called when there is a list.
func (r *Reflector[T]) forgetLost() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lost = nil
}

// next waits for an event and gives it to the sink. version is what the sink has.
func (r *Reflector[T]) next(ctx context.Context, version string) input {
	w := r.watch
	w.listWhenDue(r.due)
	event, err := w.stream.Next(w.ctx)
	if err != nil {
		return w.ended(stageOf(err), err)
	}
	r.heard()
	w.events++
	if versions.Older(event.Version, version) {
		return w.ended(StageEvent, Lost(staleVersion("event "+string(event.Type), event.Version, version)))
	}
	if err := r.apply(ctx, event); err != nil {
		return w.ended(StageApply, Lost(fmt.Errorf("event %s: %w", event.Type, err)))
	}
	if event.Version != "" {
		version = event.Version
		r.options.Metrics.Reached(version)
	}
	return input{kind: eventTaken, version: version}
}

// ended is the end of a watch: by the server if err is io.EOF, else by that error.
func (w *openWatch[T]) ended(stage Stage, err error) input {
	in := input{kind: failed, stage: stage, err: err, lasted: time.Since(w.opened), asked: w.asked, events: w.events}
	if errors.Is(err, io.EOF) {
		in.kind = closed
		w.short = in.events == 0 && in.lasted < shortWatch
	}
	return in
}

// apply gives an event to the sink and, if it is poisoned, tells the owner.
func (r *Reflector[T]) apply(ctx context.Context, event Event[T]) error {
	if event.Type == watch.Bookmark {
		return r.sink.Apply(event)
	}
	if audit := r.audit.Load(); audit != nil {
		audit.move(event.key(r.source.Key))
	}
	if err := r.sink.Apply(event); err != nil {
		return err
	}
	switch {
	case event.Poison != nil && event.Type != watch.Deleted:
		if r.quarantine.add(event.Poison) {
			r.tell(ctx, Failure{Stage: StageDecode, Err: event.Poison, Time: r.now()})
		}
	case r.quarantine.size() > 0:
		r.quarantine.release(event.key(r.source.Key))
	}
	return nil
}

// stageOf is the stage at which a watch has failed.
func stageOf(err error) Stage {
	var found *DifferenceError
	switch {
	case errors.As(err, &found):
		return StageAudit
	case errors.Is(err, ErrLost):
		return StageEvent
	default:
		return StageWatch
	}
}
