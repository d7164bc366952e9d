package registry

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// bind gives a pod its node: what a scheduler asks for.
func (r *Registry) bind(req Request, obj kind.Object, o metav1.CreateOptions) (Result, error) {
	binding, ok := obj.(*corev1.Binding)
	if !ok {
		return Result{}, apierrors.NewBadRequest(fmt.Sprintf("not a Binding object: %T", obj))
	}
	t := req.Target
	if err := sameName(binding, t, "Binding"); err != nil {
		return Result{}, err
	}
	if err := validateBinding(binding); err != nil {
		return Result{}, plainError(err.Error())
	}
	w := r.newWrite(req, o.FieldManager, o.DryRun)
	_, err := w.commit(func(current kind.Object) (kind.Object, error) {
		pod, ok := current.(*corev1.Pod)
		if !ok {
			return nil, apierrors.NewNotFound(t.Resource.GroupResource(), t.Name)
		}
		if err := bindable(pod, binding); err != nil {
			return nil, apierrors.NewConflict(schema.GroupResource{Resource: "pods/binding"}, pod.Name, err)
		}
		pod = pod.DeepCopy()
		pod.Spec.NodeName = binding.Target.Name
		for name, value := range binding.Annotations {
			metav1.SetMetaDataAnnotation(&pod.ObjectMeta, name, value)
		}
		for name, value := range binding.Labels {
			metav1.SetMetaDataLabel(&pod.ObjectMeta, name, value)
		}
		setPodCondition(pod, corev1.PodCondition{Type: corev1.PodScheduled, Status: corev1.ConditionTrue, LastTransitionTime: r.now()})
		return pod, nil
	})
	return done(), err
}

func validateBinding(binding *corev1.Binding) error {
	target := field.NewPath("target")
	var errs field.ErrorList
	if k := binding.Target.Kind; k != "" && k != "Node" {
		errs = append(errs, field.NotSupported(target.Child("kind"), k, []string{"Node", "<empty>"}))
	}
	if binding.Target.Name == "" {
		errs = append(errs, field.Required(target.Child("name"), ""))
	}
	return errs.ToAggregate()
}

func bindable(pod *corev1.Pod, binding *corev1.Binding) error {
	switch {
	case pod.DeletionTimestamp != nil:
		return fmt.Errorf("pod %s is being deleted, cannot be assigned to a host", pod.Name)
	case pod.Spec.NodeName != "":
		return fmt.Errorf("pod %s is already assigned to node %q", pod.Name, pod.Spec.NodeName)
	case binding.UID != "" && binding.UID != pod.UID:
		return preconditionFailed(string(binding.UID), string(pod.UID))
	case len(pod.Spec.SchedulingGates) > 0:
		return fmt.Errorf("pod %s has non-empty .spec.schedulingGates", pod.Name)
	}
	return nil
}

// setPodCondition replaces the condition of that type.
func setPodCondition(pod *corev1.Pod, condition corev1.PodCondition) {
	for i := range pod.Status.Conditions {
		if pod.Status.Conditions[i].Type == condition.Type {
			pod.Status.Conditions[i] = condition
			return
		}
	}
	pod.Status.Conditions = append(pod.Status.Conditions, condition)
}
