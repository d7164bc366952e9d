package metrics

import (
	"context"
	"net/url"
	"time"
)

// The defaults: one type for each signature.
type (
	discardExpiry      struct{}
	discardDuration    struct{}
	discardLatency     struct{}
	discardHostLatency struct{}
	discardSize        struct{}
	discardCall        struct{}
	discardExit        struct{}
	discardStatus      struct{}
	discardCount       struct{}
	discardReload      struct{}
	discardEvent       struct{}
)

func (discardExpiry) Set(*time.Time)                                           {}
func (discardDuration) Observe(time.Duration)                                  {}
func (discardLatency) Observe(context.Context, string, url.URL, time.Duration) {}
func (discardHostLatency) Observe(context.Context, string, time.Duration)      {}
func (discardSize) Observe(context.Context, string, string, float64)           {}
func (discardCall) Increment(context.Context, string, string, string)          {}
func (discardCall) IncrementRetry(context.Context, string, string, string)     {}
func (discardExit) Increment(int, string)                                      {}
func (discardStatus) Increment(string)                                         {}
func (discardCount) Observe(int)                                               {}
func (discardReload) Increment(string, string)                                 {}
func (discardEvent) Increment()                                                {}

// Discards reports whether a metric whose labels cost something to make is the default, which drops everything.
func Discards(metric any) bool {
	switch metric.(type) {
	case discardLatency, discardCall:
		return true
	}
	return false
}
