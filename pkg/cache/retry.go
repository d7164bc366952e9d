package cache

import (
	"time"

	"k8s.io/utils/clock"
)

// RetryWithDeadline decides how long something that fails again and again is tried again. It is for one goroutine.
type RetryWithDeadline interface {
	// After tells of the outcome of an attempt. An error that is not retryable, or nil, changes nothing.
	After(error)
	// ShouldRetry says whether to try again: there was a retryable error, and the first of its series is not too long
	// ago. If it is, ShouldRetry says so once and forgets the series.
	ShouldRetry() bool
}

// NewRetryWithDeadline returns a RetryWithDeadline that allows retries until maxRetryDuration after the first error of a
// series; zero: none. A series ends when for minResetPeriod there was no retryable error.
func NewRetryWithDeadline(maxRetryDuration, minResetPeriod time.Duration, isRetryable func(error) bool, clock clock.Clock) RetryWithDeadline {
	return &retryWithDeadline{most: maxRetryDuration, gap: minResetPeriod, retryable: isRetryable, clock: clock}
}

type retryWithDeadline struct {
	most, gap   time.Duration
	retryable   func(error) bool
	clock       clock.Clock
	first, last time.Time // errors of the series; zero if there is none
}

func (r *retryWithDeadline) After(err error) {
	if err == nil || !r.retryable(err) {
		return
	}
	now := r.clock.Now()
	if r.first.IsZero() || now.Sub(r.last) >= r.gap {
		r.first = now
	}
	r.last = now
}

func (r *retryWithDeadline) ShouldRetry() bool {
	if r.first.IsZero() {
		return false
	}
	if r.most <= 0 || r.clock.Since(r.first) > r.most {
		r.first = time.Time{}
		return false
	}
	return true
}
