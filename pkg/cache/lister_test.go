package cache

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
)

var everything = labels.Everything()

func labelled(namespace, name, color string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: map[string]string{"color": color}}}
}

// indexers are the indexers that listers have to read: those of typed and of untyped informers, with and without an
// index by namespace.
func indexers(t *testing.T, objects ...any) map[string]Indexer {
	byNamespace := Indexers{NamespaceIndex: MetaNamespaceIndexFunc}
	result := map[string]Indexer{
		"untyped":        NewIndexer(MetaNamespaceKeyFunc, byNamespace),
		"untyped, plain": NewIndexer(MetaNamespaceKeyFunc, Indexers{}),
		"typed":          &indexer[*corev1.ConfigMap]{Store: newStore[*corev1.ConfigMap](byNamespace), key: keyOf[*corev1.ConfigMap]},
		"typed, plain":   &indexer[*corev1.ConfigMap]{Store: newStore[*corev1.ConfigMap](nil), key: keyOf[*corev1.ConfigMap]},
	}
	for _, indexer := range result {
		for _, object := range objects {
			if err := indexer.Add(object); err != nil {
				t.Fatal(err)
			}
		}
	}
	return result
}

func TestListers(t *testing.T) {
	red, err := labels.Parse("color=red")
	if err != nil {
		t.Fatal(err)
	}
	for name, indexer := range indexers(t, labelled("a", "1", "red"), labelled("a", "2", "blue"), labelled("b", "1", "red"), labelled("", "1", "red")) {
		t.Run(name, func(t *testing.T) {
			typed := NewResourceIndexer[*corev1.ConfigMap](indexer, configMaps.GroupResource())
			generic := NewGenericLister(indexer, configMaps.GroupResource())
			for _, c := range []struct {
				namespace string
				selector  labels.Selector
				want      []string
			}{
				{"", everything, []string{"1", "a/1", "a/2", "b/1"}},
				{"", red, []string{"1", "a/1", "b/1"}},
				{"a", everything, []string{"a/1", "a/2"}},
				{"a", red, []string{"a/1"}},
				{"c", everything, nil},
				{"a", labels.Nothing(), nil},
			} {
				list, err := NewNamespacedResourceIndexer(typed, c.namespace).List(c.selector)
				if diff := cmp.Diff(c.want, namesOf(list)); diff != "" || err != nil {
					t.Errorf("typed, namespace %q, selector %q: %v (-want +got):\n%s", c.namespace, c.selector, err, diff)
				}
				untyped, err := generic.ByNamespace(c.namespace).List(c.selector)
				if diff := cmp.Diff(c.want, namesOf(untyped)); diff != "" || err != nil {
					t.Errorf("generic, namespace %q, selector %q: %v (-want +got):\n%s", c.namespace, c.selector, err, diff)
				}
			}

			if got, err := NewNamespacedResourceIndexer(typed, "a").Get("2"); err != nil || got.Labels["color"] != "blue" {
				t.Errorf("Get = %v, %v", got, err)
			}
			if got, err := typed.Get("1"); err != nil || got.Namespace != "" {
				t.Errorf("cluster-scoped Get = %v, %v", got, err)
			}
			if got, err := generic.ByNamespace("a").Get("2"); err != nil || got.(*corev1.ConfigMap).Labels["color"] != "blue" {
				t.Errorf("generic Get = %v, %v", got, err)
			}
			_, typedErr := NewNamespacedResourceIndexer(typed, "b").Get("2")
			_, genericErr := generic.ByNamespace("b").Get("2")
			for _, err := range []error{typedErr, genericErr} {
				if !errors.IsNotFound(err) || err.Error() != `configmaps "2" not found` {
					t.Errorf("error = %v, want not found", err)
				}
			}
		})
	}
}

func namesOf[T runtime.Object](objects []T) (names []string) {
	for _, object := range objects {
		name, err := MetaNamespaceKeyFunc(object)
		if err != nil {
			panic(err)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestListerOfAnotherTypeIsAnError(t *testing.T) {
	indexer := NewIndexer(MetaNamespaceKeyFunc, Indexers{})
	if err := indexer.Add(labelled("a", "1", "red")); err != nil {
		t.Fatal(err)
	}
	secrets := NewNamespacedResourceIndexer(NewResourceIndexer[*corev1.Secret](indexer, configMaps.GroupResource()), "a")
	_, listErr := secrets.List(everything)
	_, getErr := secrets.Get("1")
	for _, err := range []error{listErr, getErr} {
		if err == nil || !strings.Contains(err.Error(), "object is a *v1.ConfigMap where *v1.Secret is expected") {
			t.Errorf("error = %v", err)
		}
	}
}

func BenchmarkListerList(b *testing.B) {
	const many = 1000
	indexer := &indexer[*corev1.ConfigMap]{Store: newStore[*corev1.ConfigMap](Indexers{NamespaceIndex: MetaNamespaceIndexFunc}), key: keyOf[*corev1.ConfigMap]}
	for i := range many {
		if err := indexer.Add(labelled("a", fmt.Sprint(i), "red")); err != nil {
			b.Fatal(err)
		}
	}
	lister := NewNamespacedResourceIndexer(NewResourceIndexer[*corev1.ConfigMap](indexer, configMaps.GroupResource()), "a")
	for b.Loop() {
		if _, err := lister.List(everything); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*many)/b.Elapsed().Seconds(), "objects/sec")
}
