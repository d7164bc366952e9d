package faultmatrix

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// reentrancies: a handler may do with its informer what it likes, and nothing gets stuck (P6).
var reentrancies = []scenario{
	{name: "reads", play: func(s *S) {
		reenter(s, func(i *rig.Informer, _ *rig.Handler, c check.Call) {
			i.GetStore().List()
			i.GetStore().ListKeys()
			i.GetIndexer().ListIndexFuncValues("app")
			_, _, err1 := i.GetStore().GetByKey(c.Key)
			_, err2 := i.GetIndexer().ByIndex("app", "x")
			_, err3 := i.GetIndexer().Index("app", object(c))
			for _, err := range []error{err1, err2, err3} {
				s.must(err)
			}
			i.LastSyncResourceVersion()
			i.HasSynced()
		})
	}},
	{name: "adds-handlers", play: func(s *S) {
		var n atomic.Int32
		reenter(s, func(i *rig.Informer, _ *rig.Handler, _ check.Call) {
			if n := n.Add(1); n <= 10 {
				h, err := i.Handle(fmt.Sprint("added-", n), rig.HandlerOptions{Watches: true})
				s.must(err)
				h.Await()
			}
		})
	}},
	{name: "removes-itself", play: func(s *S) {
		reenter(s, func(_ *rig.Informer, h *rig.Handler, _ check.Call) { s.must(h.Remove(false)) })
	}},
	{name: "shuts-down-another", play: func(s *S) {
		i := s.informer(rig.Options{})
		var victims []*rig.Handler
		for n := range 5 {
			victims = append(victims, s.handle(i, fmt.Sprint("victim-", n), rig.HandlerOptions{}))
		}
		var n atomic.Int32
		s.handle(i, "murderer", rig.HandlerOptions{During: func(int, check.Call) {
			if n := int(n.Add(1)); n <= len(victims) {
				s.must(victims[n-1].Remove(true))
			}
		}})
		s.churn(10)
		i.Start()
		s.write(10)
		s.converge()
	}},
	{name: "adds-indexers", play: func(s *S) {
		var n atomic.Int32
		reenter(s, func(i *rig.Informer, _ *rig.Handler, c check.Call) {
			name := fmt.Sprint("index-", n.Add(1))
			s.must(i.AddIndexers(cache.Indexers{name: cache.MetaNamespaceIndexFunc}))
			namespace, _ := rig.Split(c.Key)
			found, err := i.GetIndexer().ByIndex(name, namespace)
			s.must(err)
			if stored, exists, _ := i.GetStore().GetByKey(c.Key); exists && len(found) == 0 {
				s.violate("I18", "%s is not in an index that was just added: %v", c.Key, stored)
			}
		})
	}},
	{name: "configures-and-runs-again", play: func(s *S) {
		reenter(s, func(i *rig.Informer, _ *rig.Handler, _ check.Call) {
			err := i.SetTransform(func(o any) (any, error) { return o, nil })
			if err == nil {
				s.violate("row", "the transform was set after the start")
			}
			if err := i.SetWatchErrorHandler(nil); err == nil {
				s.violate("row", "the watch error handler was set after the start")
			}
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			i.RunWithContext(ctx) // returns at once
		})
	}},
	{name: "stops-the-informer", play: func(s *S) {
		var n atomic.Int32
		at := int32(s.times(15))
		i := reenter(s, func(i *rig.Informer, _ *rig.Handler, _ check.Call) {
			if n.Add(1) == at {
				i.Cancel()
			}
		})
		s.write(20)
		s.await(patience, i.IsStopped)
		i.Stop(s.stopWithin())
	}},
}

// reenter runs an informer with a handler that does something in each call, and lets it be called.
func reenter(s *S, do func(*rig.Informer, *rig.Handler, check.Call)) *rig.Informer {
	i := s.informer(rig.Options{})
	var h *rig.Handler
	h = s.handle(i, "reentrant", rig.HandlerOptions{During: func(_ int, c check.Call) { do(i, h, c) }})
	s.churn(10)
	i.Start()
	s.write(10)
	s.converge()
	return i
}

// object is what a call is about.
func object(c check.Call) check.Object {
	if c.New != nil {
		return c.New
	}
	return c.Old
}
