package v1beta1

import (
	corev1 "k8s.io/api/core/v1"
	extensionsv1beta1 "k8s.io/api/extensions/v1beta1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/pkg/cache"
)

// ReplicaSetListerExpansion has the methods of ReplicaSetLister that are written by hand.
type ReplicaSetListerExpansion interface {
	// GetPodReplicaSets returns the ReplicaSets that select a pod. At most one of them, its controller, manages it. That
	// there is none is an error.
	GetPodReplicaSets(pod *corev1.Pod) ([]*extensionsv1beta1.ReplicaSet, error)
}

// ReplicaSetNamespaceListerExpansion has those of ReplicaSetNamespaceLister: none.
type ReplicaSetNamespaceListerExpansion interface{}

func (l *replicaSetLister) GetPodReplicaSets(pod *corev1.Pod) ([]*extensionsv1beta1.ReplicaSet, error) {
	return l.Managing(pod, replicaSetSelector)
}

func replicaSetSelector(replicaSet *extensionsv1beta1.ReplicaSet) (labels.Selector, error) {
	return cache.SelectorOrNothing(replicaSet.Spec.Selector)
}
