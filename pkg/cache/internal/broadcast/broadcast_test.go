package broadcast

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// missing is the element for n that were lost.
func missing(n int) int { return -n }

func TestListenersHearWhatComesAfterThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b Broadcast[int]
		b.Publish(1) // to nobody
		first := b.Listen(t.Context(), missing)
		b.Publish(2)
		second := b.Listen(t.Context(), missing)
		b.Publish(3)
		b.Close()
		b.Publish(4)
		if got := slices.Collect(first); !slices.Equal(got, []int{2, 3}) {
			t.Errorf("first heard %v", got)
		}
		if got := slices.Collect(second); !slices.Equal(got, []int{3}) {
			t.Errorf("second heard %v", got)
		}
		if got := slices.Collect(b.Listen(t.Context(), missing)); len(got) != 0 {
			t.Errorf("after the end: %v", got)
		}
	})
}

func TestSlowListenerLearnsHowManyItHasLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b Broadcast[int]
		heard := b.Listen(t.Context(), missing)
		for i := range kept + 3 {
			b.Publish(i)
		}
		b.Close()
		got := slices.Collect(heard)
		if len(got) != kept+1 || got[0] != -3 || got[1] != 3 || got[kept] != kept+2 {
			t.Errorf("%d elements, from %v to %v", len(got), got[:2], got[len(got)-1])
		}
	})
}

func TestListenerIsForgotten(t *testing.T) {
	for name, leave := range map[string]func(ctx context.Context, cancel func(), b *Broadcast[int]){
		"never listens": func(ctx context.Context, cancel func(), b *Broadcast[int]) {
			b.Listen(ctx, missing)
			cancel()
		},
		"breaks off": func(ctx context.Context, _ func(), b *Broadcast[int]) {
			heard := b.Listen(ctx, missing)
			b.Publish(1)
			for range heard {
				break
			}
		},
		"context ends while it waits": func(ctx context.Context, cancel func(), b *Broadcast[int]) {
			var wg sync.WaitGroup
			wg.Go(func() {
				for e := range b.Listen(ctx, missing) {
					t.Errorf("heard %d", e)
				}
			})
			synctest.Wait()
			cancel()
			wg.Wait()
		},
		"context ends in its loop": func(ctx context.Context, cancel func(), b *Broadcast[int]) {
			heard := b.Listen(ctx, missing)
			b.Publish(1)
			b.Publish(2)
			for e := range heard {
				if e != 1 {
					t.Errorf("heard %d", e)
				}
				cancel()
			}
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			var b Broadcast[int]
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			leave(ctx, cancel, &b)
			synctest.Wait()
			if len(b.listeners) != 0 {
				t.Errorf("%s: still a listener", name)
			}
		})
	}
}

func TestPublishFromManyGoroutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b Broadcast[int]
		var listeners, publishers sync.WaitGroup
		for range 4 {
			heard := b.Listen(t.Context(), missing)
			listeners.Go(func() {
				n := 0
				for e := range heard {
					if e < 0 {
						n -= e
					} else {
						n++
					}
				}
				if n != 4000 {
					t.Errorf("heard or missed %d of 4000", n)
				}
			})
		}
		for range 4 {
			publishers.Go(func() {
				for range 1000 {
					b.Publish(1)
				}
			})
		}
		publishers.Wait()
		b.Close()
		listeners.Wait()
	})
}
