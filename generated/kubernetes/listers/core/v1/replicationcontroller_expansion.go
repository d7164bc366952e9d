package v1

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/pkg/cache"
)

// ReplicationControllerListerExpansion has the methods of ReplicationControllerLister that are written by hand.
type ReplicationControllerListerExpansion interface {
	// GetPodControllers returns the ReplicationControllers that select a pod. At most one of them, its controller,
	// manages it. That there is none is an error.
	GetPodControllers(pod *corev1.Pod) ([]*corev1.ReplicationController, error)
}

// ReplicationControllerNamespaceListerExpansion has those of ReplicationControllerNamespaceLister: none.
type ReplicationControllerNamespaceListerExpansion interface{}

func (l *replicationControllerLister) GetPodControllers(pod *corev1.Pod) ([]*corev1.ReplicationController, error) {
	return l.Managing(pod, replicationControllerSelector)
}

func replicationControllerSelector(controller *corev1.ReplicationController) (labels.Selector, error) {
	return cache.SelectorOrNothing(&metav1.LabelSelector{MatchLabels: controller.Spec.Selector})
}
