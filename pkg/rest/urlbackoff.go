package rest

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/kubewright/kubewright/pkg/flowcontrol"
)

// URLBackoff is a backoff manager that makes requests wait longer with each failure of the same host: an answer of 429 or
// 5xx, or none at all. Any other answer ends that. It is safe for concurrent use.
type URLBackoff struct {
	// Backoff has the delay of each host.
	Backoff *flowcontrol.Backoff
}

// Disable makes b ask for no waiting. It comes before b is used.
func (b *URLBackoff) Disable() { b.Backoff = flowcontrol.NewBackOff(0, 0) }

// UpdateBackoffWithContext notes how an attempt went.
func (b *URLBackoff) UpdateBackoffWithContext(_ context.Context, actualURL *url.URL, err error, responseCode int) {
	if err != nil || responseCode >= 500 || responseCode == http.StatusTooManyRequests {
		b.Backoff.Next(backoffKey(actualURL), b.Backoff.Clock.Now())
		return
	}
	b.Backoff.Reset(backoffKey(actualURL))
}

// CalculateBackoffWithContext returns how long the next attempt shall wait.
func (b *URLBackoff) CalculateBackoffWithContext(_ context.Context, actualURL *url.URL) time.Duration {
	return b.Backoff.Get(backoffKey(actualURL))
}

// SleepWithContext waits for d, by the clock of b.Backoff, or until ctx is done.
func (b *URLBackoff) SleepWithContext(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := b.Backoff.Clock.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C():
	}
}

// backoffKey is what shares a delay: hosts are overloaded, not paths.
func backoffKey(u *url.URL) string { return u.Host }
