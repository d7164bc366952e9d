package registry

import (
	"fmt"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/fieldmanager"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// scale is the view of workloads as an autoscaling/v1 Scale.
type scale struct {
	registry *Registry
	target   kind.Target
	paths    scalePaths
}

// scalePaths say where custom resources have their numbers, as "spec.replicas".
type scalePaths struct{ spec, status, selector string }

func (r *Registry) scaleView(t kind.Target) (view, error) {
	s := scale{registry: r, target: t, paths: scalePaths{spec: "spec.replicas"}}
	if t.Resource.Custom {
		rules := r.rules(t.Resource)
		if rules == nil {
			return nil, plainError(fmt.Sprintf("the scale of %s is unknown", t.Resource.GroupResource()))
		}
		s.paths = trimDots(rules.ScalePaths(t.Version))
	}
	return s, nil
}

func trimDots(spec, status, selector string) scalePaths {
	return scalePaths{strings.TrimPrefix(spec, "."), strings.TrimPrefix(status, "."), strings.TrimPrefix(selector, ".")}
}

func (scale) ownKind() bool { return true }

func (s scale) show(obj kind.Object) (kind.Object, error) {
	shown := &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{
		Name:              obj.GetName(),
		Namespace:         obj.GetNamespace(),
		UID:               obj.GetUID(),
		ResourceVersion:   obj.GetResourceVersion(),
		CreationTimestamp: obj.GetCreationTimestamp(),
	}}
	if err := s.read(obj, shown); err != nil {
		return nil, plainError(err.Error())
	}
	return shown, nil
}

// tracked is show with managed fields, which are not shown to clients.
func (s scale) tracked(obj kind.Object) (kind.Object, error) {
	shown, err := s.show(obj)
	if err != nil {
		return nil, err
	}
	_, stored := s.registry.home(s.target.Resource)
	fields, err := fieldmanager.ScaleFields(s.target.Resource, stored, s.paths.spec, obj.GetManagedFields())
	shown.SetManagedFields(fields)
	return shown, err
}

func (s scale) read(obj kind.Object, shown *autoscalingv1.Scale) (err error) {
	switch w := obj.(type) {
	case *appsv1.Deployment:
		shown.Spec.Replicas, shown.Status.Replicas = number(w.Spec.Replicas), w.Status.Replicas
		shown.Status.Selector, err = selectorText(w.Spec.Selector)
	case *appsv1.ReplicaSet:
		shown.Spec.Replicas, shown.Status.Replicas = number(w.Spec.Replicas), w.Status.Replicas
		shown.Status.Selector, err = selectorText(w.Spec.Selector)
	case *appsv1.StatefulSet:
		shown.Spec.Replicas, shown.Status.Replicas = number(w.Spec.Replicas), w.Status.Replicas
		shown.Status.Selector, err = selectorText(w.Spec.Selector)
	case *corev1.ReplicationController:
		shown.Spec.Replicas, shown.Status.Replicas = number(w.Spec.Replicas), w.Status.Replicas
		shown.Status.Selector = labels.Set(w.Spec.Selector).String()
	case *unstructured.Unstructured:
		spec, found, err := unstructured.NestedInt64(w.Object, strings.Split(s.paths.spec, ".")...)
		if err != nil || !found {
			return fmt.Errorf("the spec replicas field %q does not exist", "."+s.paths.spec)
		}
		status, _, err := unstructured.NestedInt64(w.Object, strings.Split(s.paths.status, ".")...)
		if err != nil {
			return err
		}
		shown.Spec.Replicas, shown.Status.Replicas = int32(spec), int32(status)
		if s.paths.selector != "" {
			shown.Status.Selector, _, err = unstructured.NestedString(w.Object, strings.Split(s.paths.selector, ".")...)
			return err
		}
	default:
		return fmt.Errorf("%T has no scale", obj)
	}
	return err
}

func (s scale) merge(w *write, current, sent kind.Object) (kind.Object, error) {
	scaled, ok := sent.(*autoscalingv1.Scale)
	if !ok {
		return nil, apierrors.NewBadRequest(fmt.Sprintf("wrong object passed to Scale update: %T", sent))
	}
	if scaled.Spec.Replicas < 0 {
		return nil, apierrors.NewInvalid(schema.GroupKind{Group: autoscalingv1.GroupName, Kind: "Scale"}, s.target.Name, field.ErrorList{
			field.Invalid(field.NewPath("spec", "replicas"), scaled.Spec.Replicas, "must be greater than or equal to 0"),
		})
	}
	obj := current.DeepCopyObject().(kind.Object)
	if err := s.write(obj, scaled.Spec.Replicas); err != nil {
		return nil, plainError(err.Error())
	}
	if w.config.Fields == nil {
		return obj, nil
	}
	if !w.applied {
		live, err := s.tracked(current)
		if err != nil {
			return nil, err
		}
		if sent, err = w.track(live, sent); err != nil {
			return nil, err
		}
	}
	_, stored := w.home(s.target.Resource)
	fields, err := fieldmanager.ParentFields(s.target.Resource, stored, s.paths.spec, current.GetManagedFields(), sent.GetManagedFields())
	obj.SetManagedFields(fields)
	return obj, err
}

func (s scale) write(obj kind.Object, replicas int32) error {
	switch w := obj.(type) {
	case *appsv1.Deployment:
		w.Spec.Replicas = &replicas
	case *appsv1.ReplicaSet:
		w.Spec.Replicas = &replicas
	case *appsv1.StatefulSet:
		w.Spec.Replicas = &replicas
	case *corev1.ReplicationController:
		w.Spec.Replicas = &replicas
	case *unstructured.Unstructured:
		return unstructured.SetNestedField(w.Object, int64(replicas), strings.Split(s.paths.spec, ".")...)
	default:
		return fmt.Errorf("%T has no scale", obj)
	}
	return nil
}

func number(replicas *int32) int32 {
	if replicas == nil {
		return 0
	}
	return *replicas
}

func selectorText(s *metav1.LabelSelector) (string, error) {
	selector, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		return "", err
	}
	return selector.String(), nil
}
