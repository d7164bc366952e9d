package codec

import (
	"encoding/json"
	"fmt"
	"reflect"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// Convert returns obj, of any version of resource r, in the version to: obj itself if it is of that version, else a new object that may share data with
// obj. Versions of built-in resources are converted by the names of their fields in JSON: a field that the other version does not have is lost.
// HorizontalPodAutoscalers, whose versions differ in shape, keep what autoscaling/v1 has, and the rest in annotations as kube-apiserver does for metrics,
// conditions and behavior. The events of the core group and those of events.k8s.io are the same objects. Custom resources have the conversion strategy None: only apiVersion changes.
func Convert(obj kind.Object, to *kind.Version, r *kind.Resource) (kind.Object, error) {
	gvk := r.GroupVersionKind(to)
	if u, ok := obj.(*unstructured.Unstructured); ok {
		if u.GetAPIVersion() == gvk.GroupVersion().String() {
			return obj, nil
		}
		converted, ok := stamped(u, gvk).(kind.Object)
		if !ok {
			return nil, apierrors.NewInternalError(fmt.Errorf("%T is no object", obj))
		}
		return converted, nil
	}
	out := to.New()
	if reflect.TypeOf(obj) == reflect.TypeOf(out) {
		return obj, nil
	}
	err := convertTyped(obj, out)
	if err != nil {
		return nil, apierrors.NewInternalError(fmt.Errorf("convert %s %q to %s: %w", r.Kind, obj.GetName(), gvk.GroupVersion(), err))
	}
	return out, nil
}

// convertTyped puts from into to, another version of it.
func convertTyped(from, to kind.Object) error {
	switch from := from.(type) {
	case *autoscalingv1.HorizontalPodAutoscaler:
		if to, ok := to.(*autoscalingv2.HorizontalPodAutoscaler); ok {
			return autoscalerToV2(from, to)
		}
	case *autoscalingv2.HorizontalPodAutoscaler:
		if to, ok := to.(*autoscalingv1.HorizontalPodAutoscaler); ok {
			return autoscalerToV1(from, to)
		}
	case *corev1.Event:
		if to, ok := to.(*eventsv1.Event); ok {
			eventFromCore(from, to)
			return nil
		}
	case *eventsv1.Event:
		if to, ok := to.(*corev1.Event); ok {
			eventToCore(from, to)
			return nil
		}
	}
	return convertJSON(from, to)
}

func convertJSON(from, to kind.Object) error {
	data, err := json.Marshal(from)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, to); err != nil {
		return err
	}
	to.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{}) // objects of built-in resources say no kind
	return nil
}
