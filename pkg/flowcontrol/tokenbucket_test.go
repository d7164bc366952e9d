package flowcontrol

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestBurstThenSustainedRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewTokenBucketRateLimiter(2, 3)
		start := time.Now()
		for range 3 {
			l.Accept()
		}
		if d := time.Since(start); d != 0 {
			t.Errorf("the burst took %v, want no wait", d)
		}
		for range 4 {
			if err := l.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(start); d != 2*time.Second {
			t.Errorf("four more tokens at 2 per second took %v, want 2s", d)
		}
	})
}

func TestTryAcceptDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewTokenBucketPassiveRateLimiter(1, 1)
		if !l.TryAccept() || l.TryAccept() {
			t.Error("want one token and then none")
		}
		time.Sleep(time.Second)
		if !l.TryAccept() {
			t.Error("want a token after a second")
		}
		if l.QPS() != 1 {
			t.Errorf("QPS() = %v, want 1", l.QPS())
		}
	})
}

func TestCancelledWaitReturnsAtOnceAndGivesItsTokenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewTokenBucketRateLimiter(0.125, 1)
		l.Accept()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- l.Wait(ctx) }()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Wait = %v, want context.Canceled", err)
		}
		start := time.Now()
		l.Accept()
		if d := time.Since(start); d != 8*time.Second {
			t.Errorf("the next token took %v, want 8s as if the cancelled wait had not been", d)
		}
	})
}

func TestWaitThatCannotMeetTheDeadlineFailsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewTokenBucketRateLimiter(0.125, 1)
		l.Accept()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if err := l.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Wait = %v, want context.DeadlineExceeded", err)
		}
		if d := time.Since(start); d != 0 {
			t.Errorf("Wait took %v, want no wait", d)
		}
	})
}

func TestUselessBucketPanics(t *testing.T) {
	for _, c := range []struct {
		qps   float32
		burst int
	}{{0, 1}, {-1, 1}, {1, 0}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("NewTokenBucketRateLimiter(%v, %d) did not panic", c.qps, c.burst)
				}
			}()
			NewTokenBucketRateLimiter(c.qps, c.burst)
		}()
	}
}

// client-go documents that nothing is given after Stop, but its buckets give, and so do ours.
func TestStopDoesNotEmptyABucket(t *testing.T) {
	limiter := NewTokenBucketRateLimiter(1, 2)
	limiter.Stop()
	if !limiter.TryAccept() || limiter.Wait(t.Context()) != nil {
		t.Error("there is no token after Stop")
	}
}
