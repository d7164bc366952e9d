package rest

import (
	"context"
	"net/url"
	"time"
)

// BackoffManagerWithContext makes requests to URLs that fail wait. Implementations are safe for concurrent use.
type BackoffManagerWithContext interface {
	// UpdateBackoffWithContext is told how an attempt went: err, or the response's status code.
	UpdateBackoffWithContext(ctx context.Context, actualURL *url.URL, err error, responseCode int)
	// CalculateBackoffWithContext returns how long the next attempt shall wait.
	CalculateBackoffWithContext(ctx context.Context, actualURL *url.URL) time.Duration
	// SleepWithContext waits for d or until ctx is done.
	SleepWithContext(ctx context.Context, d time.Duration)
}

// NoBackoff is a backoff manager that asks for no waiting.
type NoBackoff struct{}

// UpdateBackoffWithContext does nothing.
func (n *NoBackoff) UpdateBackoffWithContext(context.Context, *url.URL, error, int) {}

// CalculateBackoffWithContext returns 0.
func (n *NoBackoff) CalculateBackoffWithContext(context.Context, *url.URL) time.Duration { return 0 }

// SleepWithContext waits for d or until ctx is done.
func (n *NoBackoff) SleepWithContext(ctx context.Context, d time.Duration) { _ = sleep(ctx, d) }
