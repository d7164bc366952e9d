package flowcontrol

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/time/rate"
	"k8s.io/utils/clock"
)

// Clock tells the time and waits, for tests that make time pass.
type Clock interface {
	clock.PassiveClock
	Sleep(time.Duration)
}

// NewTokenBucketRateLimiterWithClock is NewTokenBucketRateLimiter with a clock, for tests. A Wait whose context ends leaves
// a goroutine behind until the clock's Sleep returns, which cannot be interrupted.
func NewTokenBucketRateLimiterWithClock(qps float32, burst int, c Clock) RateLimiter {
	return &clockedBucket{passiveBucket: newPassiveBucket(qps, burst, c), sleep: c.Sleep}
}

// NewTokenBucketPassiveRateLimiterWithClock is NewTokenBucketPassiveRateLimiter with a clock, for tests.
func NewTokenBucketPassiveRateLimiterWithClock(qps float32, burst int, c clock.PassiveClock) PassiveRateLimiter {
	return newPassiveBucket(qps, burst, c)
}

// passiveBucket implements PassiveRateLimiter with a clock. All fields are fixed at construction.
type passiveBucket struct {
	tokenBucket
	clock clock.PassiveClock
}

func newPassiveBucket(qps float32, burst int, c clock.PassiveClock) *passiveBucket {
	return &passiveBucket{tokenBucket: *newTokenBucket(qps, burst), clock: c}
}

func (p *passiveBucket) TryAccept() bool { return p.bucket.AllowN(p.clock.Now(), 1) }

// clockedBucket implements RateLimiter with a clock. All fields are fixed at construction.
type clockedBucket struct {
	*passiveBucket
	sleep func(time.Duration)
}

// reserve takes a token that will be there after a delay.
func (c *clockedBucket) reserve() (reservation *rate.Reservation, now time.Time, delay time.Duration) {
	now = c.clock.Now()
	reservation = c.bucket.ReserveN(now, 1)
	return reservation, now, reservation.DelayFrom(now)
}

func (c *clockedBucket) Accept() {
	if _, _, delay := c.reserve(); delay > 0 {
		c.sleep(delay)
	}
}

func (c *clockedBucket) Wait(ctx context.Context) error {
	if ctx.Err() != nil {
		return fmt.Errorf("no token at %v per second: %w", c.qps, context.Cause(ctx))
	}
	reservation, now, delay := c.reserve()
	if delay <= 0 {
		return nil
	}
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(now.Add(delay)) {
		reservation.CancelAt(now)
		return fmt.Errorf("no token at %v per second before the deadline: %w", c.qps, context.DeadlineExceeded)
	}
	woken := make(chan struct{})
	go func() {
		defer close(woken)
		c.sleep(delay)
	}()
	select {
	case <-woken:
		return nil
	case <-ctx.Done():
		reservation.CancelAt(c.clock.Now())
		return fmt.Errorf("no token at %v per second: %w", c.qps, context.Cause(ctx))
	}
}
