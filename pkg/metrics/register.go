package metrics

import "sync"

// RegisterOpts are the metrics that Register installs; those that are nil stay as they are.
type RegisterOpts struct {
	ClientCertExpiry             ExpiryMetric
	ClientCertRotationAge        DurationMetric
	RequestLatency               LatencyMetric
	ResolverLatency              ResolverLatencyMetric
	RequestSize                  SizeMetric
	ResponseSize                 SizeMetric
	RateLimiterLatency           LatencyMetric
	RequestResult                ResultMetric
	ExecPluginCalls              CallsMetric
	ExecPluginPolicyCalls        PolicyCallsMetric
	RequestRetry                 RetryMetric
	TransportCacheEntries        TransportCacheMetric
	TransportCreateCalls         TransportCreateCallsMetric
	TransportCAReloads           TransportCAReloadsMetric
	TransportCertRotationGCCalls TransportCertRotationGCCallsMetric
	TransportCacheGCCalls        TransportCacheGCCallsMetric

	// RegisterFn, if set, is called once by EnsureRegistered, which is before the first client is made. It is where an
	// adapter does what depends on the state of the running program.
	RegisterFn func()
}

var registration struct {
	once sync.Once

	mu sync.Mutex // guards fn
	fn func()     // RegisterFn, until it is called
}

// Register installs metrics. Only the first call has an effect. It comes before the first client is made: what is observed
// at the same time is a data race.
func Register(opts RegisterOpts) {
	registration.once.Do(func() {
		install(&ClientCertExpiry, opts.ClientCertExpiry)
		install(&ClientCertRotationAge, opts.ClientCertRotationAge)
		install(&RequestLatency, opts.RequestLatency)
		install(&ResolverLatency, opts.ResolverLatency)
		install(&RequestSize, opts.RequestSize)
		install(&ResponseSize, opts.ResponseSize)
		install(&RateLimiterLatency, opts.RateLimiterLatency)
		install(&RequestResult, opts.RequestResult)
		install(&ExecPluginCalls, opts.ExecPluginCalls)
		install(&ExecPluginPolicyCalls, opts.ExecPluginPolicyCalls)
		install(&RequestRetry, opts.RequestRetry)
		install(&TransportCacheEntries, opts.TransportCacheEntries)
		install(&TransportCreateCalls, opts.TransportCreateCalls)
		install(&TransportCAReloads, opts.TransportCAReloads)
		install(&TransportCertRotationGCCalls, opts.TransportCertRotationGCCalls)
		install(&TransportCacheGCCalls, opts.TransportCacheGCCalls)

		registration.mu.Lock()
		defer registration.mu.Unlock()
		registration.fn = opts.RegisterFn
	})
}

// install sets a metric unless m is nil.
func install[M comparable](metric *M, m M) {
	var none M
	if m != none {
		*metric = m
	}
}

// EnsureRegistered calls the RegisterFn that was registered, if there is one and it was not called before. Constructors of
// clients, transports and credentials begin with it. A RegisterFn may itself make a client; calls that come while it runs do
// not wait for it.
func EnsureRegistered() {
	registration.mu.Lock()
	fn := registration.fn
	registration.fn = nil
	registration.mu.Unlock()
	if fn != nil {
		fn()
	}
}
