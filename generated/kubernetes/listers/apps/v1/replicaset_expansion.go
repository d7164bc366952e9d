package v1

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/pkg/cache"
)

// ReplicaSetListerExpansion has the methods of ReplicaSetLister that are written by hand.
type ReplicaSetListerExpansion interface {
	// GetPodReplicaSets returns the ReplicaSets that select a pod. At most one of them, its controller, manages it. That
	// there is none is an error.
	GetPodReplicaSets(pod *corev1.Pod) ([]*appsv1.ReplicaSet, error)
}

// ReplicaSetNamespaceListerExpansion has those of ReplicaSetNamespaceLister: none.
type ReplicaSetNamespaceListerExpansion interface{}

func (l *replicaSetLister) GetPodReplicaSets(pod *corev1.Pod) ([]*appsv1.ReplicaSet, error) {
	return l.Managing(pod, replicaSetSelector)
}

func replicaSetSelector(replicaSet *appsv1.ReplicaSet) (labels.Selector, error) {
	return cache.SelectorOrNothing(replicaSet.Spec.Selector)
}
