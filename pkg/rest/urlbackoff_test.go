package rest

import (
	"context"
	"net/http"
	"net/url"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubewright/kubewright/pkg/flowcontrol"
)

func TestURLBackoffGrowsWithFailuresOfAHost(t *testing.T) {
	b := &URLBackoff{Backoff: flowcontrol.NewBackOff(time.Second, time.Minute)}
	host, other := &url.URL{Host: "host", Path: "/a"}, &url.URL{Host: "other"}
	for _, step := range []struct {
		err  error
		code int
		want time.Duration
	}{
		{nil, 200, 0}, {nil, 500, time.Second}, {nil, 429, 2 * time.Second}, {syscall.ECONNREFUSED, 0, 4 * time.Second}, {nil, 404, 0}, {nil, 503, time.Second},
	} {
		b.UpdateBackoff(host, step.err, step.code)
		if got := b.CalculateBackoff(&url.URL{Host: "host", Path: "/b"}); got != step.want {
			t.Errorf("delay %v after %v %d, want %v", got, step.err, step.code, step.want)
		}
	}
	if got := b.CalculateBackoff(other); got != 0 {
		t.Errorf("another host has delay %v", got)
	}
	b.Disable()
	b.UpdateBackoff(host, nil, 500)
	if got := b.CalculateBackoff(host); got != 0 {
		t.Errorf("delay %v after Disable", got)
	}
}

func TestURLBackoffMakesRequestsWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, (&script{answers: []func() (*http.Response, error){answer(500)}}).RoundTrip, nil)
		b := &URLBackoff{Backoff: flowcontrol.NewBackOff(time.Second, time.Minute)}
		begin := time.Now()
		for range 4 {
			_ = c.Get().BackOff(b).Do(t.Context())
		}
		if d := time.Since(begin); d != 7*time.Second {
			t.Errorf("it took %v, want 1s+2s+4s", d)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_ = c.Get().BackOffWithContext(b).Do(ctx)
		b.Sleep(time.Second)
		if d := time.Since(begin); d != 9*time.Second {
			t.Errorf("it took %v, want 1s more for a cancelled wait and 1s for Sleep", d)
		}
	})
}
