package rest

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// This file has the older spellings of client-go, one line each onto those with a context.

// BackoffManager is BackoffManagerWithContext without contexts.
//
// Deprecated: use BackoffManagerWithContext, whose Sleep ends with the request's context.
type BackoffManager interface {
	UpdateBackoff(actualURL *url.URL, err error, responseCode int)
	CalculateBackoff(actualURL *url.URL) time.Duration
	Sleep(d time.Duration)
}

// BackOff is BackOffWithContext for a manager that takes no context.
//
// Deprecated: use BackOffWithContext.
func (r *Request) BackOff(manager BackoffManager) *Request {
	if manager == nil {
		return r.BackOffWithContext(nil)
	}
	if m, ok := manager.(BackoffManagerWithContext); ok {
		return r.BackOffWithContext(m)
	}
	return r.BackOffWithContext(backoffWithContext{manager})
}

type backoffWithContext struct{ m BackoffManager }

func (b backoffWithContext) UpdateBackoffWithContext(_ context.Context, u *url.URL, err error, code int) {
	b.m.UpdateBackoff(u, err, code)
}

func (b backoffWithContext) CalculateBackoffWithContext(_ context.Context, u *url.URL) time.Duration {
	return b.m.CalculateBackoff(u)
}

func (b backoffWithContext) SleepWithContext(_ context.Context, d time.Duration) { b.m.Sleep(d) }

// UpdateBackoff does nothing.
func (n *NoBackoff) UpdateBackoff(*url.URL, error, int) {}

// CalculateBackoff returns 0.
func (n *NoBackoff) CalculateBackoff(*url.URL) time.Duration { return 0 }

// Sleep waits for d.
func (n *NoBackoff) Sleep(d time.Duration) { time.Sleep(d) }

// UpdateBackoff is UpdateBackoffWithContext without one.
func (b *URLBackoff) UpdateBackoff(actualURL *url.URL, err error, responseCode int) {
	b.UpdateBackoffWithContext(context.Background(), actualURL, err, responseCode)
}

// CalculateBackoff is CalculateBackoffWithContext without one.
func (b *URLBackoff) CalculateBackoff(actualURL *url.URL) time.Duration {
	return b.CalculateBackoffWithContext(context.Background(), actualURL)
}

// Sleep is SleepWithContext without one.
func (b *URLBackoff) Sleep(d time.Duration) { b.SleepWithContext(context.Background(), d) }

// IsRetryableErrorFunc reports whether a request that failed with err may be sent again; see WithRetry.
type IsRetryableErrorFunc func(request *http.Request, err error) bool

// IsErrorRetryable calls r.
func (r IsRetryableErrorFunc) IsErrorRetryable(request *http.Request, err error) bool {
	return r(request, err)
}

// WithRetry is how client-go describes what decides about retries. Requests of this package take no such thing: what is
// safe to repeat does not depend on the program (see Request.MaxRetries). The type is here for programs that name it.
type WithRetry interface {
	// IsNextRetry reports whether an attempt that ended with resp or err is to be repeated.
	IsNextRetry(ctx context.Context, restReq *Request, httpReq *http.Request, resp *http.Response, err error, f IsRetryableErrorFunc) bool
	// Before is called before each attempt, which its error prevents.
	Before(ctx context.Context, r *Request) error
	// After is called after each attempt.
	After(ctx context.Context, r *Request, resp *http.Response, err error)
	// WrapPreviousError adds to finalErr what the attempts before ended with.
	WrapPreviousError(finalErr error) (err error)
}

// WarningHandler is WarningHandlerWithContext for a handler that takes no context.
func (r *Request) WarningHandler(handler WarningHandler) *Request {
	return r.WarningHandlerWithContext(withoutContext(handler))
}

// SetDefaultWarningHandler is SetDefaultWarningHandlerWithContext for a handler that takes no context.
func SetDefaultWarningHandler(l WarningHandler) {
	SetDefaultWarningHandlerWithContext(withoutContext(l))
}

// withoutContext returns a handler that drops the context, or nil for nil.
func withoutContext(h WarningHandler) WarningHandlerWithContext {
	if h == nil {
		return nil
	}
	if c, ok := h.(WarningHandlerWithContext); ok {
		return c
	}
	return contextlessWarningHandler{h}
}

type contextlessWarningHandler struct{ h WarningHandler }

func (c contextlessWarningHandler) HandleWarningHeaderWithContext(_ context.Context, code int, agent string, text string) {
	c.h.HandleWarningHeader(code, agent, text)
}

// HandleWarningHeader does nothing.
func (NoWarnings) HandleWarningHeader(code int, agent string, message string) {}

// HandleWarningHeader logs the warning.
func (w WarningLogger) HandleWarningHeader(code int, agent string, message string) {
	w.HandleWarningHeaderWithContext(context.Background(), code, agent, message)
}
