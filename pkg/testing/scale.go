package testing

import (
	"cmp"
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// scaleKind is what the scale subresource shows, of whatever kind the object is. The package has no Go type for it, which
// would link that of a pod.
var scaleKind = schema.GroupVersionKind{Group: "autoscaling", Version: "v1", Kind: "Scale"}

// scaleOf returns the scale of an object: the Go type that kinds has for it, else an unstructured one. The numbers are those of
// spec.replicas and status.replicas; the selector is spec.selector, or status.selector where that is a text. An object that is
// a scale already is returned as it is: tests store such.
func scaleOf(object apiobject.Object, kinds runtime.ObjectCreater) (apiobject.Object, error) {
	values, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		return nil, err
	}
	var scale apiobject.Object = &unstructured.Unstructured{}
	if kinds != nil {
		if typed, err := kinds.New(scaleKind); err == nil {
			if scale, err = objectOf(typed); err != nil {
				return nil, err
			}
		}
	}
	if isScale(object) {
		return scale, runtime.DefaultUnstructuredConverter.FromUnstructured(values, scale)
	}
	metadata := map[string]any{}
	for _, field := range []string{"name", "namespace", "uid", "resourceVersion", "creationTimestamp"} {
		if value, found, _ := unstructured.NestedFieldNoCopy(values, "metadata", field); found {
			metadata[field] = value
		}
	}
	status := map[string]any{"replicas": number(values, "status", "replicas")}
	if selector := selectorOf(values); selector != "" {
		status["selector"] = selector
	}
	shown := map[string]any{
		"apiVersion": scaleKind.GroupVersion().String(),
		"kind":       scaleKind.Kind,
		"metadata":   metadata,
		"spec":       map[string]any{"replicas": number(values, "spec", "replicas")},
		"status":     status,
	}
	return scale, runtime.DefaultUnstructuredConverter.FromUnstructured(shown, scale)
}

// isScale reports whether an object is a scale: it says so, or its Go type has that name.
func isScale(object apiobject.Object) bool {
	return kindOf(scaleKind.GroupVersion().WithResource("scales"), object).Kind == scaleKind.Kind
}

func number(values map[string]any, path ...string) int64 {
	n, _, _ := unstructured.NestedInt64(values, path...)
	return n
}

// selectorOf is the selector of the pods of an object as text.
func selectorOf(values map[string]any) string {
	if text, ok, err := unstructured.NestedString(values, "status", "selector"); ok && err == nil {
		return text
	}
	selector, ok, err := unstructured.NestedMap(values, "spec", "selector")
	if !ok || err != nil {
		return ""
	}
	if labels, ok, err := unstructured.NestedStringMap(values, "spec", "selector"); ok && err == nil { // as replication controllers have
		return metav1.FormatLabelSelector(&metav1.LabelSelector{MatchLabels: labels})
	}
	var typed metav1.LabelSelector
	if runtime.DefaultUnstructuredConverter.FromUnstructured(selector, &typed) != nil {
		return ""
	}
	return metav1.FormatLabelSelector(&typed)
}

// rescaled returns an object with the number of replicas that a scale asks for.
func rescaled(r request, current, scale apiobject.Object) (apiobject.Object, error) {
	values, err := runtime.DefaultUnstructuredConverter.ToUnstructured(scale)
	if err != nil {
		return nil, err
	}
	replicas := number(values, "spec", "replicas")
	if replicas < 0 {
		return nil, badRequest("a scale of %d replicas: there cannot be less than none", replicas)
	}
	if isScale(current) {
		return apiobject.Copy(scale), nil
	}
	body, err := json.Marshal(map[string]any{
		"metadata": map[string]any{"resourceVersion": cmp.Or(scale.GetResourceVersion(), current.GetResourceVersion())},
		"spec":     map[string]any{"replicas": replicas},
	})
	if err != nil {
		return nil, fmt.Errorf("scaling: %w", err)
	}
	return patched(r, current, types.MergePatchType, body)
}
