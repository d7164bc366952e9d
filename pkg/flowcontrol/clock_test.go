package flowcontrol

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// steppedClock stands still but for Sleep, which makes time pass at once, or blocks until the test lets it go on.
type steppedClock struct {
	now   time.Time
	block chan struct{}
}

func (c *steppedClock) Now() time.Time                  { return c.now }
func (c *steppedClock) Since(t time.Time) time.Duration { return c.now.Sub(t) }

func (c *steppedClock) Sleep(d time.Duration) {
	if c.block != nil {
		<-c.block
		return
	}
	c.now = c.now.Add(d)
}

func TestBucketGoesByItsClock(t *testing.T) {
	c := &steppedClock{now: time.Unix(1000, 0)}
	l := NewTokenBucketRateLimiterWithClock(2, 1, c)
	l.Accept()
	for range 4 {
		l.Accept()
	}
	if d := c.Since(time.Unix(1000, 0)); d != 2*time.Second {
		t.Errorf("four tokens at 2 per second took %v, want 2s", d)
	}
	if l.TryAccept() {
		t.Error("a token is there too early")
	}
	if err := l.Wait(t.Context()); err != nil || c.Since(time.Unix(1000, 0)) != 2500*time.Millisecond {
		t.Errorf("Wait = %v at %v", err, c.now)
	}
	c.now = c.now.Add(time.Second)
	if err := l.Wait(t.Context()); err != nil {
		t.Errorf("Wait for a token that is there = %v", err)
	}
	p := NewTokenBucketPassiveRateLimiterWithClock(1, 1, c)
	if !p.TryAccept() || p.TryAccept() || p.QPS() != 1 {
		t.Error("want one token and then none")
	}
	c.now = c.now.Add(time.Second)
	if !p.TryAccept() {
		t.Error("want a token after a second")
	}
}

func TestClockedWaitThatEndsWithoutATokenGivesItBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &steppedClock{now: time.Now(), block: make(chan struct{})}
		l := NewTokenBucketRateLimiterWithClock(1, 1, c)
		if !l.TryAccept() {
			t.Fatal("no first token")
		}
		late, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := l.Wait(late); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Wait = %v, want the deadline", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- l.Wait(ctx) }()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Wait = %v, want context.Canceled", err)
		}
		if err := l.Wait(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Wait with a context that has ended = %v", err)
		}
		close(c.block)
		c.now = c.now.Add(time.Second)
		if !l.TryAccept() {
			t.Error("a wait that ended kept its token")
		}
	})
}

func TestFakeLimiters(t *testing.T) {
	always := NewFakeAlwaysRateLimiter()
	always.Accept()
	if err := always.Wait(t.Context()); err != nil || !always.TryAccept() || always.QPS() != 1 {
		t.Errorf("Wait of the limiter that always gives = %v", err)
	}
	always.Stop()

	never := NewFakeNeverRateLimiter()
	if never.TryAccept() || never.Wait(t.Context()) == nil || never.QPS() != 1 {
		t.Error("the limiter that never gives gave a token")
	}
	never.Stop()
	never.Stop()
	never.Accept()
}
