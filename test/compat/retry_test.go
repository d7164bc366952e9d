package compat

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/kubewright/kubewright/pkg/cache"
	upstream "k8s.io/client-go/tools/cache"
	clocktesting "k8s.io/utils/clock/testing"
)

// Retries are allowed and refused at the same times, whatever the errors and however long between them.
func TestRetriesWithDeadlineDoTheSame(t *testing.T) {
	again := errors.New("again")
	outcomes := []error{again, again, again, nil, errors.New("never")}
	for seed := range uint64(300) {
		run := func(make func(most, gap time.Duration, clock *clocktesting.FakeClock) cache.RetryWithDeadline) (answers []bool) {
			random := rand.New(rand.NewPCG(seed, 1))
			clock := clocktesting.NewFakeClock(time.Now())
			r := make(time.Duration(1+random.IntN(60))*time.Second, time.Duration(random.IntN(60))*time.Second, clock)
			for range 100 {
				r.After(outcomes[random.IntN(len(outcomes))])
				if random.IntN(4) > 0 {
					answers = append(answers, r.ShouldRetry())
				}
				clock.Step(time.Duration(random.IntN(20)) * time.Second)
			}
			return answers
		}
		retryable := func(err error) bool { return err == again }
		theirs := run(func(most, gap time.Duration, clock *clocktesting.FakeClock) cache.RetryWithDeadline {
			return upstream.NewRetryWithDeadline(most, gap, retryable, clock)
		})
		ours := run(func(most, gap time.Duration, clock *clocktesting.FakeClock) cache.RetryWithDeadline {
			return cache.NewRetryWithDeadline(most, gap, retryable, clock)
		})
		if !slices.Equal(theirs, ours) {
			t.Fatalf("seed %d: client-go answers %v, we %v", seed, theirs, ours)
		}
	}
}
