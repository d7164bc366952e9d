package compat

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apiresource "k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/managedfields"
	upstream "k8s.io/client-go/applyconfigurations"
	upstreamapps "k8s.io/client-go/applyconfigurations/apps/v1"
	upstreamautoscaling "k8s.io/client-go/applyconfigurations/autoscaling/v2"
	upstreamcore "k8s.io/client-go/applyconfigurations/core/v1"
	upstreamnetworking "k8s.io/client-go/applyconfigurations/networking/v1"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations"
	appsv1ac "github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations/apps/v1"
	autoscalingv2ac "github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations/autoscaling/v2"
	corev1ac "github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations/core/v1"
	networkingv1ac "github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations/networking/v1"
)

// fill sets every field of a value that JSON has: one element in each list and map, something in each scalar. Types that
// are made of themselves end somewhere below.
func fill(v reflect.Value) { fillTo(v, 20) }

func fillTo(v reflect.Value, depth int) {
	fill := func(v reflect.Value) { fillTo(v, depth-1) }
	if depth == 0 {
		return
	}
	switch v.Interface().(type) {
	case metav1.Time, metav1.MicroTime:
		v.Field(0).Set(reflect.ValueOf(time.Unix(1_000_000_000, 0)))
		return
	case apiresource.Quantity:
		v.Set(reflect.ValueOf(apiresource.MustParse("1")))
		return
	case intstr.IntOrString:
		v.Set(reflect.ValueOf(intstr.FromString("x")))
		return
	case runtime.RawExtension:
		v.Set(reflect.ValueOf(runtime.RawExtension{Raw: []byte(`{"a":{"b":["c"]}}`)}))
		return
	case metav1.FieldsV1:
		v.Set(reflect.ValueOf(*metav1.NewFieldsV1(`{"f:a":{}}`)))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		key, element := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key)
		fill(element)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, element)
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	}
}

// applicable returns the kinds that client-go has apply configurations for, each with an object that has every field.
func applicable(t *testing.T) map[schema.GroupVersionKind]runtime.Object {
	t.Helper()
	objects := map[schema.GroupVersionKind]runtime.Object{}
	for kind := range scheme.Scheme.AllKnownTypes() {
		if upstream.ForKind(kind) == nil {
			continue
		}
		object, err := scheme.Scheme.New(kind)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := object.(metav1.Object); !ok {
			continue // options, not objects
		}
		fill(reflect.ValueOf(object).Elem())
		object.GetObjectKind().SetGroupVersionKind(kind)
		objects[kind] = object
	}
	if len(objects) < 100 {
		t.Fatalf("%d kinds only", len(objects))
	}
	return objects
}

// fieldSet returns the fields of an object that have owners of their own.
func fieldSet(t *testing.T, converter managedfields.TypeConverter, object runtime.Object) string {
	t.Helper()
	typed, err := converter.ObjectToTyped(object)
	if err != nil {
		t.Error(err)
		return ""
	}
	set, err := typed.ToFieldSet()
	if err != nil {
		t.Error(err)
		return ""
	}
	fields, err := set.ToJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(fields)
}

// TestSchemaIsThatOfClientGo compares, for all kinds, the fields that have owners: the schema that is derived from Go types
// with the one that comes from the OpenAPI description of a server.
func TestSchemaIsThatOfClientGo(t *testing.T) {
	ours, theirs := applyconfigurations.NewTypeConverter(scheme.Scheme), upstream.NewTypeConverter(scheme.Scheme)
	for kind, object := range applicable(t) {
		if kind.Kind == "Scale" {
			continue // which client-go's schema does not have
		}
		if diff := cmp.Diff(fieldSet(t, theirs, object), fieldSet(t, ours, object)); diff != "" {
			t.Errorf("%v (-client-go +ours):\n%s", kind, diff)
		}
	}
}

// TestForKindIsThatOfClientGo compares what kinds have apply configurations, and what JSON makes of one that has every field.
func TestForKindIsThatOfClientGo(t *testing.T) {
	for kind, object := range applicable(t) {
		theirs, ours := upstream.ForKind(kind), applyconfigurations.ForKind(kind)
		if ours == nil {
			t.Errorf("%v: nothing", kind)
			continue
		}
		if got, want := reflect.TypeOf(ours).Elem().Name(), reflect.TypeOf(theirs).Elem().Name(); got != want {
			t.Errorf("%v: %s, want %s", kind, got, want)
		}
		data := asJSON(t, object)
		for _, configuration := range []any{ours, theirs} {
			if err := json.Unmarshal(data, configuration); err != nil {
				t.Errorf("%v: %v", kind, err)
			}
		}
		if diff := cmp.Diff(string(asJSON(t, theirs)), string(asJSON(t, ours))); diff != "" {
			t.Errorf("%v (-client-go +ours):\n%s", kind, diff)
		}
	}
}

func asJSON(t *testing.T, object any) []byte {
	t.Helper()
	data, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// owned returns an object that has every field, all of them applied by one manager.
func owned[T metav1.Object](t *testing.T, object T, kind schema.GroupVersionKind) T {
	t.Helper()
	fill(reflect.ValueOf(object).Elem())
	object.SetManagedFields(nil)
	any(object).(runtime.Object).GetObjectKind().SetGroupVersionKind(kind)
	fields := fieldSet(t, upstream.NewTypeConverter(scheme.Scheme), any(object).(runtime.Object))
	object.SetManagedFields([]metav1.ManagedFieldsEntry{{Manager: "me", Operation: metav1.ManagedFieldsOperationApply, FieldsV1: metav1.NewFieldsV1(fields)}})
	return object
}

// compareExtracts compares what both sides extract.
func compareExtracts[T, O, U any](t *testing.T, object T, ours func(T, string) (O, error), theirs func(T, string) (U, error)) {
	t.Helper()
	for _, manager := range []string{"me", "somebody"} {
		got, err := ours(object, manager)
		if err != nil {
			t.Fatal(err)
		}
		want, err := theirs(object, manager)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(asJSON(t, want)), string(asJSON(t, got))); diff != "" {
			t.Errorf("%T of %s (-client-go +ours):\n%s", object, manager, diff)
		}
	}
}

func TestExtractIsThatOfClientGo(t *testing.T) {
	compareExtracts(t, owned(t, &appsv1.Deployment{}, appsv1.SchemeGroupVersion.WithKind("Deployment")), appsv1ac.ExtractDeployment, upstreamapps.ExtractDeployment)
	compareExtracts(t, owned(t, &appsv1.StatefulSet{}, appsv1.SchemeGroupVersion.WithKind("StatefulSet")), appsv1ac.ExtractStatefulSet, upstreamapps.ExtractStatefulSet)
	compareExtracts(t, owned(t, &corev1.Pod{}, corev1.SchemeGroupVersion.WithKind("Pod")), corev1ac.ExtractPod, upstreamcore.ExtractPod)
	compareExtracts(t, owned(t, &corev1.Service{}, corev1.SchemeGroupVersion.WithKind("Service")), corev1ac.ExtractService, upstreamcore.ExtractService)
	compareExtracts(t, owned(t, &corev1.Node{}, corev1.SchemeGroupVersion.WithKind("Node")), corev1ac.ExtractNode, upstreamcore.ExtractNode)
	compareExtracts(t, owned(t, &networkingv1.Ingress{}, networkingv1.SchemeGroupVersion.WithKind("Ingress")), networkingv1ac.ExtractIngress, upstreamnetworking.ExtractIngress)
	compareExtracts(t, owned(t, &autoscalingv2.HorizontalPodAutoscaler{}, autoscalingv2.SchemeGroupVersion.WithKind("HorizontalPodAutoscaler")),
		autoscalingv2ac.ExtractHorizontalPodAutoscaler, upstreamautoscaling.ExtractHorizontalPodAutoscaler)
}
