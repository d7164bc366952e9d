package cache

import (
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// TestSelecting has ConfigMaps whose data is the selector.
func TestSelecting(t *testing.T) {
	withSelector := func(namespace, name, selector string) *corev1.ConfigMap {
		return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Data: map[string]string{"selector": selector}}
	}
	selectorOf := func(c *corev1.ConfigMap) (labels.Selector, error) {
		s, err := metav1.ParseToLabelSelector(c.Data["selector"])
		if err != nil {
			return nil, err
		}
		return SelectorOrNothing(s)
	}
	for name, indexer := range indexers(t,
		withSelector("ns", "red", "color=red"), withSelector("ns", "not-blue", "color notin (blue)"), withSelector("ns", "empty", ""),
		withSelector("ns", "broken", "color=,,="), withSelector("other", "red", "color=red")) {
		lister := NewResourceIndexer[*corev1.ConfigMap](indexer, corev1.Resource("configmap"))
		for _, c := range []struct {
			target              *corev1.ConfigMap
			selecting, managing []string // none is an error
		}{
			{labelled("ns", "target", "red"), []string{"ns/not-blue", "ns/red"}, []string{"ns/not-blue", "ns/red"}},
			{labelled("ns", "target", "green"), []string{"ns/not-blue"}, []string{"ns/not-blue"}},
			{labelled("other", "target", "red"), []string{"other/red"}, []string{"other/red"}},
			{labelled("ns", "target", "blue"), nil, nil},
			{labelled("third", "target", "red"), nil, nil},
			{&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "bare"}}, []string{"ns/not-blue"}, nil},
		} {
			for method, want := range map[string][]string{"Selecting": c.selecting, "Managing": c.managing} {
				find := lister.Selecting
				if method == "Managing" {
					find = lister.Managing
				}
				found, err := find(c.target, selectorOf)
				names := namesOf(found)
				if !slices.Equal(names, want) || (err != nil) != (want == nil) {
					t.Errorf("%s: %s of %s/%s with labels %v: %q, %v, want %q", name, method, c.target.Namespace, c.target.Name, c.target.Labels, names, err, want)
				}
			}
		}
	}
}
