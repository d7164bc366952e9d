package codec

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	eventsv1 "k8s.io/api/events/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// What the rows have is what kube-apiserver v1.36.3 prints for the same objects.
func TestTableRows(t *testing.T) {
	meta := metav1.ObjectMeta{Name: "p", Namespace: "default", CreationTimestamp: born}
	containers := []corev1.Container{{Name: "a", Image: "b"}, {Name: "a2", Image: "b2"}}
	labels := map[string]string{"a": "b", "c": "d"}
	template := corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: containers}}
	selects := &metav1.LabelSelector{MatchLabels: labels}
	waiting := func(reason string) corev1.ContainerState {
		return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason}}
	}
	for _, tc := range []struct {
		name, group, version, resource string
		obj                            kind.Object
		want                           string
	}{
		{"pending pod", "", "v1", "pods", &corev1.Pod{ObjectMeta: meta, Spec: corev1.PodSpec{Containers: containers[:1]}, Status: corev1.PodStatus{Phase: "Pending"}}, `["p","0/1","Pending","0","90s","<none>","<none>","<none>","<none>"]`},
		{"crashing pod", "", "v1", "pods", &corev1.Pod{ObjectMeta: meta, Spec: corev1.PodSpec{Containers: containers, NodeName: "n"}, Status: corev1.PodStatus{Phase: "Running", PodIP: "1.2.3.4", ContainerStatuses: []corev1.ContainerStatus{
			{Name: "a", Ready: true, State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}},
			{Name: "a2", RestartCount: 3, State: waiting("CrashLoopBackOff"), LastTerminationState: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{FinishedAt: born}}},
		}}}, `["p","1/2","CrashLoopBackOff","3 (90s ago)","90s","1.2.3.4","n","<none>","<none>"]`},
		{"initializing pod", "", "v1", "pods", &corev1.Pod{ObjectMeta: meta, Spec: corev1.PodSpec{Containers: containers, InitContainers: containers}, Status: corev1.PodStatus{Phase: "Pending", InitContainerStatuses: []corev1.ContainerStatus{
			{Name: "a", State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{}}},
			{Name: "a2", State: waiting("PodInitializing")},
		}}}, `["p","0/2","Init:1/2","0","90s","<none>","<none>","<none>","<none>"]`},
		{"deleted pod", "", "v1", "pods", &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p", CreationTimestamp: born, DeletionTimestamp: &born}, Status: corev1.PodStatus{Phase: "Running"}}, `["p","0/0","Terminating","0","90s","<none>","<none>","<none>","<none>"]`},
		{"service", "", "v1", "services", &corev1.Service{ObjectMeta: meta, Spec: corev1.ServiceSpec{Type: "ClusterIP", ClusterIP: "10.0.0.44", Selector: labels, Ports: []corev1.ServicePort{{Port: 80, Protocol: "TCP"}, {Port: 90, Protocol: "TCP"}}}}, `["p","ClusterIP","10.0.0.44","<none>","80/TCP,90/TCP","90s","a=b,c=d"]`},
		{"config map", "", "v1", "configmaps", configMap("p"), `["p",1,"90s"]`},
		{"secret", "", "v1", "secrets", &corev1.Secret{ObjectMeta: meta, Type: "Opaque"}, `["p","Opaque",0,"90s"]`},
		{"namespace", "", "v1", "namespaces", &corev1.Namespace{ObjectMeta: meta, Status: corev1.NamespaceStatus{Phase: "Active"}}, `["p","Active","90s"]`},
		{"node", "", "v1", "nodes", &corev1.Node{ObjectMeta: meta}, `["p","Unknown","<none>","90s","","<none>","<none>","<unknown>","<unknown>","<unknown>"]`},
		{"event", "", "v1", "events", &corev1.Event{ObjectMeta: meta, InvolvedObject: corev1.ObjectReference{Kind: "Pod", Name: "p", FieldPath: "spec.x"}, Reason: "R", Message: "  M\n", Type: "Normal", Count: 1, FirstTimestamp: born, LastTimestamp: born, Source: corev1.EventSource{Component: "c", Host: "h"}}, `["90s","Normal","R","pod/p","spec.x","c, h","M","90s",1,"p"]`},
		{"claim", "", "v1", "persistentvolumeclaims", &corev1.PersistentVolumeClaim{ObjectMeta: meta, Spec: corev1.PersistentVolumeClaimSpec{VolumeMode: ptr(corev1.PersistentVolumeFilesystem)}, Status: corev1.PersistentVolumeClaimStatus{Phase: "Pending"}}, `["p","Pending","","","","","<unset>","90s","Filesystem"]`},
		{"deployment", "apps", "v1", "deployments", &appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{Template: template, Selector: selects}}, `["p","0/1",0,0,"90s","a,a2","b,b2","a=b,c=d"]`},
		{"replica set", "apps", "v1", "replicasets", &appsv1.ReplicaSet{ObjectMeta: meta, Spec: appsv1.ReplicaSetSpec{Template: template, Selector: selects}}, `["p",1,0,0,"90s","a,a2","b,b2","a=b,c=d"]`},
		{"daemon set", "apps", "v1", "daemonsets", &appsv1.DaemonSet{ObjectMeta: meta, Spec: appsv1.DaemonSetSpec{Template: template, Selector: selects}}, `["p",0,0,0,0,0,"<none>","90s","a,a2","b,b2","a=b,c=d"]`},
		{"stateful set", "apps", "v1", "statefulsets", &appsv1.StatefulSet{ObjectMeta: meta, Spec: appsv1.StatefulSetSpec{Template: template, Selector: selects}}, `["p","0/1","90s","a,a2","b,b2"]`},
		{"job", "batch", "v1", "jobs", &batchv1.Job{ObjectMeta: meta, Spec: batchv1.JobSpec{Completions: ptr(int32(1)), Template: template, Selector: selects}}, `["p","Running","0/1","","90s","a,a2","b,b2","a=b,c=d"]`},
		{"cron job", "batch", "v1", "cronjobs", &batchv1.CronJob{ObjectMeta: meta, Spec: batchv1.CronJobSpec{Schedule: "* * * * *", JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: template}}}}, `["p","* * * * *","<none>","False",0,"<none>","90s","a,a2","b,b2","<none>"]`},
		{"ingress", "networking.k8s.io", "v1", "ingresses", &networkingv1.Ingress{ObjectMeta: meta, Spec: networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{Host: "a.b"}}}}, `["p","<none>","a.b","","80","90s"]`},
		{"budget", "policy", "v1", "poddisruptionbudgets", &policyv1.PodDisruptionBudget{ObjectMeta: meta, Spec: policyv1.PodDisruptionBudgetSpec{MinAvailable: ptr(intstr.FromInt32(1))}}, `["p","1","N/A",0,"90s"]`},
		{"binding", "rbac.authorization.k8s.io", "v1", "clusterrolebindings", &rbacv1.ClusterRoleBinding{ObjectMeta: meta, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "r"}, Subjects: []rbacv1.Subject{{Kind: "Group", Name: "system:masters"}}}, `["p","ClusterRole/r","90s","","system:masters",""]`},
		{"role", "rbac.authorization.k8s.io", "v1", "clusterroles", &rbacv1.ClusterRole{ObjectMeta: meta}, `["p","2026-11-20T22:42:17Z"]`},
		{"webhooks", "admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", &admissionv1.ValidatingWebhookConfiguration{ObjectMeta: meta}, `["p",0,"90s"]`},
		{"empty slice", "discovery.k8s.io", "v1", "endpointslices", &discoveryv1.EndpointSlice{ObjectMeta: meta, AddressType: "IPv4"}, `["p","IPv4","<unset>","<unset>","90s"]`},
		{"slice", "discovery.k8s.io", "v1", "endpointslices", &discoveryv1.EndpointSlice{ObjectMeta: meta, AddressType: "IPv4", Ports: []discoveryv1.EndpointPort{{Port: ptr(int32(80))}}, Endpoints: []discoveryv1.Endpoint{{Addresses: []string{"10.0.0.1"}}}}, `["p","IPv4","80","10.0.0.1","90s"]`},
		{"new event", "events.k8s.io", "v1", "events", &eventsv1.Event{ObjectMeta: meta, EventTime: metav1.MicroTime(born), ReportingController: "a.b/c", ReportingInstance: "i", Reason: "R", Regarding: corev1.ObjectReference{Kind: "Pod", Name: "x"}, Note: "N", Type: "Normal"}, `["90s","Normal","R","pod/x","","a.b/c, i","N","90s",1,"p"]`},
		{"pod template", "", "v1", "podtemplates", &corev1.PodTemplate{ObjectMeta: meta, Template: template}, `["p","a,a2","b,b2","<none>"]`},
		{"attachment", "storage.k8s.io", "v1", "volumeattachments", &storagev1.VolumeAttachment{ObjectMeta: meta, Spec: storagev1.VolumeAttachmentSpec{Attacher: "a", NodeName: "n", Source: storagev1.VolumeAttachmentSource{PersistentVolumeName: ptr("v")}}}, `["p","a","v","n",false,"90s"]`},
		{"default storage class", "storage.k8s.io", "v1", "storageclasses", &storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: "p", CreationTimestamp: born, Annotations: map[string]string{"storageclass.kubernetes.io/is-default-class": "true"}}, Provisioner: "x"}, `["p (default)","x","Delete","Immediate",false,"90s"]`},
		{"volume", "", "v1", "persistentvolumes", &corev1.PersistentVolume{ObjectMeta: meta, Spec: corev1.PersistentVolumeSpec{Capacity: corev1.ResourceList{"storage": resource.MustParse("1Gi")}, AccessModes: []corev1.PersistentVolumeAccessMode{"ReadOnlyMany", "ReadWriteOnce"}, PersistentVolumeReclaimPolicy: "Retain", ClaimRef: &corev1.ObjectReference{Namespace: "n", Name: "c"}}, Status: corev1.PersistentVolumeStatus{Phase: "Pending"}}, `["p","1Gi","RWO,ROX","Retain","Pending","n/c","","<unset>","","90s","<unset>"]`},
		{"autoscaler of another version", "autoscaling", "v1", "horizontalpodautoscalers", &autoscalingv1.HorizontalPodAutoscaler{ObjectMeta: meta, Spec: autoscalingv1.HorizontalPodAutoscalerSpec{ScaleTargetRef: autoscalingv1.CrossVersionObjectReference{Kind: "Deployment", Name: "p"}, MinReplicas: ptr(int32(1)), MaxReplicas: 3, TargetCPUUtilizationPercentage: ptr(int32(80))}}, `["p","Deployment/p","cpu: <unknown>/80%","1",3,0,"90s"]`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			target := at(t, tc.group, tc.version, tc.resource)
			table, err := newCodec().table(Representation{Version: "v1"}, target, []kind.Object{tc.obj}, metav1.IncludeNone, true)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			encoder := json.NewEncoder(&got)
			encoder.SetEscapeHTML(false)
			if err := encoder.Encode(table.Rows[0].Cells); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want+"\n", got.String()); diff != "" {
				t.Error(diff)
			}
			if len(table.ColumnDefinitions) != len(table.Rows[0].Cells) {
				t.Errorf("%d columns, %d cells", len(table.ColumnDefinitions), len(table.Rows[0].Cells))
			}
		})
	}
}

func TestEveryTableHasAsManyCellsAsColumns(t *testing.T) {
	for _, r := range catalog.Builtin() {
		if r.Storage == "" {
			continue
		}
		for i := range r.Versions {
			target := kind.Target{Resource: r, Version: &r.Versions[i]}
			table, err := newCodec().table(Representation{Version: "v1"}, target, []kind.Object{target.Version.New()}, "", true)
			if err != nil {
				t.Errorf("%s: %v", r.GroupResource(), err)
				continue
			}
			if got, want := len(table.Rows[0].Cells), len(table.ColumnDefinitions); got != want || got == 0 {
				t.Errorf("%s has %d cells for %d columns", r.GroupResource(), got, want)
			}
			for _, d := range table.ColumnDefinitions {
				if d.Description == "" && d.Name != "Handler" { // which kube-apiserver does not describe
					t.Errorf("%s: column %s is not described", r.GroupResource(), d.Name)
				}
			}
		}
	}
	for resource := range builtinCells {
		if builtinColumns()[resource.String()] == nil {
			t.Errorf("columns.json has no %s", resource)
		}
	}
	if got, want := len(builtinColumns()), len(builtinCells); got != want {
		t.Errorf("columns.json has %d resources, the code %d", got, want)
	}
}

func TestTableIncludesObjects(t *testing.T) {
	target := at(t, "", "v1", "configmaps")
	for include, want := range map[metav1.IncludeObjectPolicy]string{
		"":         `"object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"a"`,
		"Metadata": `"object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"a"`,
		"Object":   `"object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"`,
		"None":     `"object":null`,
	} {
		got, err := newCodec().Object(Representation{Media: JSON, As: AsTable, Version: "v1"}, target, configMap("a"), include)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(got), want) || !strings.HasPrefix(string(got), `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"7"},"columnDefinitions":[{"name":"Name"`) {
			t.Errorf("%q: got %s", include, got)
		}
	}
	_, err := newCodec().Object(Representation{Media: JSON, As: AsTable, Version: "v1"}, target, configMap("a"), "Bar")
	if want := `Unable to convert to Table as requested: includeObject: Invalid value: "Bar": must be 'Metadata', 'Object', 'None', or empty`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestOnlyTheFirstTableOfAWatchHasColumns(t *testing.T) {
	events := newCodec().Events(Representation{Media: JSON, Stream: true, As: AsTable, Version: "v1"}, at(t, "", "v1", "configmaps"), "")
	for _, want := range []string{`"columnDefinitions":[{`, `"columnDefinitions":null`} {
		frame, err := events.Frame(watch.Added, configMap("a"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(frame), want) {
			t.Errorf("no %s in %s", want, frame)
		}
	}
}

func TestColumnsOfCustomResources(t *testing.T) {
	config := newCodec().config
	config.Columns = func(*kind.Resource, *kind.Version) []Column {
		return []Column{{metav1.TableColumnDefinition{Name: "N", Type: "integer"}, func(kind.Object) any { return int64(5) }}}
	}
	got, err := New(config).Object(Representation{Media: JSON, As: AsTable, Version: "v1"}, foos("v1"), foo("a"), metav1.IncludeNone)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"8"},"columnDefinitions":[{"name":"N","type":"integer","format":"","description":"","priority":0}],"rows":[{"cells":[5],"object":null}]}` + "\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}
