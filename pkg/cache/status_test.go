package cache

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestCheckSaysAllThatIsWrong(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	down := errors.New("connection refused")
	healthy := InformerStatus{Name: "pods", State: InformerWatching, Since: now.Add(-time.Hour), Synced: true, Heard: now.Add(-time.Minute)}
	for name, c := range map[string]struct {
		change  func(*InformerStatus)
		options HealthOptions
		want    []string // in the error; none is healthy
		cause   error
	}{
		"healthy": {change: func(*InformerStatus) {}},
		"backing off": {change: func(s *InformerStatus) {
			s.State, s.Failures, s.LastError = InformerBackingOff, 3, &InformerError{Err: down}
		}},
		"not started": {change: func(s *InformerStatus) { s.State, s.Synced = InformerNotStarted, false }, want: []string{"informer pods is not started"}},
		"stopped":     {change: func(s *InformerStatus) { s.State = InformerStopped }, want: []string{"is stopped"}},
		"not synced": {
			change: func(s *InformerStatus) {
				s.State, s.Synced, s.Failures, s.LastError = InformerListing, false, 1, &InformerError{Err: down}
			},
			want: []string{"has not synced, listing for 1h0m0s: connection refused"}, cause: down,
		},
		"silent": {change: func(s *InformerStatus) { s.Heard = now.Add(-6 * time.Minute) }, want: []string{"has heard nothing from the server for 6m0s"}},
		"silent, and an error that is over": {
			change: func(s *InformerStatus) { s.Heard, s.LastError = now.Add(-6*time.Minute), &InformerError{Err: down} },
			want:   []string{"may be stale"},
		},
		"may be silent":       {change: func(s *InformerStatus) { s.Heard = now.Add(-time.Hour) }, options: HealthOptions{Silence: -1}},
		"incomplete":          {change: func(s *InformerStatus) { s.Quarantined = []QuarantinedObject{{Namespace: "ns", Name: "bad"}} }, want: []string{"for example ns/bad"}},
		"counted only":        {change: func(s *InformerStatus) { s.QuarantinedMore = 7 }, want: []string{"could not decode 7 of its objects"}},
		"may be incomplete":   {change: func(s *InformerStatus) { s.Quarantined = make([]QuarantinedObject, 2) }, options: HealthOptions{AllowIncomplete: true}},
		"slow handler":        {change: func(s *InformerStatus) { s.HandlerDelay = time.Minute }, options: HealthOptions{HandlerDelay: time.Second}, want: []string{"a handler that is 1m0s behind"}},
		"handler may be slow": {change: func(s *InformerStatus) { s.HandlerDelay = time.Hour }},
		"everything": {
			change: func(s *InformerStatus) {
				s.Heard, s.HandlerDelay, s.Quarantined = now.Add(-time.Hour), time.Minute, make([]QuarantinedObject, 1)
			},
			options: HealthOptions{HandlerDelay: time.Second},
			want:    []string{"has heard nothing", ", and is incomplete", ", and has a handler"},
		},
	} {
		status := healthy
		c.change(&status)
		err := status.Check(now, c.options)
		if (err != nil) != (len(c.want) > 0) || c.cause != nil && !errors.Is(err, c.cause) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want one with %q", name, err, want)
			}
		}
	}
}

func TestInformerErrorSaysWhatItIsAbout(t *testing.T) {
	cause := errors.New("no such field")
	err := &InformerError{Informer: "pods", Stage: StageDecode, Key: "ns/a", Err: cause}
	if got := err.Error(); got != `informer pods: decode of "ns/a": no such field` || !errors.Is(err, cause) {
		t.Errorf("error = %v", got)
	}
	err = &InformerError{Informer: "pods", Stage: StageWatch, Err: &MissedError{Count: 3}, RetryIn: 1500 * time.Millisecond}
	if got := err.Error(); !strings.HasSuffix(got, "watch: 3 earlier errors were dropped, since nobody took them (trying again in 1.5s)") {
		t.Errorf("error = %v", got)
	}
}
