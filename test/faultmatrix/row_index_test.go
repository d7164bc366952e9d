package faultmatrix

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// indexes: whatever functions of indexes do, an object for which one fails is missing from that index only, and no index keeps
// what is gone (X1, X2).
var indexes = []scenario{
	{name: "index-fails", play: func(s *S) {
		indexed(s, "bad", func(o check.Object) ([]string, error) {
			if o.GetLabels()["app"] == "y" {
				return []string{"never used"}, errors.New("no y")
			}
			return []string{o.GetName()}, nil
		}, exceptY)
	}},
	{name: "index-panics", play: func(s *S) {
		indexed(s, "bad", func(o check.Object) ([]string, error) {
			if o.GetLabels()["app"] == "y" {
				panic("no y")
			}
			return []string{o.GetName()}, nil
		}, exceptY)
	}},
	{name: "index-repeats-values", play: func(s *S) {
		indexed(s, "twice", func(o check.Object) ([]string, error) { return []string{o.GetName(), o.GetName()}, nil },
			func(o check.Object) []string { return []string{o.GetName()} })
	}},
	{name: "index-uses-its-slice-again", play: func(s *S) {
		var mu sync.Mutex
		shared := make([]string, 2)
		indexed(s, "shared", func(o check.Object) ([]string, error) {
			mu.Lock()
			defer mu.Unlock()
			shared[0], shared[1] = o.GetName(), o.GetLabels()["app"]
			return shared, nil
		}, func(o check.Object) []string { return []string{o.GetName(), o.GetLabels()["app"]} })
	}},
	{name: "index-is-impure", play: func(s *S) {
		var n atomic.Int64
		i := indexed(s, "impure", func(check.Object) ([]string, error) { return []string{fmt.Sprint(n.Add(1) % 7)}, nil }, nil)
		// Each object is found under one value, and nothing else.
		found := map[string]int{}
		for _, value := range i.GetIndexer().ListIndexFuncValues("impure") {
			keys, err := i.GetIndexer().IndexKeys("impure", value)
			s.must(err)
			for _, key := range keys {
				found[key]++
			}
		}
		cached := i.Cache()
		for key, n := range found {
			if cached[key] == nil || n != 1 {
				s.violate("I18", "the index has %s %d times, and the cache %v", key, n, cached[key])
			}
		}
		if len(found) != len(cached) {
			s.violate("I18", "the index has %d objects of %d", len(found), len(cached))
		}
	}},
	{name: "index-added-while-running", play: func(s *S) {
		s.churn(10)
		i := s.start(rig.Options{})
		s.write(20)
		byName := func(o check.Object) []string { return []string{o.GetName()} }
		for n := range 10 {
			name := fmt.Sprint("added-", n)
			added := make(chan struct{})
			s.writers.Go(func() {
				defer close(added)
				s.must(i.AddIndexers(cache.Indexers{name: func(o any) ([]string, error) { return byName(o.(check.Object)), nil }}))
			})
			s.sleep(s.upTo(time.Second))
			<-added
			if err := i.AddIndexers(cache.Indexers{name: cache.MetaNamespaceIndexFunc}); err == nil {
				s.violate("row", "index %s was added twice", name)
			}
		}
		s.writers.Wait()
		s.converge()
		for n := range 10 {
			i.CheckIndex(fmt.Sprint("added-", n), byName)
		}
	}},
}

// exceptY are the values of an index whose function fails for y.
func exceptY(o check.Object) []string {
	if o.GetLabels()["app"] == "y" {
		return nil
	}
	return []string{o.GetName()}
}

// indexed lets an informer with one more index follow the server, with lists and events. The values are what has to be in the
// index in the end; nil: that is not known.
func indexed(s *S, name string, f func(check.Object) ([]string, error), values func(check.Object) []string) *rig.Informer {
	s.churn(15)
	i := s.start(rig.Options{Indexers: cache.Indexers{name: func(o any) ([]string, error) { return f(o.(check.Object)) }}})
	for range s.times(3) {
		s.churn(10)
		s.down(i, 5, s.Compact)
	}
	s.churn(10)
	s.converge()
	if values != nil {
		i.CheckIndex(name, values)
	}
	return i
}
