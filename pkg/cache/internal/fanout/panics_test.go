package fanout

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
)

// C9: by default a panic crashes the process, that is, it leaves the handler's goroutine.
func TestPanicCrashesByDefault(t *testing.T) {
	var reported error
	hooks := Hooks[int]{OnError: func(_ context.Context, err error) { reported = err }}
	r := NewRegistration(func(Notification[int]) { panic("handler broke") }, Options{}, hooks)
	defer func() {
		if p := recover(); p != "handler broke" {
			t.Errorf("recovered %v, want the handler's panic", p)
		}
		if _, ok := errors.AsType[*PanicError](reported); !ok {
			t.Errorf("reported %v before the crash", reported)
		}
	}()
	r.call(t.Context(), Notification[int]{Kind: Add})
	t.Error("the panic did not leave call")
}

// breakAt makes a handler that does something instead of handling the first notification.
func breakAt(first *recorder, do func()) Handler[int] {
	done := false
	return func(n Notification[int]) {
		if !done {
			done = true
			do()
		}
		first.handle(n)
	}
}

// C9, P9: a panic costs one notification, or one registration, and is never silent; nobody else is concerned.
func TestPanicsAndExits(t *testing.T) {
	type test struct {
		options   Options
		do        func()
		crash     bool // of utilruntime
		goesOn    bool
		report    string
		unwrapped error
	}
	for name, c := range map[string]test{
		"skip":               {Options{OnPanic: Skip}, func() { panic("broke") }, true, true, `handler panicked in the addition of "k": broke`, nil},
		"skip an error":      {Options{OnPanic: Skip}, func() { panic(io.ErrUnexpectedEOF) }, true, true, `unexpected EOF`, io.ErrUnexpectedEOF},
		"detach":             {Options{OnPanic: Detach}, func() { panic("broke") }, true, false, `handler panicked in the addition of "k": broke`, nil},
		"detach, coalescing": {Options{OnPanic: Detach, Queue: Coalescing()}, func() { panic("broke") }, true, false, `"k": broke`, nil},
		"crashing is off":    {Options{}, func() { panic("broke") }, false, true, `handler panicked in the addition of "k": broke`, nil},
		"exit":               {Options{}, runtime.Goexit, true, false, "ended its goroutine", ErrGoexit},
		"exit, skip":         {Options{OnPanic: Skip}, runtime.Goexit, true, false, "ended its goroutine", ErrGoexit},
		"exit, crash is off": {Options{}, runtime.Goexit, false, false, "ended its goroutine", ErrGoexit},
	} {
		t.Run(name, func(t *testing.T) {
			utilruntime.ReallyCrash = c.crash
			defer func() { utilruntime.ReallyCrash = true }()
			synctest.Test(t, func(t *testing.T) {
				var f Fanout[int]
				var broken, other recorder
				var reported []error
				panics := 0
				hooks := Hooks[int]{OnError: func(_ context.Context, err error) {
					reported = append(reported, err)
					if _, ok := errors.AsType[*PanicError](err); ok {
						panics++
					}
				}}
				r := NewRegistration(breakAt(&broken, c.do), c.options, hooks)
				f.Join(t.Context(), r, time.Now(), nil)
				join(t, &f, other.handle, Options{})
				f.Distribute(time.Now(), adds(0, 1))
				synctest.Wait()
				f.Distribute(time.Now(), adds(1, 2))
				other.check(t, "add k 0>0", "add k 0>1")

				if c.goesOn {
					broken.check(t, "add k 0>1")
				} else {
					broken.check(t)
					<-r.Done()
					if f.Stats().Handlers != 1 {
						t.Error("the registration that ended still counts")
					}
					if err := r.Err(); len(reported) == 0 || err != reported[0] {
						t.Errorf("Err = %v, want what was reported: %v", err, reported)
					}
				}
				if len(reported) != 1 {
					t.Fatalf("reported %v", reported)
				}
				if exits := strings.HasPrefix(name, "exit"); exits != (panics == 0) || panics > 1 {
					t.Errorf("%d panics are counted", panics)
				}
				if err := reported[0]; !strings.Contains(err.Error(), c.report) || c.unwrapped != nil && !errors.Is(err, c.unwrapped) {
					t.Errorf("reported %v, want %s", err, c.report)
				}
				f.Stop()
				if c.goesOn && r.Err() != nil {
					t.Errorf("Err after Stop = %v", r.Err())
				}
			})
		})
	}
}

func TestErrorsAreNotLostWithoutAHook(t *testing.T) {
	var handled []error
	before := utilruntime.ErrorHandlers
	utilruntime.ErrorHandlers = []utilruntime.ErrorHandler{func(_ context.Context, err error, _ string, _ ...any) { handled = append(handled, err) }}
	defer func() { utilruntime.ErrorHandlers = before }()
	r := NewRegistration(func(Notification[int]) { panic("broke") }, Options{OnPanic: Skip}, Hooks[int]{})
	r.call(t.Context(), Notification[int]{Kind: Delete, Key: "a"})
	var p *PanicError
	if len(handled) != 1 || !errors.As(handled[0], &p) || p.Key != "a" || p.Kind != Delete || len(p.Stack) == 0 {
		t.Errorf("handled %v", handled)
	}
}
