package cache

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Selecting returns the objects whose own selector matches the labels of target, in the namespace of target: the
// PodDisruptionBudgets of a pod, for example. selectorOf returns the selector of an object; one that has an error selects
// nothing. It is an error if there are none.
func (l ResourceIndexer[T]) Selecting(target metav1.Object, selectorOf func(T) (labels.Selector, error)) ([]T, error) {
	objects, err := NewNamespacedResourceIndexer(l, target.GetNamespace()).List(labels.Everything())
	if err != nil {
		return nil, err
	}
	var selecting []T
	for _, object := range objects {
		if selector, err := selectorOf(object); err == nil && selector.Matches(labels.Set(target.GetLabels())) {
			selecting = append(selecting, object)
		}
	}
	if len(selecting) == 0 {
		return nil, l.errSelectedByNone(target)
	}
	return selecting, nil
}

// Managing returns objects as Selecting does which may be the one that manages target, as ReplicaSets manage pods. What has
// no labels is managed by nothing.
func (l ResourceIndexer[T]) Managing(target metav1.Object, selectorOf func(T) (labels.Selector, error)) ([]T, error) {
	if len(target.GetLabels()) == 0 {
		return nil, l.errSelectedByNone(target)
	}
	return l.Selecting(target, selectorOf)
}

func (l ResourceIndexer[T]) errSelectedByNone(target metav1.Object) error {
	return fmt.Errorf("no %s in namespace %q selects %s with labels %q", l.resource, target.GetNamespace(), target.GetName(), labels.Set(target.GetLabels()))
}

// SelectorOrNothing returns the selector that s describes. One that is empty matches nothing, where others match
// everything: a workload with such a selector manages no pod.
func SelectorOrNothing(s *metav1.LabelSelector) (labels.Selector, error) {
	selector, err := metav1.LabelSelectorAsSelector(s)
	if err == nil && selector.Empty() {
		return labels.Nothing(), nil
	}
	return selector, err
}
