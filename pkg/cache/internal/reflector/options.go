package reflector

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/utils/clock"
)

const (
	defaultPageSize       = 500
	defaultWatchTimeout   = 5 * time.Minute
	defaultStreamPatience = time.Minute
)

// Options configure a Reflector. The zero value is fine.
type Options struct {
	// PageSize is how many objects to ask for at a time. Zero is 500 for lists that the server reads from its storage,
	// and no limit for those at a certain version, which it can answer from memory. A negative size is never a limit.
	PageSize int64
	// MinWatchTimeout is the least time after which the server is asked to end a watch; the time asked for is random
	// between it and its double. Zero, and anything below, is five minutes.
	MinWatchTimeout time.Duration
	// NoStreams asks for pages only, even if the source can stream lists.
	NoStreams bool
	// StreamPatience is how long a streamed list may be without a new object, or its end, before pages are asked for
	// instead. Zero is one minute. A streamed list as a whole must not take longer than a page may: five minutes.
	StreamPatience time.Duration
	// Backoff is how long to wait after errors. Nil is 0.8 s, doubling up to 30 s, each plus up to as much again at
	// random. It begins anew when nothing was wrong for two minutes. If the server asks for a longer wait, up to a
	// minute, it gets it.
	Backoff *wait.Backoff
	// Clock tells the time for waits. Nil is the real one. Deadlines of requests always follow the real one.
	Clock clock.Clock
	// OnError, if set, hears of every failure before the wait that follows. It is called by the goroutine of Run, and
	// if there is an Audit by one more.
	OnError func(ctx context.Context, failure Failure)
	// Metrics, if set, counts what happens.
	Metrics Metrics
	// Audit, if its interval is set, compares the sink with the server at times.
	Audit Audit
}

// Metrics is told what a reflector does, by the goroutine of Run.
type Metrics interface {
	// Listed tells of a complete list, by pages or streamed, that the sink has taken.
	Listed(took time.Duration, objects int)
	// WatchOpened tells that a watch has begun, and WatchEnded that it has ended, for whatever reason. The collection that a
	// watch begins with is no event. short says that the server has ended it within a second, without an event.
	WatchOpened()
	WatchEnded(lasted time.Duration, events int, short bool)
	// Reached tells which version the sink has now.
	Reached(version string)
}

func (o Options) withDefaults() Options {
	if o.MinWatchTimeout < defaultWatchTimeout {
		o.MinWatchTimeout = defaultWatchTimeout
	}
	if o.StreamPatience <= 0 {
		o.StreamPatience = defaultStreamPatience
	}
	if o.Clock == nil {
		o.Clock = clock.RealClock{}
	}
	if o.Backoff == nil {
		delays := defaultBackoff()
		o.Backoff = &delays
	}
	if o.Metrics == nil {
		o.Metrics = noMetrics{}
	}
	return o
}

// limit is how many objects to ask for in a page of a list.
func (o Options) limit(list ListState) int64 {
	switch {
	case o.PageSize < 0, list.Whole:
		return 0
	case o.PageSize > 0:
		return o.PageSize
	case list.At == anyVersion || list.At == newestVersion:
		return defaultPageSize
	default:
		return 0
	}
}

// noMetrics are metrics that nobody wants.
type noMetrics struct{}

func (noMetrics) Listed(time.Duration, int)           {}
func (noMetrics) WatchOpened()                        {}
func (noMetrics) WatchEnded(time.Duration, int, bool) {}
func (noMetrics) Reached(string)                      {}
