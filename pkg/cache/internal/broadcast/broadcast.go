package broadcast

import (
	"context"
	"iter"
	"sync"
)

// kept is how many elements wait for a listener at most.
const kept = 256

// Broadcast tells listeners of elements. The zero value has no listeners. Its methods may be called from any goroutine.
type Broadcast[E any] struct {
	mu        sync.Mutex // guards what follows
	listeners map[*listener[E]]struct{}
	closed    bool
}

// listener is one of those that listen.
type listener[E any] struct {
	ready chan struct{} // capacity one: holds a token while something waits, or when there will be nothing more

	mu      sync.Mutex // guards what follows
	waiting []E
	lost    int // of those that came before waiting
	ended   bool
}

// Publish tells all who listen now. It never blocks.
func (b *Broadcast[E]) Publish(element E) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for l := range b.listeners {
		l.push(element)
	}
}

// Close ends all listeners once they have taken what waits for them. What is published later is dropped.
func (b *Broadcast[E]) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for l := range b.listeners {
		l.end()
	}
	b.listeners = nil
}

// Listen returns what is published from now on, for one loop. The loop ends when ctx is done or the Broadcast is closed;
// whoever does not loop, or stops before, has to end ctx. lost makes the element that stands for n that were dropped.
func (b *Broadcast[E]) Listen(ctx context.Context, lost func(n int) E) iter.Seq[E] {
	l := &listener[E]{ready: make(chan struct{}, 1)}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		l.end()
	} else {
		if b.listeners == nil {
			b.listeners = map[*listener[E]]struct{}{}
		}
		b.listeners[l] = struct{}{}
	}
	leave := context.AfterFunc(ctx, func() { b.leave(l) })
	return func(yield func(E) bool) {
		defer b.leave(l)
		defer leave()
		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
				return
			case <-l.ready:
			}
			elements, missing, ended := l.take()
			if missing > 0 && !yield(lost(missing)) {
				return
			}
			for _, element := range elements {
				if ctx.Err() != nil || !yield(element) {
					return
				}
			}
			if ended {
				return
			}
		}
	}
}

func (b *Broadcast[E]) leave(l *listener[E]) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.listeners, l)
}

func (l *listener[E]) push(element E) {
	l.mu.Lock()
	if len(l.waiting) == kept {
		l.waiting = append(l.waiting[:0], l.waiting[1:]...)
		l.lost++
	}
	l.waiting = append(l.waiting, element)
	l.mu.Unlock()
	l.signal()
}

func (l *listener[E]) end() {
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
	l.signal()
}

// take returns what waits, and how many are missing before it.
func (l *listener[E]) take() (elements []E, lost int, ended bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	elements, lost, ended = l.waiting, l.lost, l.ended
	l.waiting, l.lost = nil, 0
	return elements, lost, ended
}

func (l *listener[E]) signal() {
	select {
	case l.ready <- struct{}{}:
	default:
	}
}
