package v1beta2

import (
	appsv1beta2 "k8s.io/api/apps/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/pkg/cache"
)

// ReplicaSetListerExpansion has the methods of ReplicaSetLister that are written by hand.
type ReplicaSetListerExpansion interface {
	// GetPodReplicaSets returns the ReplicaSets that select a pod. At most one of them, its controller, manages it. That
	// there is none is an error.
	GetPodReplicaSets(pod *corev1.Pod) ([]*appsv1beta2.ReplicaSet, error)
}

// ReplicaSetNamespaceListerExpansion has those of ReplicaSetNamespaceLister: none.
type ReplicaSetNamespaceListerExpansion interface{}

func (l *replicaSetLister) GetPodReplicaSets(pod *corev1.Pod) ([]*appsv1beta2.ReplicaSet, error) {
	return l.Managing(pod, replicaSetSelector)
}

func replicaSetSelector(replicaSet *appsv1beta2.ReplicaSet) (labels.Selector, error) {
	return cache.SelectorOrNothing(replicaSet.Spec.Selector)
}
