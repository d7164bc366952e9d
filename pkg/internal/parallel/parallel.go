// Package parallel does things at the same time, but not too many of them.
package parallel

import "sync"

// Do calls do with 0 to n-1, in goroutines of which atMost run at the same time, and returns when all calls have.
func Do(n, atMost int, do func(i int)) {
	slots := make(chan struct{}, atMost)
	var wg sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			do(i)
		})
	}
	wg.Wait()
}
