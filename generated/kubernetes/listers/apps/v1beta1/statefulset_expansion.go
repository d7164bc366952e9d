package v1beta1

import (
	appsv1beta1 "k8s.io/api/apps/v1beta1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/pkg/cache"
)

// StatefulSetListerExpansion has the methods of StatefulSetLister that are written by hand.
type StatefulSetListerExpansion interface {
	// GetPodStatefulSets returns the StatefulSets that select a pod. At most one of them, its controller, manages it.
	// That there is none is an error.
	GetPodStatefulSets(pod *corev1.Pod) ([]*appsv1beta1.StatefulSet, error)
}

// StatefulSetNamespaceListerExpansion has those of StatefulSetNamespaceLister: none.
type StatefulSetNamespaceListerExpansion interface{}

func (l *statefulSetLister) GetPodStatefulSets(pod *corev1.Pod) ([]*appsv1beta1.StatefulSet, error) {
	return l.Managing(pod, statefulSetSelector)
}

func statefulSetSelector(statefulSet *appsv1beta1.StatefulSet) (labels.Selector, error) {
	return cache.SelectorOrNothing(statefulSet.Spec.Selector)
}
