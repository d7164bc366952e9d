package metrics

// What clients report to. Register sets these variables; nobody else does.
var (
	// ClientCertExpiry is when the client certificate that was loaded last expires.
	ClientCertExpiry ExpiryMetric = discardExpiry{}
	// ClientCertRotationAge is how old a client certificate was when it was replaced.
	ClientCertRotationAge DurationMetric = discardDuration{}
	// RequestLatency is how long an attempt of a request took until the header of the answer was there.
	RequestLatency LatencyMetric = discardLatency{}
	// ResolverLatency is how long it took to resolve the server's name.
	ResolverLatency ResolverLatencyMetric = discardHostLatency{}
	// RequestSize is how many bytes the body of a request had.
	RequestSize SizeMetric = discardSize{}
	// ResponseSize is how many bytes the body of an answer had once it was decompressed. Streams are not measured.
	ResponseSize SizeMetric = discardSize{}
	// RateLimiterLatency is how long requests waited for the client-side rate limiter.
	RateLimiterLatency LatencyMetric = discardLatency{}
	// RequestResult counts attempts of requests by how they ended.
	RequestResult ResultMetric = discardCall{}
	// ExecPluginCalls counts runs of credential plugins.
	ExecPluginCalls CallsMetric = discardExit{}
	// ExecPluginPolicyCalls counts decisions whether a credential plugin may run.
	ExecPluginPolicyCalls PolicyCallsMetric = discardStatus{}
	// RequestRetry counts attempts of requests after the first.
	RequestRetry RetryMetric = discardCall{}
	// TransportCacheEntries is how many transports are shared.
	TransportCacheEntries TransportCacheMetric = discardCount{}
	// TransportCreateCalls counts requests for a transport.
	TransportCreateCalls TransportCreateCallsMetric = discardStatus{}
	// TransportCAReloads counts attempts to read a CA again.
	TransportCAReloads TransportCAReloadsMetric = discardReload{}
	// TransportCertRotationGCCalls counts rotations of certificates that ended with their transport.
	TransportCertRotationGCCalls TransportCertRotationGCCallsMetric = discardEvent{}
	// TransportCacheGCCalls counts attempts to remove a transport that is not used any more.
	TransportCacheGCCalls TransportCacheGCCallsMetric = discardStatus{}
)
