package rest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"k8s.io/klog/v2"

	"github.com/kubewright/kubewright/pkg/flowcontrol"
)

// send sends the request, again where that is safe, and returns the response that is not to be answered by another attempt.
// Its status may be any; its body is open. The caller has to keep ctx until the body is read.
func (r *Request) send(ctx context.Context, limiter flowcontrol.RateLimiter) (*http.Response, error) {
	wire, err := r.build()
	if err != nil {
		return nil, err
	}
	client := withoutRedirects(r.c.Client)
	policy := retryPolicy{max: r.maxRetries, replayable: wire.replayable(), safe: wire.safe()}
	logger := klog.FromContext(ctx)
	for {
		if err := r.admit(ctx, limiter, &wire); err != nil {
			return nil, policy.explain(err)
		}
		req, err := wire.http(ctx)
		if err != nil {
			return nil, err
		}
		resp, err := client.Do(req)
		if r.backoff != nil {
			r.backoff.UpdateBackoffWithContext(ctx, wire.url, err, statusCode(resp))
		}
		wait, again := policy.next(ctx, resp, err)
		if !again {
			return resp, policy.explain(err)
		}
		if resp != nil {
			discard(resp.Body)
		}
		logger.V(4).Info("Repeating a request", "verb", wire.method, "path", wire.url.Path, "attempt", policy.attempts, "after", wait, "reason", policy.last)
		if err := sleep(ctx, wait); err != nil {
			return nil, policy.explain(err)
		}
	}
}

// admit waits until the request may go out.
func (r *Request) admit(ctx context.Context, limiter flowcontrol.RateLimiter, wire *wireRequest) error {
	if r.backoff != nil {
		r.backoff.SleepWithContext(ctx, r.backoff.CalculateBackoffWithContext(ctx, wire.url))
	}
	if limiter == nil {
		return nil
	}
	begin := time.Now()
	if err := limiter.Wait(ctx); err != nil {
		return fmt.Errorf("client-side rate limiter: %w", err)
	}
	if waited := time.Since(begin); waited > time.Second {
		klog.FromContext(ctx).V(3).Info("Waited for the client-side rate limiter", "waited", waited, "verb", wire.method, "path", wire.url.Path)
	}
	return nil
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
