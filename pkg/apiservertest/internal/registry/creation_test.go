package registry_test

import (
	"testing"
	"testing/synctest"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestNodePortsAreAllocatedAndKeptAndWiped(t *testing.T) {
	s := newServer(t)
	manifest := func(typ corev1.ServiceType) *corev1.Service {
		return &corev1.Service{
			ObjectMeta: metav1.ObjectMeta{Name: "s", Namespace: "default"},
			Spec:       corev1.ServiceSpec{Type: typ, Ports: []corev1.ServicePort{{Name: "a", Port: 80}, {Name: "b", Port: 81, NodePort: 30001}}},
		}
	}
	created := s.create("services", "default", manifest(corev1.ServiceTypeNodePort)).(*corev1.Service)
	first := created.Spec.Ports[0].NodePort
	if first < 30000 || first > 32767 || created.Spec.Ports[1].NodePort != 30001 {
		t.Fatalf("created: got %+v", created.Spec.Ports)
	}
	if kept := s.update("services", manifest(corev1.ServiceTypeNodePort)).(*corev1.Service); kept.Spec.Ports[0].NodePort != first {
		t.Errorf("updated without: got %+v", kept.Spec.Ports)
	}
	wiped := s.mustMerge("services", "default", "s", `{"spec":{"type":"ClusterIP","externalTrafficPolicy":null}}`).(*corev1.Service)
	if wiped.Spec.Ports[0].NodePort != 0 || wiped.Spec.Ports[1].NodePort != 0 {
		t.Errorf("as ClusterIP: got %+v", wiped.Spec.Ports)
	}
	if again := s.mustMerge("services", "default", "s", `{"spec":{"type":"NodePort"}}`).(*corev1.Service); again.Spec.Ports[0].NodePort == 0 || again.Spec.Ports[0].NodePort == first {
		t.Errorf("as NodePort again: got %+v", again.Spec.Ports)
	}
}

func TestHealthCheckPortIsOfLocalLoadBalancers(t *testing.T) {
	s := newServer(t)
	in := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "s"}, Spec: corev1.ServiceSpec{
		Type: corev1.ServiceTypeLoadBalancer, ExternalTrafficPolicy: corev1.ServiceExternalTrafficPolicyLocal,
		AllocateLoadBalancerNodePorts: new(false), Ports: []corev1.ServicePort{{Port: 80}},
	}}
	created := s.create("services", "default", in).(*corev1.Service)
	if created.Spec.HealthCheckNodePort == 0 || created.Spec.Ports[0].NodePort != 0 {
		t.Errorf("got %+v", created.Spec)
	}
	if cluster := s.mustMerge("services", "default", "s", `{"spec":{"externalTrafficPolicy":"Cluster"}}`).(*corev1.Service); cluster.Spec.HealthCheckNodePort != 0 {
		t.Errorf("with another policy: got %+v", cluster.Spec)
	}
}

func TestDaemonSetCountsItsTemplates(t *testing.T) {
	s := newServer(t)
	count := func(obj any) string {
		return obj.(*appsv1.DaemonSet).Annotations[appsv1.DeprecatedTemplateGeneration]
	}
	if got := count(s.create("daemonsets.apps", "default", &appsv1.DaemonSet{ObjectMeta: metav1.ObjectMeta{Name: "d"}})); got != "1" {
		t.Errorf("created: got %q", got)
	}
	if got := count(s.mustMerge("daemonsets.apps", "default", "d", `{"spec":{"template":{"metadata":{"labels":{"a":"b"}}}}}`)); got != "2" {
		t.Errorf("with another template: got %q", got)
	}
	if got := count(s.mustMerge("daemonsets.apps", "default", "d", `{"metadata":{"annotations":null},"spec":{"minReadySeconds":3}}`)); got != "2" {
		t.Errorf("with the same template: got %q", got)
	}
}

func TestJobHasTheLabelsOfItsPodsIfItHasNone(t *testing.T) {
	s := newServer(t)
	template := corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"a": "b"}}}
	without := s.create("jobs.batch", "default", &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "without"}, Spec: batchv1.JobSpec{Template: template}}).(*batchv1.Job)
	if without.Labels["a"] != "b" || without.Labels[batchv1.ControllerUidLabel] != string(without.UID) {
		t.Errorf("without labels: got %v", without.Labels)
	}
	with := s.create("jobs.batch", "default", &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: "with", Labels: map[string]string{"a": "b"}}, Spec: batchv1.JobSpec{Template: *template.DeepCopy()},
	}).(*batchv1.Job)
	if len(with.Labels) != 1 || with.Spec.Template.Labels[batchv1.JobNameLabel] != "with" {
		t.Errorf("with labels: got %v", with.Labels)
	}
}

func TestProtectedClaimDoesNotHoldItsNamespace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.create("namespaces", "", &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "n"}})
		claim := s.create("persistentvolumeclaims", "n", &corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: "c", Namespace: "n"}})
		if finalizers := claim.GetFinalizers(); len(finalizers) != 1 || finalizers[0] != "kubernetes.io/pvc-protection" {
			t.Errorf("finalizers: got %v", finalizers)
		}
		s.delete("namespaces", "", "n", metav1.DeleteOptions{})
		synctest.Wait()
		if s.exists("namespaces", "", "n") {
			t.Error("the namespace is still there")
		}
	})
}

func TestNodeIsTaintedUntilItIsReady(t *testing.T) {
	s := newServer(t)
	node := s.create("nodes", "", &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n"}, Status: corev1.NodeStatus{Phase: corev1.NodeRunning}}).(*corev1.Node)
	if len(node.Spec.Taints) != 1 || node.Spec.Taints[0].Key != corev1.TaintNodeNotReady {
		t.Errorf("taints: got %v", node.Spec.Taints)
	}
	if node.Status.Phase != corev1.NodeRunning {
		t.Error("the status of the new node is lost")
	}
	if free := s.mustMerge("nodes", "", "n", `{"spec":{"taints":null}}`).(*corev1.Node); len(free.Spec.Taints) != 0 {
		t.Errorf("taints after their removal: got %v", free.Spec.Taints)
	}
}
