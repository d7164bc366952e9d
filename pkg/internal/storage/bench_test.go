package storage

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

const (
	manyObjects = 50_000
	manyWatches = 200
)

func benchKey(i int) Key {
	return key(fmt.Sprintf("namespace-%02d", i%50), fmt.Sprintf("object-%06d", i))
}

func filled(b *testing.B, options Options) *Store {
	s := New(options)
	for i := range manyObjects {
		put(b, s, benchKey(i), "1")
	}
	return s
}

// BenchmarkFill tells what 50,000 objects and the history of their creation cost beyond the objects themselves.
func BenchmarkFill(b *testing.B) {
	objects := make([]apiobject.Object, manyObjects)
	for i := range objects {
		objects[i] = object(benchKey(i), "1")
	}
	fill := func() *Store {
		s := New(Options{})
		for i, o := range objects {
			_, _ = s.Update(benchKey(i), func(apiobject.Object) (apiobject.Object, error) { return o, nil })
		}
		return s
	}
	var memory runtime.MemStats
	heap := func() float64 {
		runtime.GC()
		runtime.ReadMemStats(&memory)
		return float64(memory.HeapAlloc) / manyObjects
	}
	empty := heap()
	s := fill()
	full := heap()
	compact(b, s, s.Revision())
	compacted := heap()
	runtime.KeepAlive(s)
	for b.Loop() {
		fill()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/manyObjects, "ns/object")
	b.ReportMetric(full-empty, "B/object")
	b.ReportMetric(compacted-empty, "compacted-B/object")
	runtime.KeepAlive(objects)
}

func BenchmarkUpdate(b *testing.B) {
	for name, options := range map[string]Options{"all history": {}, "1000 events": {KeepEvents: 1000}} {
		b.Run(name, func(b *testing.B) {
			s := filled(b, options)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				put(b, s, benchKey(i%manyObjects), "2")
			}
		})
	}
}

func BenchmarkGet(b *testing.B) {
	s := filled(b, Options{KeepEvents: 1})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Get(benchKey(i % manyObjects))
	}
}

func BenchmarkList(b *testing.B) {
	s := filled(b, Options{KeepEvents: 1})
	b.ReportAllocs()
	for b.Loop() {
		if list, err := s.List(configMaps, "", 0); err != nil || len(list.Objects) != manyObjects {
			b.Fatal(len(list.Objects), err)
		}
	}
}

// BenchmarkPages reads the list in pages of 500.
func BenchmarkPages(b *testing.B) {
	s := filled(b, Options{})
	at := s.Revision()
	b.ReportAllocs()
	for b.Loop() {
		view, err := s.View(configMaps, "", at)
		if err != nil {
			b.Fatal(err)
		}
		for count := 0; ; {
			page, remaining := view.Page(500)
			if count += len(page); remaining == 0 {
				break
			}
			last := page[len(page)-1]
			view = view.After(last.GetNamespace(), last.GetName())
		}
	}
}

// BenchmarkFanOut writes while 200 watches follow, half of them one namespace each, and waits until they have all seen
// all of it.
func BenchmarkFanOut(b *testing.B) {
	s := filled(b, Options{})
	const writes = 1000
	for b.Loop() {
		var watches sync.WaitGroup
		from := s.Revision()
		for i := range manyWatches {
			namespace := ""
			if i%2 == 1 {
				namespace = benchKey(i).Namespace
			}
			w := watch(b, s, namespace, from)
			watches.Go(func() {
				for {
					_, wait, err := w.TryNext()
					if err != nil {
						b.Error(err)
						return
					}
					if wait == nil {
						continue
					}
					if w.Progress() == from+writes {
						return
					}
					<-wait
				}
			})
		}
		for i := range writes {
			put(b, s, benchKey(i), "2")
		}
		watches.Wait()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/writes, "ns/write")
}
