package flowcontrol

import "context"

// PassiveRateLimiter answers at once whether an event may happen now. Implementations are safe for concurrent use.
type PassiveRateLimiter interface {
	// TryAccept takes a token and returns true if one is there, else returns false. It never blocks.
	TryAccept() bool
	// Stop ends the limiter's work. Limiters of this package hold nothing that needs to be released.
	Stop()
	// QPS is the sustained rate in events per second.
	QPS() float32
}

// RateLimiter can also wait for a token. Implementations are safe for concurrent use; waiters are served in the order
// in which they came.
type RateLimiter interface {
	PassiveRateLimiter
	// Accept blocks until a token is taken. It cannot be interrupted: prefer Wait.
	Accept()
	// Wait blocks until a token is taken (nil) or ctx is done, or is certain to be done before a token is there
	// (an error that wraps the context's). A wait that ends without a token gives its place back.
	Wait(ctx context.Context) error
}
