package canary

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/kubewright/kubewright/pkg/metrics"
)

// Register registers metrics that pass to Seen what they are told, but for those that change replaces. Main does it for
// packages that have nothing to change.
func Register(change func(*metrics.RegisterOpts)) {
	if benchmarking() {
		return
	}
	all := allMetrics()
	change(&all)
	metrics.Register(all)
}

// allMetrics returns all metrics, each of which passes to Seen what it is told.
func allMetrics() metrics.RegisterOpts {
	return metrics.RegisterOpts{
		ClientCertExpiry:             expiry{},
		ClientCertRotationAge:        duration{},
		RequestLatency:               latency{},
		ResolverLatency:              hostLatency{},
		RequestSize:                  size{},
		ResponseSize:                 size{},
		RateLimiterLatency:           latency{},
		RequestResult:                call{},
		ExecPluginCalls:              exit{},
		ExecPluginPolicyCalls:        result{},
		RequestRetry:                 call{},
		TransportCacheEntries:        count{},
		TransportCreateCalls:         result{},
		TransportCAReloads:           reload{},
		TransportCertRotationGCCalls: event{},
		TransportCacheGCCalls:        result{},
	}
}

func told(values ...any) { fmt.Fprintln(Seen, values...) }

// One type for each signature.
type (
	expiry      struct{}
	duration    struct{}
	latency     struct{}
	hostLatency struct{}
	size        struct{}
	call        struct{}
	exit        struct{}
	result      struct{}
	count       struct{}
	reload      struct{}
	event       struct{}
)

func (expiry) Set(at *time.Time)         { told(at) }
func (duration) Observe(d time.Duration) { told(d) }
func (latency) Observe(_ context.Context, verb string, u url.URL, d time.Duration) {
	told(verb, u.String(), d)
}
func (hostLatency) Observe(_ context.Context, host string, d time.Duration) { told(host, d) }
func (size) Observe(_ context.Context, verb, host string, size float64)     { told(verb, host, size) }
func (call) Increment(_ context.Context, code, method, host string)         { told(code, method, host) }
func (call) IncrementRetry(_ context.Context, code, method, host string)    { told(code, method, host) }
func (exit) Increment(code int, status string)                              { told(code, status) }
func (result) Increment(label string)                                       { told(label) }
func (count) Observe(n int)                                                 { told(n) }
func (reload) Increment(result, reason string)                              { told(result, reason) }
func (event) Increment()                                                    {}
