package rest

import (
	"context"
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
