package synctrack

import "sync"

// Lazy is a value that is computed when it is asked for, and again when it is asked for after Notify. Its methods may be
// called concurrently, also by Evaluate, except that Evaluate must not wait for Get.
type Lazy[T any] struct {
	// Evaluate computes the value. It must be set before Get, and not be changed afterwards. After a Notify it may be
	// called while an earlier call has not returned yet.
	Evaluate func() (T, error)

	mu      sync.Mutex     // guards current, not the evaluation itself
	current *evaluation[T] // nil: nothing was evaluated, or it is out of date
}

// evaluation is one call of Evaluate. What follows done may be read when done is closed.
type evaluation[T any] struct {
	done  chan struct{}
	value T
	ok    bool // there is a value; otherwise there was an error, or a panic
}

// Notify says that the value is out of date: a Get that begins after it evaluates anew. An evaluation that is running goes
// on, for those who wait for it.
func (z *Lazy[T]) Notify() {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.current = nil
}

// Get returns the value. Of those who ask at the same time, without a Notify in between, one evaluates it and the others
// wait for the result. An error is for the one who evaluated only: the others, and those who come later, evaluate again,
// one after the other until there is a value.
func (z *Lazy[T]) Get() (T, error) {
	for {
		e, mine := z.join()
		if mine {
			return z.evaluate(e)
		}
		<-e.done
		if e.ok {
			return e.value, nil
		}
	}
}

// join returns the evaluation that holds at the moment, and whether the caller has to perform it.
func (z *Lazy[T]) join() (e *evaluation[T], mine bool) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.current != nil {
		return z.current, false
	}
	z.current = &evaluation[T]{done: make(chan struct{})}
	return z.current, true
}

// evaluate performs an evaluation. One that fails is forgotten before those who wait for it go on.
func (z *Lazy[T]) evaluate(e *evaluation[T]) (T, error) {
	defer close(e.done)
	defer func() {
		if !e.ok {
			z.forget(e)
		}
	}()
	value, err := z.Evaluate()
	if err == nil {
		e.value, e.ok = value, true
	}
	return value, err
}

// forget makes the next Get evaluate anew, if that is not the case anyway.
func (z *Lazy[T]) forget(e *evaluation[T]) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.current == e {
		z.current = nil
	}
}
