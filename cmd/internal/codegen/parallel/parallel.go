// Package parallel does many small things, as many at a time as there are processors.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Do calls one with each number from 0 up to but without n, and returns when all calls have. Calls run at the same time, and
// in no order.
func Do(n int, one func(i int)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				one(i)
			}
		})
	}
	workers.Wait()
}
