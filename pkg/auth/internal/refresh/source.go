package refresh

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"k8s.io/klog/v2"
)

const (
	// minAge is how long a value is used at least, whatever its expiry says: if the clocks disagree, every value may come
	// with an expiry in the past.
	minAge = 10 * time.Second
	// maxEarly is how long before its expiry a value is replaced at most; a short-lived one is when a tenth of its life
	// remains.
	maxEarly = time.Minute

	// A fetch that failed is repeated after minBackoff, then after twice that and so on up to maxBackoff, each less up to
	// a half. The same goes for values that are rejected as soon as they are there.
	minBackoff = time.Second
	maxBackoff = 2 * time.Minute
	// goodAge is the age at which a value that is rejected now counts as one that was good.
	goodAge = 10 * time.Minute
)

// Fetch returns a value and when it expires; the zero time means that this is not known. It must return soon after ctx is
// done. It is called by one goroutine at a time. Its errors are logged, and must not hold secrets.
type Fetch[C comparable] func(ctx context.Context) (C, time.Time, error)

// Source provides the newest value of a Fetch. It may be used concurrently.
type Source[C comparable] struct {
	fetch Fetch[C]

	mu       sync.Mutex // guards the fields below; not held while fetch runs
	value    C
	obtained time.Time // when value was fetched; zero if there is none yet
	expires  time.Time // zero: not known
	rejected bool      // value is not to be used any more

	rejectDelay time.Duration // how old value must be for a rejection to count

	failure  error // of the last fetch; nil if it succeeded
	failures int   // in a row
	retryAt  time.Time

	run *run[C] // nil if none is running
}

// run is one call of fetch.
type run[C comparable] struct {
	cancel    context.CancelFunc
	early     bool // began while there was a valid value, and goes on without waiters
	waiters   int  // guarded by Source.mu
	abandoned bool // guarded by Source.mu, final once done is closed

	done  chan struct{}
	value C     // set before done is closed
	err   error // likewise
}

// NewSource returns a Source that has no value yet.
func NewSource[C comparable](fetch Fetch[C]) *Source[C] {
	return &Source[C]{fetch: fetch}
}

// NewSourceWith returns a Source that begins with a value from elsewhere.
func NewSourceWith[C comparable](fetch Fetch[C], value C, expires time.Time) *Source[C] {
	return &Source[C]{fetch: fetch, value: value, obtained: time.Now(), expires: expires}
}

// Credential returns a valid value, at once if there is one. It waits for a fetch otherwise, but no longer than ctx allows.
func (s *Source[C]) Credential(ctx context.Context) (C, error) {
	for {
		value, r, err := s.begin(ctx)
		if r == nil {
			return value, err
		}
		select {
		case <-r.done:
			if r.err != nil && r.abandoned {
				continue // that was for others, who left
			}
			return r.value, r.err
		case <-ctx.Done():
			s.leave(r)
			var none C
			return none, fmt.Errorf("waiting for a credential: %w", context.Cause(ctx))
		}
	}
}

// begin returns the value or error to use now or, if there is neither, the run to wait for.
func (s *Source[C]) begin(ctx context.Context) (value C, wait *run[C], err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	valid := s.validLocked(now)
	if valid && !s.expiresSoonLocked(now) {
		return s.value, nil, nil
	}
	if s.run == nil {
		if pause := s.retryAt.Sub(now); pause > 0 {
			if valid {
				return s.value, nil, nil
			}
			return value, nil, fmt.Errorf("%w (next attempt in %v)", s.failure, pause.Round(time.Second))
		}
		s.startLocked(ctx, valid)
	}
	if valid {
		return s.value, nil, nil
	}
	s.run.waiters++
	return value, s.run, nil
}

func (s *Source[C]) validLocked(now time.Time) bool {
	if s.obtained.IsZero() || s.rejected {
		return false
	}
	return s.expires.IsZero() || now.Before(s.expires) || now.Before(s.obtained.Add(minAge))
}

func (s *Source[C]) expiresSoonLocked(now time.Time) bool {
	if s.expires.IsZero() || now.Before(s.obtained.Add(minAge)) {
		return false
	}
	early := min(maxEarly, s.expires.Sub(s.obtained)/10)
	return !now.Before(s.expires.Add(-early))
}

// startLocked begins a run with the values of ctx, such as its logger, but not its end.
func (s *Source[C]) startLocked(ctx context.Context, early bool) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r := &run[C]{cancel: cancel, early: early, done: make(chan struct{})}
	s.run = r
	go func() {
		defer cancel()
		value, expires, err := s.fetch(ctx)
		if err != nil && early {
			klog.FromContext(ctx).Error(err, "Unable to refresh a credential that expires soon, using it until then")
		}
		s.finish(r, value, expires, err)
	}()
}

func (s *Source[C]) finish(r *run[C], value C, expires time.Time, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.run = nil
	r.value, r.err = value, err
	defer close(r.done)
	now := time.Now()
	switch {
	case err == nil:
		s.value, s.obtained, s.expires, s.rejected = value, now, expires, false
		s.failure, s.failures, s.retryAt = nil, 0, time.Time{}
	case !r.abandoned:
		s.failure, s.retryAt = err, now.Add(backoff(s.failures))
		s.failures++
	}
}

// leave says that one waiter has gone.
func (s *Source[C]) leave(r *run[C]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.waiters--; r.waiters == 0 && !r.early {
		r.abandoned = true
		r.cancel()
	}
}

// Expire says that rejected was refused by whom it was shown to: the next call of Credential fetches another. It does nothing
// if another has taken the place of rejected already, or if values were refused as soon as they were there.
func (s *Source[C]) Expire(rejected C) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.obtained.IsZero() || s.rejected || s.value != rejected {
		return
	}
	age := time.Since(s.obtained)
	switch {
	case age < s.rejectDelay:
		return
	case age >= goodAge:
		s.rejectDelay = minBackoff
	default:
		s.rejectDelay = min(max(minBackoff, 2*s.rejectDelay), maxBackoff)
	}
	s.rejected = true
}

// backoff returns how long to wait after a failure that came after n others.
func backoff(n int) time.Duration {
	d := maxBackoff
	if n < 7 {
		d = min(minBackoff<<n, maxBackoff)
	}
	return d - rand.N(d/2)
}

// Format implements fmt.Formatter: no verb prints the value, which may be a secret and may change meanwhile.
func (s *Source[C]) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "credential source") }
