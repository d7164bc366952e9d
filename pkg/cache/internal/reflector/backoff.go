package reflector

import (
	"math/rand/v2"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// healthy is how long nothing must have been wrong for backing off to begin anew.
const healthy = 2 * time.Minute

// defaultBackoff is 0.8 s, doubling up to 30 s, each plus up to as much again at random.
func defaultBackoff() wait.Backoff {
	return wait.Backoff{Duration: 800 * time.Millisecond, Factor: 2, Jitter: 1, Steps: 10, Cap: 30 * time.Second}
}

// backoff computes how long to wait after errors. Unlike the delay functions of package wait it begins anew only after
// a time without errors, not in the middle of a long outage.
type backoff struct {
	initial wait.Backoff
	current wait.Backoff
	ended   time.Time // the end of the last wait
}

func newBackoff(initial wait.Backoff) *backoff {
	return &backoff{initial: initial, current: initial}
}

// next is how long to wait after an error at this time: at least as long as the server asks for, and then not at the
// same moment as everyone else whom it has asked.
func (b *backoff) next(now time.Time, err error) time.Duration {
	if now.Sub(b.ended) > healthy {
		b.current = b.initial
	}
	delay := b.current.Step()
	if least := retryAfter(err); delay < least {
		delay = least + rand.N(time.Second)
	}
	b.ended = now.Add(delay)
	return delay
}
