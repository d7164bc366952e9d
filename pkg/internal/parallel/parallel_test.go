package parallel

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		calls := make([]int, 10)
		var running, most atomic.Int32
		Do(len(calls), 4, func(i int) {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(time.Second)
			running.Add(-1)
			calls[i]++
		})
		for i, n := range calls {
			if n != 1 {
				t.Errorf("%d calls with %d", n, i)
			}
		}
		if most.Load() != 4 || time.Since(start) != 3*time.Second {
			t.Errorf("%d calls at the same time, all in %v", most.Load(), time.Since(start))
		}
		Do(0, 4, func(i int) { t.Errorf("called with %d", i) })
	})
}
