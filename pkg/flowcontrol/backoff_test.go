package flowcontrol

import (
	"sync"
	"testing"
	"time"

	testingclock "k8s.io/utils/clock/testing"
)

func TestBackoffDoublesUpToTheMaximum(t *testing.T) {
	c := testingclock.NewFakeClock(time.Unix(0, 0))
	b := NewFakeBackOff(time.Second, 10*time.Second, c)
	if got := b.Get("a"); got != 0 {
		t.Errorf("delay %v before any failure, want none", got)
	}
	for i, want := range []time.Duration{1, 2, 4, 8, 10, 10} {
		b.Next("a", c.Now())
		if got := b.Get("a"); got != want*time.Second {
			t.Errorf("delay %v after %d failures, want %v", got, i+1, want*time.Second)
		}
	}
	if got := b.Get("b"); got != 0 {
		t.Errorf("another id has delay %v", got)
	}
	b.Reset("a")
	b.Next("b", c.Now())
	b.DeleteEntry("b")
	if b.Get("a") != 0 || b.Get("b") != 0 {
		t.Error("ids that were reset and deleted have a delay")
	}
}

func TestBackoffOfAnInitialDelayAboveTheMaximumIsTheMaximum(t *testing.T) {
	b := NewBackOff(time.Minute, time.Second)
	b.Next("a", b.Clock.Now())
	if got := b.Get("a"); got != time.Second {
		t.Errorf("delay %v, want 1s", got)
	}
}

func TestBackoffBeginsAnewOnceItExpired(t *testing.T) {
	for _, test := range []struct {
		name    string
		expired func(eventTime, lastUpdate time.Time, maxDuration time.Duration) bool
		after   time.Duration
		want    time.Duration
	}{
		{"just before the default", nil, 20*time.Second - 1, 2 * time.Second},
		{"at the default", nil, 20 * time.Second, time.Second},
		{"own function", func(event, last time.Time, _ time.Duration) bool { return event.Sub(last) > time.Minute }, time.Minute, 2 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := testingclock.NewFakeClock(time.Unix(0, 0))
			b := NewFakeBackOff(time.Second, 10*time.Second, c)
			b.HasExpiredFunc = test.expired
			b.Next("a", c.Now())
			c.Step(test.after)
			begins := test.want == time.Second
			if b.IsInBackOffSinceUpdate("a", c.Now()) {
				t.Error("in backoff long after it")
			}
			b.GC()
			if gone := b.Get("a") == 0; gone != begins {
				t.Errorf("collected: %v, want %v", gone, begins)
			}
			b.Next("a", c.Now())
			if got := b.Get("a"); got != test.want {
				t.Errorf("delay %v, want %v", got, test.want)
			}
		})
	}
}

func TestInBackoff(t *testing.T) {
	c := testingclock.NewFakeClock(time.Unix(0, 0))
	b := NewFakeBackOff(4*time.Second, 10*time.Second, c)
	begin := c.Now()
	if b.IsInBackOffSince("a", begin) || b.IsInBackOffSinceUpdate("a", begin) {
		t.Error("in backoff before any failure")
	}
	b.Next("a", begin)
	c.Step(3 * time.Second)
	if !b.IsInBackOffSince("a", begin) || !b.IsInBackOffSinceUpdate("a", c.Now()) {
		t.Error("not in backoff after 3s of 4s")
	}
	c.Step(time.Second)
	if b.IsInBackOffSince("a", begin) || b.IsInBackOffSinceUpdate("a", c.Now()) {
		t.Error("in backoff after 4s of 4s")
	}
	if !b.IsInBackOffSince("a", begin.Add(time.Second)) {
		t.Error("not in backoff 3s after a later event")
	}
	if b.IsInBackOffSince("a", begin.Add(time.Hour)) {
		t.Error("in backoff for an event at which the id has expired")
	}
}

func TestJitterIsBounded(t *testing.T) {
	different := map[time.Duration]bool{}
	for range 100 {
		b := NewBackOffWithJitter(time.Second, time.Hour, 0.5)
		b.Next("a", b.Clock.Now())
		got := b.Get("a")
		if got < time.Second || got > 1500*time.Millisecond {
			t.Fatalf("delay %v, want 1s to 1.5s", got)
		}
		different[got] = true
	}
	if len(different) < 2 {
		t.Error("there is no jitter")
	}
}

func TestBackoffServesManyGoroutines(t *testing.T) {
	b := NewBackOff(time.Second, time.Minute)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				b.Next("a", b.Clock.Now())
				b.IsInBackOffSince("a", b.Clock.Now())
				b.GC()
			}
		})
	}
	wg.Wait()
	if got := b.Get("a"); got != time.Minute {
		t.Errorf("delay %v, want 1m", got)
	}
}
