package flowcontrol

import (
	"context"
	"fmt"

	"golang.org/x/time/rate"
)

// NewTokenBucketRateLimiter returns a limiter that lets qps events per second happen and up to burst events at once.
// The bucket is full at first. It panics unless qps and burst are positive: such a bucket would never give a token.
func NewTokenBucketRateLimiter(qps float32, burst int) RateLimiter {
	return newTokenBucket(qps, burst)
}

// NewTokenBucketPassiveRateLimiter is NewTokenBucketRateLimiter for callers that never wait.
func NewTokenBucketPassiveRateLimiter(qps float32, burst int) PassiveRateLimiter {
	return newTokenBucket(qps, burst)
}

// tokenBucket implements RateLimiter. Both fields are fixed at construction.
type tokenBucket struct {
	bucket *rate.Limiter
	qps    float32
}

func newTokenBucket(qps float32, burst int) *tokenBucket {
	if qps <= 0 || burst <= 0 {
		panic(fmt.Sprintf("flowcontrol: a token bucket needs a positive QPS and burst, got QPS %v and burst %d", qps, burst))
	}
	return &tokenBucket{bucket: rate.NewLimiter(rate.Limit(qps), burst), qps: qps}
}

func (t *tokenBucket) TryAccept() bool { return t.bucket.Allow() }

func (t *tokenBucket) Stop() {}

func (t *tokenBucket) QPS() float32 { return t.qps }

func (t *tokenBucket) Accept() {
	// With a positive burst and a context without end there is nothing that can fail.
	_ = t.Wait(context.Background())
}

func (t *tokenBucket) Wait(ctx context.Context) error {
	err := t.bucket.Wait(ctx)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("no token at %v per second: %w", t.qps, context.Cause(ctx))
	default:
		// The bucket knows that the deadline passes first and does not make the caller wait for it.
		return fmt.Errorf("no token at %v per second before the deadline: %w", t.qps, context.DeadlineExceeded)
	}
}
