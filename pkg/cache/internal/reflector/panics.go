package reflector

import (
	"bytes"
	"context"
	"fmt"
	"runtime/debug"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PanicError is code of the user's that panicked: a transform, a key function or a method of an object, a function that
// lists or watches, a store.
type PanicError struct {
	Value any    // of the panic
	Stack []byte // of the goroutine, from the panic on, the innermost call first
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.Value, e.Stack) }

// Unwrap returns the value of the panic, if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Caught makes a panic the error of the function that defers it.
func Caught(err *error) {
	if p := recover(); p != nil {
		*err = &PanicError{Value: p, Stack: stackOfPanic()}
	}
}

// maxStack bounds a stack: it is kept with the object that it is about.
const maxStack = 2 << 10

// stackOfPanic is the stack without what belongs to the recovery, and without what is too far from the panic.
func stackOfPanic() []byte {
	stack := debug.Stack()
	const ofPanic = "\npanic("
	if i := bytes.Index(stack, []byte(ofPanic)); i >= 0 {
		stack = stack[i+1:]
		for range 2 { // the call of panic, and where that is
			_, stack, _ = bytes.Cut(stack, []byte("\n"))
		}
	}
	if len(stack) > maxStack {
		stack = stack[:bytes.LastIndexByte(stack[:maxStack], '\n')]
	}
	return bytes.Clone(stack)
}

// guardedSource is a source whose panics are errors. Most sources call functions of the user's.
type guardedSource[T any] struct{ Source[T] }

func (g guardedSource[T]) List(ctx context.Context, options metav1.ListOptions, each func(Item[T]) error) (page Page, err error) {
	defer Caught(&err)
	return g.Source.List(ctx, options, each)
}

func (g guardedSource[T]) Watch(ctx context.Context, options metav1.ListOptions) (stream Stream[T], err error) {
	defer Caught(&err)
	stream, err = g.Source.Watch(ctx, options)
	if err != nil {
		return nil, err
	}
	return guardedStream[T]{stream}, nil
}

// guardedStream is a stream of a guardedSource. An event that makes it panic is a change that was not seen.
type guardedStream[T any] struct{ Stream[T] }

func (g guardedStream[T]) Next(ctx context.Context) (event Event[T], err error) {
	var panicked error
	defer func() {
		if panicked != nil {
			err = Lost(panicked)
		}
	}()
	defer Caught(&panicked)
	return g.Stream.Next(ctx)
}

// guardedSink is a sink whose panics are errors: that of a store of the user's, for example.
type guardedSink[T any] struct{ Sink[T] }

func (g guardedSink[T]) Apply(event Event[T]) (err error) {
	defer Caught(&err)
	return g.Sink.Apply(event)
}

func (g guardedSink[T]) Replace(list List[T]) (err error) {
	defer Caught(&err)
	return g.Sink.Replace(list)
}
