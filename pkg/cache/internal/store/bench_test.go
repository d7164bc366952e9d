package store

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
)

// Objects of the benchmarks are pods of 100 namespaces on 200 nodes.
type pod struct{ namespace, node, uid string }

var podIndexes = []struct {
	name     string
	function IndexFunc[*pod]
}{
	{"namespace", func(p *pod) ([]string, error) { return []string{p.namespace}, nil }},
	{"node", func(p *pod) ([]string, error) { return []string{p.node}, nil }},
	{"uid", func(p *pod) ([]string, error) { return []string{p.uid}, nil }},
}

const podCount = 20_000

func pods() (keys []string, objects []*pod) {
	for i := range podCount {
		p := &pod{fmt.Sprint("namespace-", i%100), fmt.Sprint("node-", i%200), fmt.Sprint("uid-", i)}
		keys, objects = append(keys, fmt.Sprint(p.namespace, "/pod-", i)), append(objects, p)
	}
	return keys, objects
}

func podStore(indexes int) *Store[*pod] {
	options := Options[*pod]{Indexes: map[string]IndexFunc[*pod]{}}
	for _, ix := range podIndexes[:indexes] {
		options.Indexes[ix.name] = ix.function
	}
	return New(options)
}

func filledStore(indexes int) (*Store[*pod], []string, []*pod) {
	keys, objects := pods()
	s := podStore(indexes)
	for i := range keys {
		s.Put(keys[i], objects[i], "")
	}
	return s, keys, objects
}

func rate(b *testing.B, perLoop int, unit string) {
	b.ReportMetric(float64(b.N*perLoop)/b.Elapsed().Seconds(), unit+"/sec")
}

func BenchmarkPut(b *testing.B) {
	for _, indexes := range []int{0, 1, 3} {
		b.Run(fmt.Sprint("indexes=", indexes), func(b *testing.B) {
			s, keys, objects := filledStore(indexes)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s.Put(keys[i%podCount], objects[i%podCount], "")
			}
			rate(b, 1, "objects")
		})
	}
}

func BenchmarkReplace(b *testing.B) {
	for _, indexes := range []int{0, 1, 3} {
		b.Run(fmt.Sprint("indexes=", indexes), func(b *testing.B) {
			s, keys, objects := filledStore(indexes)
			b.ReportAllocs()
			for b.Loop() {
				s.Replace(append([]string(nil), keys...), append([]*pod(nil), objects...), "", nil)
			}
			rate(b, podCount, "objects")
		})
	}
}

func BenchmarkList(b *testing.B) {
	s, _, _ := filledStore(1)
	for b.Loop() {
		s.List()
	}
	rate(b, podCount, "objects")
}

func BenchmarkByIndex(b *testing.B) {
	s, _, _ := filledStore(1)
	for b.Loop() {
		if _, err := s.ByIndex("namespace", "namespace-7"); err != nil {
			b.Fatal(err)
		}
	}
	rate(b, podCount/100, "objects")
}

// BenchmarkWriteWhileListed writes while two readers list all the time: singly, and in batches.
func BenchmarkWriteWhileListed(b *testing.B) {
	for _, batch := range []int{1, 32} {
		b.Run(fmt.Sprint("batch=", batch), func(b *testing.B) {
			s, keys, objects := filledStore(1)
			stop := make(chan struct{})
			var readers sync.WaitGroup
			for range 2 {
				readers.Go(func() {
					for {
						select {
						case <-stop:
							return
						default:
							s.List()
						}
					}
				})
			}
			changes := make([]Change[*pod], batch)
			for i := 0; b.Loop(); i++ {
				for j := range changes {
					at := (i*batch + j) % podCount
					changes[j] = Change[*pod]{Key: keys[at], Object: objects[at]}
				}
				s.Write(changes)
			}
			rate(b, batch, "objects")
			close(stop)
			readers.Wait()
		})
	}
}

// BenchmarkMemory measures what a store takes beyond the objects and their keys.
func BenchmarkMemory(b *testing.B) {
	heap := func() float64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	for _, indexes := range []int{0, 1, 3} {
		for _, how := range []string{"list", "events"} {
			b.Run(fmt.Sprintf("indexes=%d/%s", indexes, how), func(b *testing.B) {
				keys, objects := pods()
				var took float64
				for b.Loop() {
					s := podStore(indexes)
					before := heap()
					if how == "list" {
						s.Replace(append([]string(nil), keys...), append([]*pod(nil), objects...), "", nil)
					} else {
						for i := range keys {
							s.Put(keys[i], objects[i], "")
						}
					}
					took += heap() - before
					runtime.KeepAlive(s)
				}
				b.ReportMetric(took/float64(b.N*podCount), "B/object")
			})
		}
	}
}
