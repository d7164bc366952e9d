package reflector

import (
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

func TestBackoffGrowsToItsCapAndResetsAfterHealth(t *testing.T) {
	b := newBackoff(defaultBackoff())
	now := time.Now()
	want := 800 * time.Millisecond
	for range 10 {
		delay := b.next(now, errBroken)
		if delay < want || delay > 2*want {
			t.Errorf("delay = %v, want between %v and twice that", delay, want)
		}
		now = now.Add(delay + time.Minute) // a minute of health is not enough
		want = min(2*want, 30*time.Second)
	}
	now = now.Add(healthy)
	if delay := b.next(now, errBroken); delay > 1600*time.Millisecond {
		t.Errorf("delay after %v of health = %v, want to begin anew", healthy, delay)
	}
}

// Row 13: what the server asks for is the least, and bounded.
func TestBackoffHonoursRetryAfter(t *testing.T) {
	for seconds, want := range map[int]struct{ least, most time.Duration }{
		0:      {800 * time.Millisecond, 1600 * time.Millisecond},
		-1:     {800 * time.Millisecond, 1600 * time.Millisecond},
		5:      {5 * time.Second, 6 * time.Second},
		86_400: {maxRetryAfter, maxRetryAfter + time.Second},
	} {
		if got := newBackoff(defaultBackoff()).next(time.Now(), apierrors.NewTooManyRequests("later", seconds)); got < want.least || got > want.most {
			t.Errorf("Retry-After %d: delay = %v, want between %v and %v", seconds, got, want.least, want.most)
		}
	}
}
