package fanout

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
)

// PanicPolicy says what becomes of a handler that panics. Other handlers are never concerned, unless the process ends.
type PanicPolicy uint8

const (
	// Crash reports the panic, and logs it, and ends the process, as everywhere in Kubernetes components. If
	// utilruntime.ReallyCrash was set to false, the notification counts as handled.
	Crash PanicPolicy = iota
	// Detach reports the panic and ends the registration: Done is closed, Err tells why.
	Detach
	// Skip reports the panic. The notification counts as handled: what the handler has not done for it stays undone
	// until it hears of the object again.
	Skip
)

// PanicError reports a handler that panicked, whatever the policy is.
type PanicError struct {
	Kind  Kind   // of the notification
	Key   string // of the notification
	Value any    // of the panic
	Stack []byte // of the goroutine
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("handler panicked in the %s of %q: %v", e.Kind, e.Key, e.Value)
}

// Unwrap returns the value of the panic, if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// ErrGoexit says that a handler ended its goroutine, with runtime.Goexit or t.FailNow. This ends its registration.
var ErrGoexit = errors.New("the handler has ended its goroutine (runtime.Goexit); its registration has ended with it")

// Hooks are what a cache gives to all its registrations. Each may be nil. They are called without a lock.
type Hooks[T any] struct {
	// SameIncarnation says whether two objects of one key are states of the same object, not of one that was deleted
	// and another one that was made later. Nil: they always are.
	SameIncarnation func(a, b T) bool
	// OnError hears what went wrong with a handler: a *PanicError for each panic, whatever its policy, or ErrGoexit. It is
	// called by the goroutine of the registration. Nil: utilruntime.HandleErrorWithContext.
	OnError func(context.Context, error)
}

func (h *Hooks[T]) report(ctx context.Context, err error) {
	if h.OnError != nil {
		h.OnError(ctx, err)
		return
	}
	utilruntime.HandleErrorWithContext(ctx, err, "Handler of a cache failed")
}

// call calls the handler, and lets the policy decide if it does not return.
func (r *Registration[T]) call(ctx context.Context, n Notification[T]) {
	returned := false
	defer func() {
		if !returned {
			r.broken(ctx, n, recover())
		}
	}()
	r.handler(n)
	returned = true
}

// broken deals with a handler that has not returned. Without a panic it has ended its goroutine.
func (r *Registration[T]) broken(ctx context.Context, n Notification[T], panicked any) {
	err := &PanicError{Kind: n.Kind, Key: n.Key, Value: panicked, Stack: debug.Stack()}
	switch {
	case panicked == nil:
		r.fail(ctx, ErrGoexit)
	case r.options.OnPanic == Detach:
		r.fail(ctx, err)
	case r.options.OnPanic == Skip:
		r.hooks.report(ctx, err)
	default:
		defer utilruntime.HandleCrashWithContext(ctx)
		r.hooks.report(ctx, err) // HandleCrash does not say of what informer and object
		panic(panicked)
	}
}
