package selector_test

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/selector"
)

var (
	configmaps = &kind.Resource{Plural: "configmaps", Kind: "ConfigMap", Namespaced: true}
	pods       = &kind.Resource{Plural: "pods", Kind: "Pod", Namespaced: true}
	nodes      = &kind.Resource{Plural: "nodes", Kind: "Node"}
	jobs       = &kind.Resource{Group: "batch", Plural: "jobs", Kind: "Job", Namespaced: true}
	coreEvents = &kind.Resource{Plural: "events", Kind: "Event", Namespaced: true}
	newEvents  = &kind.Resource{Group: "events.k8s.io", Plural: "events", Kind: "Event", Namespaced: true}
	foos       = &kind.Resource{Group: "example.com", Plural: "foos", Kind: "Foo", Namespaced: true, Custom: true}
)

func TestMatches(t *testing.T) {
	meta := metav1.ObjectMeta{Name: "a", Namespace: "ns", Labels: map[string]string{"app": "web"}}
	pod := &corev1.Pod{ObjectMeta: meta, Spec: corev1.PodSpec{NodeName: "n1"}, Status: corev1.PodStatus{Phase: corev1.PodRunning}}
	event := &corev1.Event{ObjectMeta: meta, InvolvedObject: corev1.ObjectReference{Kind: "Pod"}, Source: corev1.EventSource{Component: "kubelet"}}
	foo := &unstructured.Unstructured{Object: map[string]any{
		"metadata": map[string]any{"name": "a", "namespace": "ns"},
		"spec":     map[string]any{"color": "red", "size": int64(3)},
	}}
	for _, test := range []struct {
		name           string
		resource       *kind.Resource
		obj            kind.Object
		labels, fields string
		want           bool
	}{
		{"no selector", pods, pod, "", "", true},
		{"label", pods, pod, "app=web", "", true},
		{"other label", pods, pod, "app in (db,cache)", "", false},
		{"absent label", pods, pod, "!tier", "", true},
		{"name", configmaps, &corev1.ConfigMap{ObjectMeta: meta}, "", "metadata.name=a", true},
		{"other name", configmaps, &corev1.ConfigMap{ObjectMeta: meta}, "", "metadata.name=b", false},
		{"namespace", configmaps, &corev1.ConfigMap{ObjectMeta: meta}, "", "metadata.namespace!=ns", false},
		{"two fields", pods, pod, "", "spec.nodeName=n1,status.phase!=Failed", true},
		{"one of two fields", pods, pod, "", "spec.nodeName=n1,status.phase=Failed", false},
		{"label and field", pods, pod, "app=db", "spec.nodeName=n1", false},
		{"boolean field", nodes, &corev1.Node{}, "", "spec.unschedulable=false", true},
		{"number", jobs, &batchv1.Job{Status: batchv1.JobStatus{Succeeded: 2}}, "", "status.successful=2", true},
		{"event of the core group", coreEvents, event, "", "involvedObject.kind=Pod,source=kubelet", true},
		{"event of events.k8s.io", newEvents, event, "", "regarding.kind=Pod,reportingController=kubelet", true},
		{"custom field", foos, foo, "", "spec.color=red,spec.size=3", true},
		{"other custom field", foos, foo, "", "spec.color=blue", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := selector.Parse(test.resource, test.labels, test.fields, ".spec.color", ".spec.size")
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Matches(test.obj); got != test.want {
				t.Errorf("Matches: got %v, want %v", got, test.want)
			}
			if empty := test.labels == "" && test.fields == ""; s.Empty() != empty {
				t.Errorf("Empty: got %v, want %v", s.Empty(), empty)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, test := range []struct {
		resource       *kind.Resource
		labels, fields string
		want           string
	}{
		{configmaps, "a==b c", "", "found 'c', expected: ',' or 'end of string'"},
		{configmaps, "x y z", "", "unable to parse requirement: found 'y', expected: in, notin, =, ==, !=, gt, lt"},
		{configmaps, "", "foo", "invalid selector: 'foo'; can't understand 'foo'"},
		{configmaps, "", "metadata.name=a,data.x=z", `"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"`},
		{pods, "", "status.foo=bar", "field label not supported: status.foo"},
		{nodes, "", "metadata.namespace=default", "field label not supported: metadata.namespace"},
		{jobs, "", "zz=bar", `field label "zz" not supported for Job`},
		{newEvents, "", "source=x", "field label not supported: source"},
		{foos, "", "a=b", "field label not supported: a"},
	} {
		t.Run(test.labels+test.fields, func(t *testing.T) {
			_, err := selector.Parse(test.resource, test.labels, test.fields)
			if !apierrors.IsBadRequest(err) || err.Error() != test.want {
				t.Errorf("got %v, want a bad request: %s", err, test.want)
			}
		})
	}
}
