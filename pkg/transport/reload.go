package transport

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"k8s.io/klog/v2"
)

// futileInterval is how long a value that was rejected, but proved to be what the files still hold, is not loaded again
// because of further rejections.
const futileInterval = time.Second

// maxFileBytes bounds what is read from a file with a credential or certificates.
const maxFileBytes = 1 << 20

// fingerprint tells whether what a value was made from has changed, without keeping it: it may hold a key.
type fingerprint [sha256.Size]byte

// reloader keeps a value that is made from files or by a callback, and loads it again when it is old or was rejected. What
// cannot be loaded leaves the last good value in use and is logged. While one goroutine loads because the value is old, the
// others go on with the one that is there: a file system that hangs blocks one request.
type reloader[T comparable] struct {
	what string                         // for the log
	age  time.Duration                  // how old the value may become
	load func() (T, fingerprint, error) // called by one goroutine at a time

	current atomic.Pointer[loaded[T]] // never nil

	turn chan struct{} // holds a value while a goroutine loads; guards from
	from fingerprint
}

// loaded is immutable.
type loaded[T comparable] struct {
	value   T
	checked time.Time // when it was last loaded, or tried to
	expired bool      // it was rejected: load before the next use
	futile  bool      // it was rejected and loaded again, which brought nothing new
	err     error     // why there has never been a value
}

// newReloader loads the first value.
func newReloader[T comparable](what string, age time.Duration, load func() (T, fingerprint, error)) (*reloader[T], error) {
	value, from, err := load()
	if err != nil {
		return nil, err
	}
	r := newReloaderWith(what, age, value, load)
	r.from = from
	return r, nil
}

// newReloaderWith begins with a value from elsewhere.
func newReloaderWith[T comparable](what string, age time.Duration, value T, load func() (T, fingerprint, error)) *reloader[T] {
	r := &reloader[T]{what: what, age: age, load: load, turn: make(chan struct{}, 1)}
	r.current.Store(&loaded[T]{value: value, checked: time.Now()})
	return r
}

// newLazyReloader loads the first value when it is first asked for.
func newLazyReloader[T comparable](what string, age time.Duration, load func() (T, fingerprint, error)) *reloader[T] {
	r := &reloader[T]{what: what, age: age, load: load, turn: make(chan struct{}, 1)}
	r.current.Store(&loaded[T]{expired: true, err: fmt.Errorf("the %s is not loaded yet", what)})
	return r
}

// get returns the newest good value. After a rejection it waits for the value to be loaded, until ctx is done. There is an
// error only if there has never been a good value.
func (r *reloader[T]) get(ctx context.Context) (T, error) {
	c := r.current.Load()
	if !c.expired && time.Since(c.checked) < r.age {
		return c.value, nil
	}
	if c.expired {
		select {
		case r.turn <- struct{}{}:
		case <-ctx.Done():
			return c.value, c.err
		}
	} else {
		select {
		case r.turn <- struct{}{}:
		default:
			return c.value, nil
		}
	}
	defer func() { <-r.turn }()
	if now := r.current.Load(); now != c && !now.expired { // another goroutine has just loaded
		return now.value, nil
	}
	next := loaded[T]{value: c.value, checked: time.Now()}
	value, from, err := r.load()
	switch {
	case err != nil && c.err != nil:
		next.expired, next.err = true, err
	case err != nil:
		klog.FromContext(ctx).Error(err, "Unable to reload, using the last good one", "what", r.what)
	case from != r.from:
		next.value, r.from = value, from
	}
	next.futile = c.expired && next.value == c.value
	r.current.Store(&next)
	return next.value, next.err
}

// expire says that the server rejected a value that get returned. If it is still the newest, the next get loads; if another
// took its place there is nothing to do. So there is one load, however many requests are rejected at once.
func (r *reloader[T]) expire(rejected T) {
	for {
		c := r.current.Load()
		if c.value != rejected || c.expired || c.futile && time.Since(c.checked) < futileInterval {
			return
		}
		if r.current.CompareAndSwap(c, &loaded[T]{value: c.value, checked: c.checked, expired: true}) {
			return
		}
	}
}

// readFile returns the content of a file of at most maxFileBytes. what is for the error.
func readFile(what, path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("unable to read the %s: %w", what, err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("unable to read the %s: %w", what, err)
	}
	if len(content) > maxFileBytes {
		return nil, fmt.Errorf("unable to use the %s file %q: it is larger than %d bytes", what, path, maxFileBytes)
	}
	return content, nil
}
