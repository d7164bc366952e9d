package rest

import "time"

// What a server can make a client hold or wait for.
const (
	// maxBodyBytes bounds a response that is read to its end, after decompression. A list that is larger must be read in
	// pages (ListOptions.Limit) or streamed.
	maxBodyBytes = 1 << 30
	// maxErrorBodyBytes bounds what is read of a response that is an error; the rest is left.
	maxErrorBodyBytes = 1 << 20
	// maxErrorTextBytes bounds what of an error response that is not a Status goes into the error.
	maxErrorTextBytes = 2 << 10
	// maxFrameBytes bounds an event of a watch, an object of a list that is read object by object, and what such a list has
	// besides objects. etcd takes objects of 1.5 MiB by default.
	maxFrameBytes = 16 << 20
	// maxDrainBytes is read of a response that is thrown away, so that its HTTP/1.1 connection can be used again.
	maxDrainBytes = 64 << 10

	// defaultMaxRetries is how often a request is repeated if MaxRetries was not called.
	defaultMaxRetries = 10
	// maxRetryAfter is the longest that a Retry-After header makes a client wait.
	maxRetryAfter = time.Minute
	// Between attempts after a lost connection, or after a Retry-After of nothing, the client waits, with jitter, for
	// minRetryBackoff, twice that, and so on up to maxRetryBackoff.
	minRetryBackoff = 100 * time.Millisecond
	maxRetryBackoff = 5 * time.Second
	// timeoutSlack is how much longer than the server was told a watch may stay open, and a list may take that has a
	// ListOptions.TimeoutSeconds.
	timeoutSlack = 30 * time.Second
	// defaultTimeout bounds requests that nobody has bounded, but for streams and watches: ten times what an API server
	// takes by default (--request-timeout).
	defaultTimeout = 10 * time.Minute
)
