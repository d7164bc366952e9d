package rest

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"time"
)

// The parameters that tell the server for how long to work on a request: that of Request.Timeout and that of
// ListOptions.TimeoutSeconds, which both LIST and WATCH take.
const (
	timeoutParam        = "timeout"
	timeoutSecondsParam = "timeoutSeconds"
)

// errDefaultTimeout is the cause of requests that ended since nobody had bounded them.
var errDefaultTimeout = fmt.Errorf("no answer within %v, which bounds requests whose context has no deadline: set Config.Timeout or a deadline: %w",
	defaultTimeout, context.DeadlineExceeded)

// timeoutSeconds returns what ListOptions.TimeoutSeconds says; 0 if it says nothing.
func (r *Request) timeoutSeconds() time.Duration {
	const most = int64(1<<63-1) / int64(time.Second)
	value := r.params.Get(timeoutSecondsParam)
	if value == "" {
		return 0
	}
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil || seconds <= 0 || seconds > most/2 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// boundAnswer returns ctx with the deadline of a request whose answer ends by itself.
func (r *Request) boundAnswer(ctx context.Context) (context.Context, context.CancelFunc) {
	if r.timeout > 0 {
		return context.WithTimeout(ctx, r.timeout)
	}
	if seconds := r.timeoutSeconds(); seconds > 0 {
		return context.WithTimeout(ctx, seconds+timeoutSlack)
	}
	if _, ok := ctx.Deadline(); ok || r.unbounded {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, defaultTimeout, errDefaultTimeout)
}

// boundStream returns ctx with the request's timeout, if it has one.
func (r *Request) boundStream(ctx context.Context) (context.Context, context.CancelFunc) {
	if r.timeout > 0 {
		return context.WithTimeout(ctx, r.timeout)
	}
	return ctx, func() {}
}

// boundWatch returns ctx with a deadline after the time at which the server should have ended a watch, if it was told one.
func (r *Request) boundWatch(ctx context.Context) (context.Context, context.CancelFunc) {
	bound := r.timeout
	if seconds := r.timeoutSeconds(); seconds > 0 && (bound == 0 || seconds < bound) {
		bound = seconds
	}
	if bound > 0 {
		return context.WithTimeout(ctx, bound+timeoutSlack)
	}
	return context.WithCancel(ctx)
}

// shorten makes wire, which is to be sent again, tell the server no more time than is left.
func (r *Request) shorten(wire *wireRequest, elapsed time.Duration) {
	seconds := r.timeoutSeconds()
	if r.timeout == 0 && seconds == 0 {
		return
	}
	params := maps.Clone(r.params)
	if seconds > 0 {
		left := max((seconds - elapsed).Truncate(time.Second), time.Second)
		params.Set(timeoutSecondsParam, strconv.FormatInt(int64(left/time.Second), 10))
	}
	u := *wire.url
	u.RawQuery = encodeQuery(params, max(r.timeout-elapsed, min(r.timeout, time.Second)))
	wire.url = &u
}
