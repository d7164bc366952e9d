package registry

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

var disruptionBudgets = schema.GroupResource{Group: policyv1.GroupName, Resource: "poddisruptionbudgets"}

// evictionRetryAfter is what a client is told to wait, in seconds, for a budget that is not counted yet.
const evictionRetryAfter = 10

// evict deletes a pod unless a PodDisruptionBudget forbids it, and counts it in the budget.
func (r *Registry) evict(req Request, obj kind.Object, o metav1.CreateOptions) (Result, error) {
	t := req.Target
	if err := sameName(obj, t, "Eviction"); err != nil {
		return Result{}, err
	}
	found, _ := r.config.Store.Get(key(t))
	pod, ok := found.(*corev1.Pod)
	if !ok {
		return Result{}, apierrors.NewNotFound(t.Resource.GroupResource(), t.Name)
	}
	var options metav1.DeleteOptions
	if eviction, ok := obj.(*policyv1.Eviction); ok && eviction.DeleteOptions != nil {
		options = *eviction.DeleteOptions
	}
	options.DryRun = slices.Concat(options.DryRun, o.DryRun)
	if needsBudget(pod) {
		if err := r.spendBudget(pod, len(options.DryRun) > 0); err != nil {
			return Result{}, err
		}
	}
	if len(options.DryRun) == 0 {
		if err := r.markEvicted(req, pod); err != nil {
			return Result{}, err
		}
	}
	req.Target.Subresource = nil
	if _, err := r.Delete(context.Background(), req, options); err != nil {
		return Result{}, err
	}
	return done(), nil
}

// markEvicted says in the status of a pod why it is deleted: KEP-3329.
func (r *Registry) markEvicted(req Request, pod *corev1.Pod) error {
	_, err := r.put(key(req.Target), func(current kind.Object) (kind.Object, error) {
		if current == nil || current.GetUID() != pod.UID {
			return current, nil
		}
		marked, ok := current.DeepCopyObject().(*corev1.Pod)
		if !ok {
			return current, nil
		}
		setPodCondition(marked, corev1.PodCondition{Type: corev1.DisruptionTarget, Status: corev1.ConditionTrue, LastTransitionTime: r.now(),
			Reason: "EvictionByEvictionAPI", Message: "Eviction API: evicting"})
		return marked, nil
	})
	return err
}

// needsBudget reports whether the absence of a pod disrupts anything.
func needsBudget(pod *corev1.Pod) bool {
	switch pod.Status.Phase {
	case corev1.PodSucceeded, corev1.PodFailed, corev1.PodPending:
		return false
	}
	return pod.DeletionTimestamp == nil
}

// spendBudget takes a disruption from the budget of a pod; a StatusError says that there is none left.
func (r *Registry) spendBudget(pod *corev1.Pod, dryRun bool) error {
	budgets, err := r.budgetsOf(pod)
	if err != nil || len(budgets) == 0 {
		return err
	}
	if len(budgets) > 1 {
		return plainError("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")
	}
	res, version, ok := r.config.Catalog.Lookup(policyv1.GroupName, "v1", disruptionBudgets.Resource)
	if !ok {
		return nil // is not served any more
	}
	t := kind.Target{Resource: res, Version: version, Namespace: pod.Namespace, Name: budgets[0].Name, Subresource: version.Subresource("status")}
	_, err = r.put(key(t), func(current kind.Object) (kind.Object, error) {
		budget, ok := current.(*policyv1.PodDisruptionBudget)
		if !ok {
			return current, nil // gone meanwhile
		}
		if err := checkBudget(budget); err != nil || dryRun {
			return current, err
		}
		budget = budget.DeepCopy()
		budget.Status.DisruptionsAllowed--
		if budget.Status.DisruptedPods == nil {
			budget.Status.DisruptedPods = map[string]metav1.Time{}
		}
		budget.Status.DisruptedPods[pod.Name] = r.now()
		if budget.Status.DisruptionsAllowed == 0 {
			meta.SetStatusCondition(&budget.Status.Conditions, metav1.Condition{Type: policyv1.DisruptionAllowedCondition, Status: metav1.ConditionFalse,
				ObservedGeneration: budget.Status.ObservedGeneration, LastTransitionTime: r.now(), Reason: policyv1.InsufficientPodsReason})
		}
		if r.config.Fields != nil {
			return r.config.Fields.Update(t, current, budget, "kube-apiserver")
		}
		return budget, nil
	})
	return err
}

func (r *Registry) budgetsOf(pod *corev1.Pod) (budgets []*policyv1.PodDisruptionBudget, err error) {
	snapshot, err := r.config.Store.List(disruptionBudgets, pod.Namespace, 0)
	if err != nil {
		return nil, statusError(err)
	}
	for _, obj := range snapshot.Objects {
		budget, ok := obj.(*policyv1.PodDisruptionBudget)
		if !ok {
			continue
		}
		selector, err := metav1.LabelSelectorAsSelector(budget.Spec.Selector)
		if err == nil && selector.Matches(labels.Set(pod.Labels)) {
			budgets = append(budgets, budget)
		}
	}
	return budgets, nil
}

func checkBudget(budget *policyv1.PodDisruptionBudget) error {
	status := budget.Status
	switch {
	case status.ObservedGeneration < budget.Generation:
		return overBudget(evictionRetryAfter, fmt.Sprintf("The disruption budget %s is still being processed by the server.", budget.Name))
	case status.DisruptionsAllowed < 0:
		return apierrors.NewForbidden(disruptionBudgets, budget.Name, fmt.Errorf("pdb disruptions allowed is negative"))
	case status.DisruptionsAllowed == 0 && status.CurrentHealthy > status.DesiredHealthy:
		return overBudget(0, fmt.Sprintf("The disruption budget %s does not allow evicting pods currently", budget.Name))
	case status.DisruptionsAllowed == 0:
		return overBudget(0, fmt.Sprintf("The disruption budget %s needs %d healthy pods and has %d currently", budget.Name, status.DesiredHealthy, status.CurrentHealthy))
	}
	return nil
}

func overBudget(retryAfter int, why string) error {
	err := apierrors.NewTooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", retryAfter)
	err.ErrStatus.Details.Causes = []metav1.StatusCause{{Type: policyv1.DisruptionBudgetCause, Message: why}}
	return err
}
