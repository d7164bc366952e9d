package kubernetes_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/generated/kubernetes"
	typedcorev1 "github.com/kubewright/kubewright/generated/kubernetes/typed/core/v1"
)

// Hand-written methods on a server. test/wire compares their requests with those of client-go, and those of versions that
// servers no longer have.

func createPod(t *testing.T, client kubernetes.Interface, name string) *corev1.Pod {
	t.Helper()
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: "app"}}}}
	pod, err := client.CoreV1().Pods("default").Create(t.Context(), pod, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return pod
}

func TestBindAssignsANode(t *testing.T) {
	client := newClientset(t, runtime.ContentTypeProtobuf)
	createPod(t, client, "a")
	pods := client.CoreV1().Pods("default")
	binding := &corev1.Binding{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Target: corev1.ObjectReference{Kind: "Node", Name: "node"}}
	if err := pods.Bind(t.Context(), binding, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if pod, err := pods.Get(t.Context(), "a", metav1.GetOptions{}); err != nil || pod.Spec.NodeName != "node" {
		t.Errorf("on node %q, %v", pod.Spec.NodeName, err)
	}
	binding.Name = "none"
	if err := pods.Bind(t.Context(), binding, metav1.CreateOptions{}); !apierrors.IsNotFound(err) {
		t.Errorf("a pod that is not there: %v", err)
	}
}

func TestEvictionsReachThePod(t *testing.T) {
	for _, mediaType := range mediaTypes {
		client := newClientset(t, mediaType)
		meta := metav1.ObjectMeta{Name: "a", Namespace: "default"}
		for name, evict := range map[string]func() error{
			"pods, v1": func() error {
				return client.CoreV1().Pods("default").EvictV1(t.Context(), &policyv1.Eviction{ObjectMeta: meta})
			},
			"evictions, v1": func() error {
				return client.PolicyV1().Evictions("default").Evict(t.Context(), &policyv1.Eviction{ObjectMeta: meta})
			},
		} {
			createPod(t, client, "a")
			if err := evict(); err != nil {
				t.Fatalf("%s, %s: %v", mediaType, name, err)
			}
			if _, err := client.CoreV1().Pods("default").Get(t.Context(), "a", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
				t.Errorf("%s, %s: the pod is still there: %v", mediaType, name, err)
			}
		}
	}
}

// An eviction is not changed by being sent, not even by the kind that it then says.
func TestEvictionsStayAsTheyAre(t *testing.T) {
	client := newClientset(t, runtime.ContentTypeJSON)
	createPod(t, client, "a")
	eviction := &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: "a"}}
	if err := client.CoreV1().Pods("default").EvictV1(t.Context(), eviction); err != nil {
		t.Fatal(err)
	}
	if eviction.Kind != "" || eviction.APIVersion != "" {
		t.Errorf("it says %s %s", eviction.APIVersion, eviction.Kind)
	}
}

func TestGetLogsReadsTheLogsOfAPod(t *testing.T) {
	client := newClientset(t, runtime.ContentTypeProtobuf)
	createPod(t, client, "a")
	logs, err := client.CoreV1().Pods("default").GetLogs("a", &corev1.PodLogOptions{Container: "app"}).DoRaw(t.Context())
	if err != nil || len(logs) == 0 {
		t.Errorf("%q, %v", logs, err)
	}
	if _, err := client.CoreV1().Pods("default").GetLogs("none", &corev1.PodLogOptions{}).Stream(t.Context()); !apierrors.IsNotFound(err) {
		t.Errorf("of a pod that is not there: %v", err)
	}
}

func TestEventsGoToTheirNamespaces(t *testing.T) {
	client := newClientset(t, runtime.ContentTypeProtobuf)
	pod := createPod(t, client, "a")
	sink := typedcorev1.EventSinkImpl{Interface: client.CoreV1().Events("")}
	event := &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: "e", Namespace: "default"}, InvolvedObject: corev1.ObjectReference{
		Kind: "Pod", Namespace: "default", Name: "a", UID: pod.UID,
	}}
	created, err := sink.Create(event)
	if err != nil {
		t.Fatal(err)
	}
	created.Reason = "Updated"
	if _, err := sink.Update(created); err != nil {
		t.Fatal(err)
	}
	if patched, err := sink.Patch(event, []byte(`{"count":2}`)); err != nil || patched.Count != 2 || patched.Reason != "Updated" {
		t.Errorf("patched to %d %s, %v", patched.Count, patched.Reason, err)
	}
	if _, err := client.CoreV1().Events("other").CreateWithEventNamespaceWithContext(t.Context(), event); err == nil {
		t.Error("a client of another namespace took the event")
	}
}

func TestSearchFindsTheEventsOfAnObject(t *testing.T) {
	client := newClientset(t, runtime.ContentTypeJSON)
	sought := createPod(t, client, "a")
	for _, pod := range []*corev1.Pod{sought, createPod(t, client, "b")} {
		event := &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: "of-" + pod.Name, Namespace: "default"}, InvolvedObject: corev1.ObjectReference{
			Kind: "Pod", Namespace: "default", Name: pod.Name, UID: pod.UID,
		}}
		if _, err := client.CoreV1().Events("default").Create(t.Context(), event, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	types := runtime.NewScheme()
	if err := corev1.AddToScheme(types); err != nil {
		t.Fatal(err)
	}
	for _, namespace := range []string{"", "default"} {
		events, err := client.CoreV1().Events(namespace).SearchWithContext(t.Context(), types, sought)
		if err != nil || len(events.Items) != 1 || events.Items[0].Name != "of-a" {
			t.Errorf("in namespace %q: %v, %v", namespace, events, err)
		}
	}
	if _, err := client.CoreV1().Events("other").SearchWithContext(t.Context(), types, sought); err == nil {
		t.Error("a client of another namespace searched")
	}
}

func TestFinalizeReplacesTheFinalizersOfANamespace(t *testing.T) {
	client := newClientset(t, runtime.ContentTypeProtobuf)
	namespaces := client.CoreV1().Namespaces()
	created, err := namespaces.Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	created.Spec.Finalizers = []corev1.FinalizerName{"example.com/mine"}
	got, err := namespaces.Finalize(t.Context(), created, metav1.UpdateOptions{})
	if err != nil || len(got.Spec.Finalizers) != 1 || got.Spec.Finalizers[0] != "example.com/mine" {
		t.Errorf("%v, %v", got.Spec.Finalizers, err)
	}
}

func TestPatchStatusChangesTheStatusOfANode(t *testing.T) {
	client := newClientset(t, runtime.ContentTypeProtobuf)
	nodes := client.CoreV1().Nodes()
	if _, err := nodes.Create(t.Context(), &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	node, err := nodes.PatchStatus(t.Context(), "a", []byte(`{"status":{"conditions":[{"type":"Ready","status":"True"}]},"spec":{"unschedulable":true}}`))
	if err != nil || len(node.Status.Conditions) != 1 || node.Spec.Unschedulable {
		t.Errorf("%v, %v", node, err)
	}
}
