package queue

import (
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTakeReturnsEverythingInOrder(t *testing.T) {
	q := New[int]()
	q.Push(1)
	q.Push(2)
	q.Push(3)
	batch, open := q.Take(nil)
	if diff := cmp.Diff([]int{1, 2, 3}, batch); diff != "" || !open {
		t.Errorf("Take() open = %v, difference (-want +got):\n%s", open, diff)
	}
	if batch, _ := q.Take(nil); len(batch) != 0 {
		t.Errorf("second Take() = %v, want nothing", batch)
	}
}

func TestPushWhileABatchIsProcessedGoesToTheNextBatch(t *testing.T) {
	q := New[int]()
	q.Push(1)
	first, _ := q.Take(nil)
	q.Push(2)
	second, _ := q.Take(first)
	q.Push(3)
	if diff := cmp.Diff([]int{2}, second); diff != "" {
		t.Errorf("second batch (-want +got):\n%s", diff)
	}
}

func TestTakeClearsTheSpareBatch(t *testing.T) {
	q := New[*int]()
	q.Push(new(int))
	batch, _ := q.Take(nil)
	q.Take(batch)
	if batch[0] != nil {
		t.Error("the spare batch still holds the element that was consumed")
	}
}

func TestCloseRefusesMoreAndKeepsWhatWaits(t *testing.T) {
	q := New[int]()
	q.Push(1)
	q.Close()
	q.Close()
	if q.Push(2) {
		t.Error("a closed queue accepted an element")
	}
	batch, open := q.Take(nil)
	if diff := cmp.Diff([]int{1}, batch); diff != "" || open {
		t.Errorf("Take() open = %v, difference (-want +got):\n%s", open, diff)
	}
}

func TestReadyWakesTheConsumer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New[int]()
		var got []int
		done := make(chan struct{})
		go func() {
			defer close(done)
			for open := true; open; {
				<-q.Ready()
				var batch []int
				batch, open = q.Take(nil)
				got = append(got, batch...)
			}
		}()
		q.Push(1)
		synctest.Wait()
		q.Push(2)
		synctest.Wait()
		q.Close()
		<-done
		if diff := cmp.Diff([]int{1, 2}, got); diff != "" {
			t.Errorf("consumed (-want +got):\n%s", diff)
		}
	})
}

func TestBacklogCountsWhatIsNotFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New[int]()
		check := func(count int, waited time.Duration) {
			t.Helper()
			if c, w := q.Backlog(); c != count || w != waited {
				t.Errorf("Backlog() = %d, %v; want %d, %v", c, w, count, waited)
			}
		}
		check(0, 0)
		q.Push(1)
		time.Sleep(time.Second)
		q.Push(2)
		check(2, time.Second)
		q.Take(nil)
		time.Sleep(time.Second)
		q.Push(3)
		time.Sleep(time.Second)
		check(3, 3*time.Second)
		q.Finish()
		check(2, 3*time.Second) // the second came with the first, at the latest
		q.Finish()
		check(1, time.Second)
		q.Take(nil)
		q.Finish()
		check(0, 0)
	})
}

func TestManyProducersKeepTheirOwnOrder(t *testing.T) {
	const producers, each = 8, 1000
	q := New[[2]int]()
	var wg sync.WaitGroup
	for p := range producers {
		wg.Go(func() {
			for i := range each {
				q.Push([2]int{p, i})
			}
		})
	}
	var next [producers]int
	var batch [][2]int
	for taken := 0; taken < producers*each; {
		batch, _ = q.Take(batch)
		for _, e := range batch {
			if e[1] != next[e[0]] {
				t.Fatalf("producer %d: got element %d, want %d", e[0], e[1], next[e[0]])
			}
			next[e[0]]++
		}
		taken += len(batch)
		runtime.Gosched()
	}
	wg.Wait()
}

func BenchmarkPushTake(b *testing.B) {
	q := New[[10]uintptr]()
	var delta [10]uintptr
	var batch [][10]uintptr
	for i := 0; b.Loop(); i++ {
		q.Push(delta)
		if i%64 == 63 {
			batch, _ = q.Take(batch)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "objects/sec")
}
