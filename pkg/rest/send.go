package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"k8s.io/klog/v2"

	"github.com/kubewright/kubewright/pkg/flowcontrol"
)

// exchange is one sending of a request, with all its attempts. It is not safe for concurrent use.
type exchange struct {
	r       *Request
	limiter flowcontrol.RateLimiter // nil means no limit
	begin   time.Time
	wire    wireRequest
	policy  retryPolicy
	before  int // the status code of the attempt before; 0 if there was no answer
}

// exchange begins a sending of the request, or returns what is wrong with it.
func (r *Request) exchange(limiter flowcontrol.RateLimiter) (exchange, error) {
	wire, err := r.build()
	if err != nil {
		return exchange{}, err
	}
	return exchange{
		r:       r,
		limiter: limiter,
		begin:   time.Now(),
		wire:    wire,
		policy:  retryPolicy{max: r.maxRetries, replayable: wire.replayable(), safe: wire.safe()},
	}, nil
}

// send sends the request, again where that is safe, and returns the response that is not to be answered by another attempt.
// Its status may be any; its body is open. The caller has to keep ctx until the body is read.
func (x *exchange) send(ctx context.Context) (*http.Response, error) {
	for {
		resp, err := x.attempt(ctx)
		if err == nil && x.fallBack(ctx, resp) {
			discard(resp.Body)
			continue
		}
		again, err := x.again(ctx, resp, err)
		if !again {
			return resp, err
		}
	}
}

// again waits for the next attempt, if there is to be one after an attempt that ended with resp or err. If there is not, it
// returns the error that the exchange ends with; then resp is still open.
func (x *exchange) again(ctx context.Context, resp *http.Response, err error) (bool, error) {
	next, again := x.policy.next(ctx, resp, err)
	if !again {
		return false, x.policy.explain(err)
	}
	if resp != nil {
		discard(resp.Body)
	}
	klog.FromContext(ctx).V(4).Info("Repeating a request", "verb", x.wire.method, "path", x.wire.url.Path,
		"attempt", next.Attempt, "after", next.Wait, "reason", next.Reason)
	// If the wait is cut short, the next attempt says so.
	_ = sleep(ctx, next.Wait)
	x.r.shorten(&x.wire, time.Since(x.begin))
	return true, nil
}

// attempt sends the request once.
func (x *exchange) attempt(ctx context.Context) (*http.Response, error) {
	if err := x.admit(ctx); err != nil {
		return nil, err
	}
	req, err := x.wire.http(ctx)
	if err != nil {
		return nil, err
	}
	x.policy.attempts++
	begin := time.Now()
	resp, err := roundTrip(x.r.c.Client, req)
	x.observe(ctx, statusCode(resp), begin)
	if x.r.backoff != nil {
		x.r.backoff.UpdateBackoffWithContext(ctx, x.wire.url, err, statusCode(resp))
	}
	return resp, err
}

// admit waits until an attempt may go out.
func (x *exchange) admit(ctx context.Context) error {
	if ctx.Err() != nil {
		return contextError(ctx)
	}
	if b := x.r.backoff; b != nil {
		b.SleepWithContext(ctx, b.CalculateBackoffWithContext(ctx, x.wire.url))
	}
	if x.limiter == nil {
		return nil
	}
	begin := time.Now()
	if err := x.limiter.Wait(ctx); err != nil {
		return fmt.Errorf("client-side rate limiter: %w", err)
	}
	waited := time.Since(begin)
	x.observeLimiter(ctx, waited)
	if waited > time.Second {
		klog.FromContext(ctx).V(3).Info("Waited for the client-side rate limiter", "waited", waited, "verb", x.wire.method, "path", x.wire.url.Path)
	}
	return nil
}

// contextError returns why ctx ended. It is ctx.Err() to errors.Is, whatever cause somebody has given.
func contextError(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if errors.Is(cause, err) {
		return cause
	}
	return fmt.Errorf("%w: %w", err, cause)
}

// sleep waits for d or until ctx is done.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// discard reads the little that may be left of a body and closes it.
func discard(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, maxDrainBytes)
	_ = body.Close()
}

func statusCode(resp *http.Response) int {
	if resp == nil {
		return 0
	}
	return resp.StatusCode
}
