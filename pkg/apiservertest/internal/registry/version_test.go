package registry_test

import (
	"context"
	"strings"
	"testing"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

// in addresses an object in a version that is not the preferred one.
func (s *server) in(version string, request registry.Request) registry.Request {
	s.t.Helper()
	if request.Target.Version = request.Target.Resource.Version(version); request.Target.Version == nil {
		s.t.Fatalf("%s is not served in %s", request.Target.Resource.Plural, version)
	}
	return request
}

func TestVersionsOfOneObject(t *testing.T) {
	s := newServer(t)
	v1 := func(name string) registry.Request {
		return s.in("v1", s.at("horizontalpodautoscalers.autoscaling", "default", name))
	}
	created, err := s.Create(context.Background(), v1(""), &autoscalingv1.HorizontalPodAutoscaler{ObjectMeta: metav1.ObjectMeta{Name: "h"},
		Spec: autoscalingv1.HorizontalPodAutoscalerSpec{MaxReplicas: 3, TargetCPUUtilizationPercentage: new(int32(50))}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	stored, ok := created.Object.(*autoscalingv2.HorizontalPodAutoscaler)
	if !ok || *stored.Spec.Metrics[0].Resource.Target.AverageUtilization != 50 {
		t.Fatalf("got %+v, want it in the version of the storage", created.Object)
	}
	patched, err := s.Patch(context.Background(), v1("h"), types.MergePatchType, []byte(`{"spec":{"targetCPUUtilizationPercentage":60}}`), metav1.PatchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := patched.Object.(*autoscalingv2.HorizontalPodAutoscaler); *got.Spec.Metrics[0].Resource.Target.AverageUtilization != 60 {
		t.Errorf("patched in v1: got %+v", got.Spec)
	}
	for _, fields := range patched.Object.(*autoscalingv2.HorizontalPodAutoscaler).ManagedFields {
		if fields.APIVersion != "autoscaling/v1" {
			t.Errorf("managedFields: got %s, want the version of the requests", fields.APIVersion)
		}
	}
}

func TestEventsHaveTwoGroups(t *testing.T) {
	s := newServer(t)
	s.create("events.events.k8s.io", "default", &eventsv1.Event{ObjectMeta: metav1.ObjectMeta{Name: "e"}, Note: "hello", ReportingController: "c"})
	obj, err := s.get("events", "default", "e")
	if err != nil || obj.(*corev1.Event).Message != "hello" {
		t.Errorf("as an event of the core group: got %+v, %v", obj, err)
	}
	s.mustMerge("events.events.k8s.io", "default", "e", `{"note":"bye"}`)
	list, err := s.List(context.Background(), s.at("events.events.k8s.io", "default", ""), metav1.ListOptions{FieldSelector: "reportingController=c"})
	if err != nil || len(list.Objects) != 1 || list.Objects[0].(*corev1.Event).Message != "bye" {
		t.Errorf("list: got %+v, %v", list, err)
	}
}

func TestUIDConflictNamesTheKeyOfTheRealServer(t *testing.T) {
	s := newServer(t)
	s.create("foos.example.com", "default", foo("x"))
	s.create("services", "default", &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "x"}})
	other := foo("x")
	other.SetUID("other")
	other.SetResourceVersion("1")
	_, err := s.Update(context.Background(), s.at("foos.example.com", "default", "x"), other, metav1.UpdateOptions{})
	if status(t, err).Code != 409 || !strings.Contains(err.Error(), "Key: /registry/example.com/foos/default/x,") {
		t.Errorf("foo: got %v", err)
	}
	_, err = s.Update(context.Background(), s.at("services", "default", "x"), &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "x", UID: "other"}}, metav1.UpdateOptions{})
	if status(t, err).Code != 409 || !strings.Contains(err.Error(), "Key: /registry/services/specs/default/x,") {
		t.Errorf("service: got %v", err)
	}
}
