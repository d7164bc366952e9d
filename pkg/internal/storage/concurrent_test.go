package storage

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// write changes, creates and deletes objects at random.
func write(t *testing.T, s *Store, random *rand.Rand, resources []schema.GroupResource, times int) {
	for range times {
		k := Key{Resource: resources[random.IntN(len(resources))], Namespace: fmt.Sprint(random.IntN(3)), Name: fmt.Sprint(random.IntN(10))}
		_, err := s.Update(k, func(current apiobject.Object) (apiobject.Object, error) {
			if current != nil && random.IntN(3) == 0 {
				return nil, nil
			}
			return object(k, fmt.Sprint(random.IntN(1000))), nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// happened picks from events what a watch has to see.
func happened(events []Event, resource schema.GroupResource, namespace string, from int64) []string {
	all := []string{}
	for _, e := range events {
		if e.Key.Resource == resource && e.Revision > from && (namespace == "" || namespace == e.Key.Namespace) {
			all = append(all, change(e))
		}
	}
	return all
}

func TestEveryWatchSeesExactlyTheHistoryOfItsResource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{Record: true})
		resources := []schema.GroupResource{configMaps, widgets}
		var writers, watches sync.WaitGroup
		for i := range 4 {
			writers.Go(func() { write(t, s, rand.New(rand.NewPCG(uint64(i), 1)), resources, 300) })
		}
		type result struct {
			resource  schema.GroupResource
			namespace string
			from      int64
			events    []string
		}
		results := make([]result, 60)
		for i := range results {
			watches.Go(func() {
				random := rand.New(rand.NewPCG(uint64(i), 2))
				r := result{resource: resources[i%2], namespace: []string{"", "0", "1", "2"}[i%4], from: s.Revision(), events: []string{}}
				if i%3 == 0 {
					r.from = 1 + random.Int64N(r.from)
				}
				defer func() { results[i] = r }()
				w, err := s.Watch(r.resource, r.namespace, r.from)
				if err != nil {
					t.Error(err)
					return
				}
				progress := r.from
				for {
					if random.IntN(4) == 0 {
						now := w.Progress()
						if now < progress {
							t.Errorf("Progress() = %d after %d", now, progress)
						}
						progress = now
					}
					e, err := w.Next(t.Context())
					if errors.Is(err, ErrClosed) {
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
					if e.Revision <= progress {
						t.Errorf("an event of revision %d after progress to %d", e.Revision, progress)
					}
					if e.Old != nil && e.Deleted().GetResourceVersion() != fmt.Sprint(e.Revision) {
						t.Errorf("Deleted() = %s in an event of revision %d", text(e.Deleted()), e.Revision)
					}
					progress = e.Revision
					r.events = append(r.events, change(e))
				}
			})
		}
		writers.Wait()
		synctest.Wait() // until every watch has seen everything
		s.Close()
		watches.Wait()
		events := s.Recorded()
		for i, e := range events {
			if e.Revision != int64(i)+2 {
				t.Fatalf("event %d has revision %d", i, e.Revision)
			}
		}
		for i, r := range results {
			if diff := cmp.Diff(happened(events, r.resource, r.namespace, r.from), r.events); diff != "" {
				t.Errorf("watch %d of %s, namespace %q, from %d (-want +got):\n%s", i, r.resource, r.namespace, r.from, diff)
			}
		}
	})
}

// TestListAndWatchMakeACopyWhateverIsCompacted does what an informer does, against a history that is too short for it.
func TestListAndWatchMakeACopyWhateverIsCompacted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{KeepEvents: 20})
		ctx, stop := context.WithCancel(t.Context())
		var writers, copies sync.WaitGroup
		resources := []schema.GroupResource{configMaps}
		for i := range 4 {
			writers.Go(func() { write(t, s, rand.New(rand.NewPCG(uint64(i), 1)), resources, 500) })
		}
		writers.Go(func() {
			for range 20 {
				compact(t, s, s.Revision())
			}
		})
		got := make([][]string, 20)
		for i := range got {
			copies.Go(func() { got[i] = follow(ctx, t, s) })
		}
		writers.Wait()
		synctest.Wait()
		stop()
		copies.Wait()
		want, err := s.List(configMaps, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if diff := cmp.Diff(texts(want.Objects), got[i]); diff != "" {
				t.Errorf("copy %d (-want +got):\n%s", i, diff)
			}
		}
	})
}

// follow keeps a copy of the configMaps until ctx ends, and returns it.
func follow(ctx context.Context, t *testing.T, s *Store) []string {
	var objects map[Key]apiobject.Object
	for ctx.Err() == nil {
		list, err := s.List(configMaps, "", 0)
		if err != nil {
			t.Error(err)
			return nil
		}
		objects = map[Key]apiobject.Object{}
		for _, o := range list.Objects {
			objects[key(o.GetNamespace(), o.GetName())] = o
		}
		w, err := s.Watch(configMaps, "", list.Revision)
		for err == nil {
			var e Event
			if e, err = w.Next(ctx); err != nil {
				break
			}
			if objects[e.Key] != e.Old {
				t.Errorf("event %s comes on %s", change(e), text(objects[e.Key]))
			}
			if delete(objects, e.Key); e.New != nil {
				objects[e.Key] = e.New
			}
		}
		if !errors.Is(err, ErrCompacted) && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	var tree *node
	for k, o := range objects {
		tree = tree.put(&entry{path: path(k.Namespace, k.Name), object: o})
	}
	return texts(slices.Collect(View{objects: tree}.All()))
}

func TestTransactionsOnOneKeyDoNotLoseUpdates(t *testing.T) {
	s := New(Options{})
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			for range 100 {
				_, err := s.Update(key("a", "counter"), func(current apiobject.Object) (apiobject.Object, error) {
					count := 0
					if current != nil {
						_, _ = fmt.Sscanf(text(current), "a/counter=%d@", &count)
					}
					return object(key("a", "counter"), fmt.Sprint(count+1)), nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	if got, _ := s.Get(key("a", "counter")); text(got) != "a/counter=800@801" {
		t.Errorf("Get() = %s, want 800 updates", text(got))
	}
}
