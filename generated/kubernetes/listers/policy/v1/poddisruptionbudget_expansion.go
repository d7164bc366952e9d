package v1

import (
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// PodDisruptionBudgetListerExpansion has the methods of PodDisruptionBudgetLister that are written by hand.
type PodDisruptionBudgetListerExpansion interface {
	// GetPodPodDisruptionBudgets returns the PodDisruptionBudgets that protect a pod. That there is none is an error. An
	// empty selector selects all pods.
	GetPodPodDisruptionBudgets(pod *corev1.Pod) ([]*policyv1.PodDisruptionBudget, error)
}

// PodDisruptionBudgetNamespaceListerExpansion has those of PodDisruptionBudgetNamespaceLister: none.
type PodDisruptionBudgetNamespaceListerExpansion interface{}

func (l *podDisruptionBudgetLister) GetPodPodDisruptionBudgets(pod *corev1.Pod) ([]*policyv1.PodDisruptionBudget, error) {
	return l.Selecting(pod, podDisruptionBudgetSelector)
}

func podDisruptionBudgetSelector(podDisruptionBudget *policyv1.PodDisruptionBudget) (labels.Selector, error) {
	return metav1.LabelSelectorAsSelector(podDisruptionBudget.Spec.Selector)
}
