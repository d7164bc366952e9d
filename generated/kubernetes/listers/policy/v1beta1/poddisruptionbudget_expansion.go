package v1beta1

import (
	corev1 "k8s.io/api/core/v1"
	policyv1beta1 "k8s.io/api/policy/v1beta1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/pkg/cache"
)

// PodDisruptionBudgetListerExpansion has the methods of PodDisruptionBudgetLister that are written by hand.
type PodDisruptionBudgetListerExpansion interface {
	// GetPodPodDisruptionBudgets returns the PodDisruptionBudgets that protect a pod. That there is none is an error. An
	// empty selector selects no pod in this version.
	GetPodPodDisruptionBudgets(pod *corev1.Pod) ([]*policyv1beta1.PodDisruptionBudget, error)
}

// PodDisruptionBudgetNamespaceListerExpansion has those of PodDisruptionBudgetNamespaceLister: none.
type PodDisruptionBudgetNamespaceListerExpansion interface{}

func (l *podDisruptionBudgetLister) GetPodPodDisruptionBudgets(pod *corev1.Pod) ([]*policyv1beta1.PodDisruptionBudget, error) {
	return l.Selecting(pod, podDisruptionBudgetSelector)
}

func podDisruptionBudgetSelector(podDisruptionBudget *policyv1beta1.PodDisruptionBudget) (labels.Selector, error) {
	return cache.SelectorOrNothing(podDisruptionBudget.Spec.Selector)
}
