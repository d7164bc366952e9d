package metrics

import (
	"context"
	"net/url"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// recorder counts latencies.
type recorder struct{ calls atomic.Int32 }

func (r *recorder) Observe(context.Context, string, url.URL, time.Duration) { r.calls.Add(1) }

// An observation at each of the defaults is dropped.
func TestDefaultsDiscard(t *testing.T) {
	ctx := t.Context()
	ClientCertExpiry.Set(nil)
	ClientCertRotationAge.Observe(time.Second)
	RequestLatency.Observe(ctx, "GET", url.URL{}, time.Second)
	ResolverLatency.Observe(ctx, "host", time.Second)
	RequestSize.Observe(ctx, "GET", "host", 1)
	ResponseSize.Observe(ctx, "GET", "host", 1)
	RateLimiterLatency.Observe(ctx, "GET", url.URL{}, time.Second)
	RequestResult.Increment(ctx, "200", "GET", "host")
	ExecPluginCalls.Increment(0, "no_error")
	ExecPluginPolicyCalls.Increment("allowed")
	RequestRetry.IncrementRetry(ctx, "429", "GET", "host")
	TransportCacheEntries.Observe(1)
	TransportCreateCalls.Increment("hit")
	TransportCAReloads.Increment("success", "")
	TransportCertRotationGCCalls.Increment()
	TransportCacheGCCalls.Increment("deleted")
	if !Discards(RateLimiterLatency) {
		t.Error("the default does not discard")
	}
}

// This test registers for the whole process, which can happen once.
func TestOnlyTheFirstRegistrationCounts(t *testing.T) {
	EnsureRegistered() // of nothing
	first, second := &recorder{}, &recorder{}
	var runs, recursive atomic.Int32
	size := RequestSize
	Register(RegisterOpts{RequestLatency: first, RegisterFn: func() {
		runs.Add(1)
		EnsureRegistered() // as a client that is made here would
		recursive.Add(1)
	}})
	Register(RegisterOpts{RequestLatency: second, RequestSize: discardSize{}, RegisterFn: func() { t.Error("the second RegisterFn was called") }})

	RequestLatency.Observe(t.Context(), "GET", url.URL{}, time.Second)
	if first.calls.Load() != 1 || second.calls.Load() != 0 {
		t.Errorf("the first metric got %d observations, the second %d, want 1 and 0", first.calls.Load(), second.calls.Load())
	}
	if Discards(RequestLatency) {
		t.Error("a registered metric discards")
	}
	if RequestSize != size {
		t.Error("a metric that was not registered was replaced")
	}

	var wg sync.WaitGroup
	for range 10 {
		wg.Go(EnsureRegistered)
	}
	wg.Wait()
	if runs.Load() != 1 || recursive.Load() != 1 {
		t.Errorf("RegisterFn was called %d times and ended %d times, want 1 and 1", runs.Load(), recursive.Load())
	}
}

// Register must install each option at the variable of its name.
func TestEveryOptionHasAVariable(t *testing.T) {
	variables := map[string]any{
		"ClientCertExpiry": &ClientCertExpiry, "ClientCertRotationAge": &ClientCertRotationAge, "RequestLatency": &RequestLatency,
		"ResolverLatency": &ResolverLatency, "RequestSize": &RequestSize, "ResponseSize": &ResponseSize,
		"RateLimiterLatency": &RateLimiterLatency, "RequestResult": &RequestResult, "ExecPluginCalls": &ExecPluginCalls,
		"ExecPluginPolicyCalls": &ExecPluginPolicyCalls, "RequestRetry": &RequestRetry, "TransportCacheEntries": &TransportCacheEntries,
		"TransportCreateCalls": &TransportCreateCalls, "TransportCAReloads": &TransportCAReloads,
		"TransportCertRotationGCCalls": &TransportCertRotationGCCalls, "TransportCacheGCCalls": &TransportCacheGCCalls,
	}
	for field := range reflect.TypeFor[RegisterOpts]().Fields() {
		if field.Name == "RegisterFn" {
			continue
		}
		v, ok := variables[field.Name]
		if !ok || reflect.TypeOf(v).Elem() != field.Type {
			t.Errorf("option %s has no variable of its name and type", field.Name)
		}
	}
}
