package metrics

import (
	"context"
	"net/url"
	"time"
)

// Implementations of the interfaces here are called from many goroutines at once, within requests: they must be safe for
// concurrent use, must not block, and must not keep what they are passed.

// DurationMetric observes durations.
type DurationMetric interface {
	Observe(duration time.Duration)
}

// ExpiryMetric is told when something expires; nil means never, or that it is not known.
type ExpiryMetric interface {
	Set(expiry *time.Time)
}

// LatencyMetric observes durations by HTTP method and URL.
type LatencyMetric interface {
	Observe(ctx context.Context, verb string, u url.URL, latency time.Duration)
}

// ResolverLatencyMetric observes how long it takes to resolve a host name.
type ResolverLatencyMetric interface {
	Observe(ctx context.Context, host string, latency time.Duration)
}

// SizeMetric observes sizes in bytes by HTTP method and host.
type SizeMetric interface {
	Observe(ctx context.Context, verb string, host string, size float64)
}

// ResultMetric counts answers by status code, HTTP method and host. The code is "<error>" if there was no answer.
type ResultMetric interface {
	Increment(ctx context.Context, code string, method string, host string)
}

// RetryMetric counts attempts after the first by status code of the attempt before, HTTP method and host. The code is
// "<error>" if there was no answer.
type RetryMetric interface {
	IncrementRetry(ctx context.Context, code string, method string, host string)
}

// CallsMetric counts runs of credential plugins by exit code and outcome.
type CallsMetric interface {
	Increment(exitCode int, callStatus string)
}

// PolicyCallsMetric counts decisions whether a credential plugin may run: "allowed" or "denied".
type PolicyCallsMetric interface {
	Increment(status string)
}

// TransportCacheMetric observes how many transports are shared at the moment.
type TransportCacheMetric interface {
	Observe(value int)
}

// TransportCreateCallsMetric counts requests for a transport by what the cache made of them: "hit", "miss", "miss-gc" or
// "uncacheable".
type TransportCreateCallsMetric interface {
	Increment(result string)
}

// TransportCAReloadsMetric counts attempts to read a CA again, by result and reason: "success" with "changed" or "unchanged",
// "failure" with "unreadable" or "invalid", which leave the last good CA in use.
type TransportCAReloadsMetric interface {
	Increment(result, reason string)
}

// TransportCertRotationGCCallsMetric counts rotations of certificates that ended because their transport was not used any
// more.
type TransportCertRotationGCCallsMetric interface {
	Increment()
}

// TransportCacheGCCallsMetric counts attempts to remove a transport that is not used any more: "deleted" or "skipped".
type TransportCacheGCCallsMetric interface {
	Increment(result string)
}
