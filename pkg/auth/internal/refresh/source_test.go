package refresh

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/klog/v2"
	"k8s.io/klog/v2/textlogger"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestMain(m *testing.M) { canary.Main(m) }

// script is a Fetch that takes a second, unless it is cancelled, and counts.
type script struct {
	mu      sync.Mutex
	runs    int
	running int
	most    int // that ran at the same time
	life    time.Duration
	err     error
	takes   time.Duration
}

func (f *script) fetch(ctx context.Context) (int, time.Time, error) {
	f.mu.Lock()
	f.runs++
	n := f.runs
	f.running++
	f.most = max(f.most, f.running)
	life, err, takes := f.life, f.err, f.takes
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.running--
		f.mu.Unlock()
	}()
	if takes == 0 {
		takes = time.Second
	}
	select {
	case <-time.After(takes):
	case <-ctx.Done():
		time.Sleep(time.Second) // the end takes its time
		return 0, time.Time{}, ctx.Err()
	}
	if err != nil {
		return 0, time.Time{}, err
	}
	var expires time.Time
	if life != 0 {
		expires = time.Now().Add(life)
	}
	return n, expires, nil
}

func (f *script) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.runs
}

func (f *script) set(life time.Duration, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.life, f.err = life, err
}

func want(t *testing.T, s *Source[int], value int) {
	t.Helper()
	if got, err := s.Credential(t.Context()); err != nil || got != value {
		t.Fatalf("got %d, %v, want %d", got, err, value)
	}
}

func TestOneFetchServesAllWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &script{}
		s := NewSource(f.fetch)
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() { want(t, s, 1) })
		}
		wg.Wait()
		want(t, s, 1)
		if f.count() != 1 {
			t.Errorf("%d fetches, want 1", f.count())
		}
	})
}

func TestAWaiterLeavesWithItsContextAndTheOthersGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &script{takes: 10 * time.Second}
		s := NewSource(f.fetch)
		var wg sync.WaitGroup
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			if _, err := s.Credential(ctx); !errors.Is(canary.Err(t, err), context.DeadlineExceeded) {
				t.Errorf("got %v, want the context's error", err)
			}
			if time.Since(start) != time.Second {
				t.Errorf("left after %v", time.Since(start))
			}
		})
		wg.Go(func() { want(t, s, 1) })
		wg.Wait()
		if f.count() != 1 {
			t.Errorf("%d fetches, want 1", f.count())
		}
	})
}

func TestTheLastWaiterToLeaveEndsTheFetchWhichIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &script{takes: time.Hour}
		s := NewSource(f.fetch)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.Credential(ctx); err == nil {
			t.Fatal("no error")
		}
		f.mu.Lock()
		f.takes = 0
		f.mu.Unlock()
		want(t, s, 2) // waits for the end of the first, but begins at once then
		if f.most != 1 {
			t.Errorf("%d fetches at a time, want 1", f.most)
		}
	})
}

func TestAValueIsReplacedInTheBackgroundBeforeItExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &script{life: time.Hour}
		s := NewSource(f.fetch)
		want(t, s, 1)
		time.Sleep(time.Hour - maxEarly - time.Second)
		want(t, s, 1)
		synctest.Wait()
		if f.count() != 1 {
			t.Fatal("fetched too early")
		}
		time.Sleep(time.Second)
		start := time.Now()
		want(t, s, 1)
		if time.Since(start) != 0 {
			t.Error("waited though there was a valid value")
		}
		time.Sleep(2 * time.Second)
		want(t, s, 2)
	})
}

func TestAFailedRefreshLeavesTheValueInUseUntilItExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &script{life: time.Hour}
		s := NewSource(f.fetch)
		want(t, s, 1)
		f.set(0, errors.New("broken"))
		time.Sleep(time.Hour - time.Minute)
		var log bytes.Buffer
		ctx := klog.NewContext(t.Context(), textlogger.NewLogger(textlogger.NewConfig(textlogger.Output(io.MultiWriter(&log, canary.Seen)))))
		for range 50 {
			if got, err := s.Credential(ctx); err != nil || got != 1 {
				t.Fatalf("got %d, %v, want 1", got, err)
			}
			time.Sleep(time.Second)
		}
		synctest.Wait()
		if !strings.Contains(log.String(), "broken") {
			t.Errorf("nothing about it in the log: %q", log.String())
		}
		if n := f.count(); n < 3 || n > 10 {
			t.Errorf("%d fetches in 50 seconds of failures, want a few", n)
		}
		time.Sleep(10 * time.Second)
		if _, err := s.Credential(t.Context()); err == nil || !strings.Contains(canary.Err(t, err).Error(), "broken") {
			t.Errorf("got %v after expiry, want the failure", err)
		}
	})
}

func TestFailuresAreBackedOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &script{err: errors.New("broken")}
		s := NewSource(f.fetch)
		for range 10 * 60 * 10 { // ten minutes of ten requests per second
			if _, err := s.Credential(t.Context()); err == nil || !strings.HasPrefix(canary.Err(t, err).Error(), "broken") {
				t.Fatalf("got %v, want the failure", err)
			}
			time.Sleep(100 * time.Millisecond)
		}
		if n := f.count(); n < 8 || n > 20 {
			t.Errorf("%d fetches in ten minutes of failures, want about a dozen", n)
		}
		f.set(0, nil)
		time.Sleep(maxBackoff)
		if _, err := s.Credential(t.Context()); err != nil {
			t.Errorf("after recovery: %v", err)
		}
	})
}

func TestAValueThatExpiredBeforeItCameIsUsedForAShortWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &script{life: -time.Hour}
		s := NewSource(f.fetch)
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() { want(t, s, 1) })
		}
		wg.Wait()
		want(t, s, 1)
		time.Sleep(minAge)
		want(t, s, 2)
		if f.most != 1 {
			t.Errorf("%d fetches at a time, want 1", f.most)
		}
	})
}

func TestOneRefreshHoweverManyRejections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &script{}
		s := NewSource(f.fetch)
		want(t, s, 1)
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				s.Expire(1)
				want(t, s, 2)
				s.Expire(1) // late, and about another value
				want(t, s, 2)
			})
		}
		wg.Wait()
		if f.count() != 2 {
			t.Errorf("%d fetches, want 2", f.count())
		}
	})
}

func TestLastingRejectionDoesNotCauseAFetchPerRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &script{}
		s := NewSource(f.fetch)
		for range 10 * 60 * 10 {
			value, err := s.Credential(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			s.Expire(value)
			time.Sleep(100 * time.Millisecond)
		}
		if n := f.count(); n < 8 || n > 20 {
			t.Errorf("%d fetches in ten minutes of rejections, want about a dozen", n)
		}
		time.Sleep(goodAge)
		n := f.count()
		s.Expire(n)
		want(t, s, n+1)
	})
}

func TestBeginsWithAValueFromElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &script{}
		s := NewSourceWith(f.fetch, 7, time.Now().Add(time.Hour))
		want(t, s, 7)
		time.Sleep(2 * time.Hour)
		want(t, s, 1)
	})
}

func TestHundredsOfGoroutinesUnderRotation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &script{life: 20 * time.Second}
		s := NewSource(f.fetch)
		var wg sync.WaitGroup
		for i := range 300 {
			wg.Go(func() {
				for j := range 20 {
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(100+i*10)*time.Millisecond)
					value, err := s.Credential(ctx)
					cancel()
					if err != nil && !errors.Is(canary.Err(t, err), context.DeadlineExceeded) {
						t.Error(err)
					}
					if (i+j)%17 == 0 {
						s.Expire(value)
					}
					time.Sleep(time.Duration(i%7) * time.Second)
				}
			})
		}
		wg.Wait()
		if f.most != 1 {
			t.Errorf("%d fetches at a time, want 1", f.most)
		}
	})
}
