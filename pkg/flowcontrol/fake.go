package flowcontrol

import (
	"context"
	"errors"
	"sync"
)

// NewFakeAlwaysRateLimiter returns a limiter that always has a token, for tests.
func NewFakeAlwaysRateLimiter() RateLimiter { return alwaysLimiter{} }

// NewFakeNeverRateLimiter returns a limiter that never has a token, for tests. Its Wait fails at once, its Accept blocks
// until Stop is called.
func NewFakeNeverRateLimiter() RateLimiter { return &neverLimiter{stopped: make(chan struct{})} }

type alwaysLimiter struct{}

func (alwaysLimiter) TryAccept() bool            { return true }
func (alwaysLimiter) Stop()                      {}
func (alwaysLimiter) QPS() float32               { return 1 }
func (alwaysLimiter) Accept()                    {}
func (alwaysLimiter) Wait(context.Context) error { return nil }

type neverLimiter struct {
	stopOnce sync.Once
	stopped  chan struct{} // closed by Stop
}

func (*neverLimiter) TryAccept() bool { return false }
func (n *neverLimiter) Stop()         { n.stopOnce.Do(func() { close(n.stopped) }) }
func (*neverLimiter) QPS() float32    { return 1 }
func (n *neverLimiter) Accept()       { <-n.stopped }

func (*neverLimiter) Wait(context.Context) error {
	return errors.New("this rate limiter never gives a token")
}
