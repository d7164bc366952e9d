package registry_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// wantYAML compares a part of an object.
func wantYAML(t *testing.T, got any, want string) {
	t.Helper()
	data, err := yaml.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSpace(strings.ReplaceAll(want, "\t", "")), strings.TrimSpace(string(data))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestPodDefaults(t *testing.T) {
	in := pod("p", "")
	in.Spec.Volumes = []corev1.Volume{{Name: "empty"}, {Name: "secret", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "s"}}}}
	in.Spec.Containers[0].Ports = []corev1.ContainerPort{{ContainerPort: 80}}
	in.Spec.Containers[0].LivenessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromInt32(80)}}}
	got := newServer(t).create("pods", "default", in).(*corev1.Pod)
	wantYAML(t, got.Spec, `
containers:
- image: i
  imagePullPolicy: Always
  livenessProbe:
    failureThreshold: 3
    httpGet:
      path: /
      port: 80
      scheme: HTTP
    periodSeconds: 10
    successThreshold: 1
    timeoutSeconds: 1
  name: c
  ports:
  - containerPort: 80
    protocol: TCP
  resources: {}
  terminationMessagePath: /dev/termination-log
  terminationMessagePolicy: File
dnsPolicy: ClusterFirst
enableServiceLinks: true
preemptionPolicy: PreemptLowerPriority
priority: 0
restartPolicy: Always
schedulerName: default-scheduler
securityContext: {}
terminationGracePeriodSeconds: 30
tolerations:
- effect: NoExecute
  key: node.kubernetes.io/not-ready
  operator: Exists
  tolerationSeconds: 300
- effect: NoExecute
  key: node.kubernetes.io/unreachable
  operator: Exists
  tolerationSeconds: 300
volumes:
- emptyDir: {}
  name: empty
- name: secret
  secret:
    defaultMode: 420
    secretName: s
`)
	if fields := got.ManagedFields[0].FieldsV1.GetRawString(); !strings.Contains(fields, "f:dnsPolicy") || strings.Contains(fields, "f:tolerations") {
		t.Errorf("want the client to own defaults, but not what the server adds: got %s", fields)
	}
}

func TestUpdateWithTheManifestOfTheCreateChangesNothing(t *testing.T) {
	s := newServer(t)
	for _, test := range []struct {
		resource string
		manifest func() kind.Object
	}{
		{"pods", func() kind.Object { return pod("x", "n") }},
		{"deployments.apps", func() kind.Object { return deployment("x", 1) }},
		{"services", func() kind.Object {
			return &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "x", Namespace: "default"}, Spec: corev1.ServiceSpec{Ports: []corev1.ServicePort{{Port: 80}}}}
		}},
		{"secrets", func() kind.Object {
			return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "x", Namespace: "default"}, Type: "example.com/x", StringData: map[string]string{"a": "b"}}
		}},
	} {
		t.Run(test.resource, func(t *testing.T) {
			created := s.create(test.resource, "default", test.manifest())
			updated := s.update(test.resource, test.manifest())
			if diff := cmp.Diff(created, updated); diff != "" {
				t.Errorf("-created +updated:\n%s", diff)
			}
		})
	}
}

func TestPullPolicyDependsOnTheTag(t *testing.T) {
	s := newServer(t)
	for i, test := range []struct {
		image string
		want  corev1.PullPolicy
	}{
		{"a", corev1.PullAlways},
		{"a:latest", corev1.PullAlways},
		{"host:5000/a", corev1.PullAlways},
		{"host:5000/a:1", corev1.PullIfNotPresent},
		{"a@sha256:0123", corev1.PullIfNotPresent},
	} {
		in := pod("p"+string(rune('a'+i)), "")
		in.Spec.Containers[0].Image = test.image
		if got := s.create("pods", "default", in).(*corev1.Pod).Spec.Containers[0].ImagePullPolicy; got != test.want {
			t.Errorf("%s: got %s, want %s", test.image, got, test.want)
		}
	}
}

func TestQualityOfService(t *testing.T) {
	list := func(cpu, memory string) corev1.ResourceList {
		out := corev1.ResourceList{}
		for name, value := range map[corev1.ResourceName]string{corev1.ResourceCPU: cpu, corev1.ResourceMemory: memory} {
			if value != "" {
				out[name] = resource.MustParse(value)
			}
		}
		return out
	}
	s := newServer(t)
	for i, test := range []struct {
		resources corev1.ResourceRequirements
		want      corev1.PodQOSClass
	}{
		{corev1.ResourceRequirements{}, corev1.PodQOSBestEffort},
		{corev1.ResourceRequirements{Limits: list("1", "1Gi")}, corev1.PodQOSGuaranteed},
		{corev1.ResourceRequirements{Limits: list("1", "1Gi"), Requests: list("500m", "")}, corev1.PodQOSBurstable},
		{corev1.ResourceRequirements{Requests: list("1", "")}, corev1.PodQOSBurstable},
	} {
		in := pod("p"+string(rune('a'+i)), "")
		in.Spec.Containers[0].Resources = test.resources
		if got := s.create("pods", "default", in).(*corev1.Pod).Status.QOSClass; got != test.want {
			t.Errorf("%v: got %s, want %s", test.resources, got, test.want)
		}
	}
}

func TestServicesHaveAddressesOfTheirOwn(t *testing.T) {
	s := newServer(t)
	service := func(name string, spec corev1.ServiceSpec) *corev1.Service {
		return s.create("services", "default", &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: spec}).(*corev1.Service)
	}
	port := []corev1.ServicePort{{Port: 80}}
	a, b := service("a", corev1.ServiceSpec{Ports: port}), service("b", corev1.ServiceSpec{Ports: port})
	if a.Spec.ClusterIP == "" || a.Spec.ClusterIP == b.Spec.ClusterIP || a.Spec.ClusterIPs[0] != a.Spec.ClusterIP {
		t.Errorf("got %s and %s", a.Spec.ClusterIP, b.Spec.ClusterIP)
	}
	if got := a.Spec.Ports[0]; got.Protocol != corev1.ProtocolTCP || got.TargetPort != intstr.FromInt32(80) {
		t.Errorf("port: got %+v", got)
	}
	if got := service("c", corev1.ServiceSpec{ClusterIP: corev1.ClusterIPNone}); len(got.Spec.IPFamilies) != 2 || *got.Spec.IPFamilyPolicy != corev1.IPFamilyPolicyRequireDualStack {
		t.Errorf("headless without a selector: got %+v", got.Spec)
	}
	if got := service("d", corev1.ServiceSpec{Type: corev1.ServiceTypeExternalName, ExternalName: "a.b"}); got.Spec.ClusterIP != "" || got.Spec.IPFamilies != nil {
		t.Errorf("external name: got %+v", got.Spec)
	}
}

func TestWorkloadDefaults(t *testing.T) {
	s := newServer(t)
	in := deployment("d", 1)
	in.Spec.Replicas = nil
	d := s.create("deployments.apps", "default", in).(*appsv1.Deployment)
	wantYAML(t, d.Spec.Strategy, `
rollingUpdate:
  maxSurge: 25%
  maxUnavailable: 25%
type: RollingUpdate
`)
	if *d.Spec.Replicas != 1 || *d.Spec.RevisionHistoryLimit != 10 || *d.Spec.ProgressDeadlineSeconds != 600 || d.Spec.Template.Spec.DNSPolicy != corev1.DNSClusterFirst {
		t.Errorf("deployment: got %+v", d.Spec)
	}
	set := s.create("statefulsets.apps", "default", &appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Name: "s"}}).(*appsv1.StatefulSet)
	if set.Spec.PodManagementPolicy != appsv1.OrderedReadyPodManagement || *set.Spec.UpdateStrategy.RollingUpdate.Partition != 0 {
		t.Errorf("stateful set: got %+v", set.Spec)
	}
	daemons := s.create("daemonsets.apps", "default", &appsv1.DaemonSet{ObjectMeta: metav1.ObjectMeta{Name: "d"}}).(*appsv1.DaemonSet)
	if daemons.Spec.UpdateStrategy.RollingUpdate.MaxUnavailable.IntValue() != 1 {
		t.Errorf("daemon set: got %+v", daemons.Spec)
	}
}
