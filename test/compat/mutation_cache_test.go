package compat

import (
	"testing"

	"github.com/kubewright/kubewright/pkg/cache"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	upstream "k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
)

// mutationCache is a MutationCache of either make, over a store with an index by label.
type mutationCache struct {
	seen interface {
		GetByKey(key string) (interface{}, bool, error)
		ByIndex(indexName, indexKey string) ([]interface{}, error)
		Mutation(interface{})
		OnAddOrUpdate(obj runtime.Object)
		OnDelete(obj runtime.Object)
	}
	store interface {
		Add(obj interface{}) error
		Delete(obj interface{}) error
	}
}

func mutationCaches(includeAdds bool) (ours, theirs mutationCache) {
	byColor := func(obj interface{}) ([]string, error) {
		return []string{obj.(*metav1.PartialObjectMetadata).Labels["color"]}, nil
	}
	store := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{"color": byColor})
	theirStore := upstream.NewIndexer(upstream.MetaNamespaceKeyFunc, upstream.Indexers{"color": byColor})
	return mutationCache{cache.NewIntegerResourceVersionMutationCache(klog.Background(), store, store, 0, includeAdds), store},
		mutationCache{upstream.NewIntegerResourceVersionMutationCache(klog.Background(), theirStore, theirStore, 0, includeAdds), theirStore}
}

func object(version, color string) *metav1.PartialObjectMetadata {
	return &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Name: "a", ResourceVersion: version, Labels: map[string]string{"color": color}}}
}

// shown is the version that a cache shows, or what it shows instead of an object.
func (m mutationCache) shown() string {
	switch obj, exists, err := m.seen.GetByKey("a"); o := obj.(type) {
	case *metav1.PartialObjectMetadata:
		return o.ResourceVersion
	default:
		if err != nil || !exists {
			return "nothing"
		}
		return "no object"
	}
}

func (m mutationCache) add(version, color string) {
	if err := m.store.Add(object(version, color)); err != nil {
		panic(err)
	}
}

func TestMutationCachesDoTheSame(t *testing.T) {
	for _, includeAdds := range []bool{false, true} {
		run := func(m mutationCache) (log []string) {
			see := func() { log = append(log, m.shown()) }
			see()
			m.add("3", "red")
			see()
			m.seen.Mutation(object("10", "red"))
			m.seen.Mutation(object("9", "red"))
			see()
			m.seen.OnAddOrUpdate(object("9", "red"))
			see()
			m.seen.OnAddOrUpdate(object("10", "red"))
			see()
			m.seen.Mutation(object("12", "red"))
			m.add("12", "red")
			see()
			if err := m.store.Delete(object("13", "red")); err != nil {
				t.Error(err)
			}
			see()
			m.seen.Mutation(object("15", "red"))
			m.seen.OnDelete(object("14", "red")) // without a UID it cannot be told whether that is the same object
			m.seen.OnDelete(object("16", "red"))
			see()
			m.seen.Mutation(object("15", "red"))
			see()
			return log
		}
		ours, theirs := mutationCaches(includeAdds)
		want, got := run(theirs), run(ours)
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("with adds %v: client-go shows %v, we %v", includeAdds, want, got)
				break
			}
		}
	}
}

// What differs are defects of client-go.
func TestMutationCachesDiffer(t *testing.T) {
	for name, c := range map[string]struct {
		includeAdds  bool
		see          func(m mutationCache) string
		ours, theirs string
	}{
		"an object that the store does not have is shown until TTL is over; by client-go once": {true, func(m mutationCache) string {
			m.seen.Mutation(object("5", "red"))
			m.shown()
			return m.shown()
		}, "5", "nothing"},
		"a store that still has what was deleted is right; client-go shows something internal": {false, func(m mutationCache) string {
			m.seen.OnDelete(object("6", "red"))
			m.add("5", "red")
			return m.shown()
		}, "5", "no object"},
		"an object whose newer state is of another index value is not found; by client-go it is": {false, func(m mutationCache) string {
			m.add("5", "red")
			m.seen.Mutation(object("6", "blue"))
			if found, err := m.seen.ByIndex("color", "red"); err != nil || len(found) > 0 {
				return "found"
			}
			return "nothing"
		}, "nothing", "found"},
	} {
		t.Run(name, func(t *testing.T) {
			ours, theirs := mutationCaches(c.includeAdds)
			if got := c.see(ours); got != c.ours {
				t.Errorf("we show %s, want %s", got, c.ours)
			}
			if got := c.see(theirs); got != c.theirs {
				t.Errorf("client-go shows %s: no difference any more", got)
			}
		})
	}
}
