package v1beta2

import (
	appsv1beta2 "k8s.io/api/apps/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/pkg/cache"
)

// DaemonSetListerExpansion has the methods of DaemonSetLister that are written by hand.
type DaemonSetListerExpansion interface {
	// GetPodDaemonSets returns the DaemonSets that select a pod. At most one of them, its controller, manages it. That
	// there is none is an error.
	GetPodDaemonSets(pod *corev1.Pod) ([]*appsv1beta2.DaemonSet, error)
	// GetHistoryDaemonSets returns the DaemonSets that select a revision. At most one of them, its controller, manages
	// it. That there is none is an error.
	GetHistoryDaemonSets(history *appsv1beta2.ControllerRevision) ([]*appsv1beta2.DaemonSet, error)
}

// DaemonSetNamespaceListerExpansion has those of DaemonSetNamespaceLister: none.
type DaemonSetNamespaceListerExpansion interface{}

func (l *daemonSetLister) GetPodDaemonSets(pod *corev1.Pod) ([]*appsv1beta2.DaemonSet, error) {
	return l.Managing(pod, daemonSetSelector)
}

func (l *daemonSetLister) GetHistoryDaemonSets(history *appsv1beta2.ControllerRevision) ([]*appsv1beta2.DaemonSet, error) {
	return l.Managing(history, daemonSetSelector)
}

func daemonSetSelector(daemonSet *appsv1beta2.DaemonSet) (labels.Selector, error) {
	return cache.SelectorOrNothing(daemonSet.Spec.Selector)
}
