package registry_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

func (s *server) apply(resource, name, body, manager string, force bool) (registry.Result, error) {
	s.t.Helper()
	return s.Patch(context.Background(), s.at(resource, "default", name), types.ApplyPatchType, []byte(body), metav1.PatchOptions{FieldManager: manager, Force: &force})
}

func TestPatchLanguages(t *testing.T) {
	for _, test := range []struct {
		typ  types.PatchType
		body string
	}{
		{types.JSONPatchType, `[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"new"}]`},
		{types.MergePatchType, `{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"new"}]}}}}`},
		{types.StrategicMergePatchType, `{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"new"}]}}}}`},
	} {
		t.Run(string(test.typ), func(t *testing.T) {
			s := newServer(t)
			s.create("deployments.apps", "default", deployment("d", 1))
			result, err := s.Patch(context.Background(), s.at("deployments.apps", "default", "d"), test.typ, []byte(test.body), metav1.PatchOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if got := result.Object.(*appsv1.Deployment); result.Code != 200 || got.Spec.Template.Spec.Containers[0].Image != "new" || got.Generation != 2 {
				t.Errorf("got %d %+v", result.Code, got)
			}
		})
	}
}

func TestPatchRefuses(t *testing.T) {
	for _, test := range []struct {
		name, object, body string
		code               int32
		reason             metav1.StatusReason
		message            string
	}{
		{"what does not exist", "nope", `{}`, 404, "NotFound", `deployments.apps "nope" not found`},
		{"an old resourceVersion", "d", `{"metadata":{"resourceVersion":"1"}}`, 409, "Conflict", `Operation cannot be fulfilled on deployments.apps "d": the object has been modified; please apply your changes to the latest version and try again`},
		{"another name", "d", `{"metadata":{"name":"dd"}}`, 400, "BadRequest", "the name of the object (dd) does not match the name on the URL (d)"},
		{"another namespace", "d", `{"metadata":{"namespace":"dd"}}`, 400, "BadRequest", "the namespace of the provided object does not match the namespace sent on the request"},
		{"another uid", "d", `{"metadata":{"uid":"dd"}}`, 422, "Invalid", `Deployment.apps "d" is invalid: metadata.uid: Invalid value: "dd": field is immutable`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			s.create("deployments.apps", "default", deployment("d", 1))
			_, err := s.merge("deployments.apps", "default", test.object, test.body)
			wantError(t, err, test.code, test.reason, test.message)
		})
	}
}

func TestUpdateCausesAreThereTwice(t *testing.T) {
	s := newServer(t)
	s.create("deployments.apps", "default", deployment("d", 1))
	_, err := s.merge("deployments.apps", "default", "d", `{"metadata":{"uid":"dd"}}`)
	if causes := status(t, err).Details.Causes; len(causes) != 2 || causes[0] != causes[1] {
		t.Errorf("causes: got %+v, want one twice, as on the real server", causes)
	}
}

func TestPatchThatRemovesUIDAndVersionChangesNothing(t *testing.T) {
	s := newServer(t)
	before := s.create("foos.example.com", "default", foo("f"))
	after := s.mustMerge("foos.example.com", "default", "f", `{"metadata":{"uid":"","resourceVersion":null,"generation":9}}`)
	if after.GetUID() != before.GetUID() || after.GetResourceVersion() != before.GetResourceVersion() || after.GetGeneration() != 1 {
		t.Errorf("got %v, want %v", after, before)
	}
}

func TestPatchesAtTheSameTimeAreAllDone(t *testing.T) {
	s := newServer(t)
	s.create("configmaps", "default", configMap("a"))
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, err := s.merge("configmaps", "default", "a", fmt.Sprintf(`{"data":{"k%d":"v"}}`, i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got, err := s.get("configmaps", "default", "a")
	if err != nil || len(got.(*corev1.ConfigMap).Data) != 20 {
		t.Errorf("got %+v, %v, want 20 keys", got, err)
	}
}

func TestApplyCreatesAndConflicts(t *testing.T) {
	s := newServer(t)
	const body = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"%s"}}`
	result, err := s.apply("configmaps", "a", fmt.Sprintf(body, "1"), "one", false)
	if err != nil {
		t.Fatal(err)
	}
	created := result.Object.(*corev1.ConfigMap)
	if result.Code != 201 || created.Namespace != "default" || created.UID == "" || len(created.ManagedFields) != 1 || created.ManagedFields[0].Operation != metav1.ManagedFieldsOperationApply {
		t.Errorf("got %d %+v", result.Code, created)
	}
	result, err = s.apply("configmaps", "a", fmt.Sprintf(body, "1"), "one", false)
	if err != nil || result.Code != 200 || result.Object.(kind.Object).GetResourceVersion() != created.ResourceVersion {
		t.Errorf("the same again: got %+v, %v, want no change", result, err)
	}
	if _, err = s.apply("configmaps", "a", fmt.Sprintf(body, "2"), "two", false); status(t, err).Code != 409 || !strings.Contains(err.Error(), `conflict with "one": .data.k`) {
		t.Errorf("another manager: got %v, want a conflict", err)
	}
	if result, err = s.apply("configmaps", "a", fmt.Sprintf(body, "2"), "two", true); err != nil || result.Object.(*corev1.ConfigMap).Data["k"] != "2" {
		t.Errorf("by force: got %+v, %v", result.Object, err)
	}
	_, err = s.apply("configmaps", "b", `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b","uid":"q"}}`, "one", false)
	wantError(t, err, 409, "Conflict", `Operation cannot be fulfilled on configmaps "b": uid mismatch: the provided object specified uid q, and no existing object was found`)
	if _, err = s.apply("configmaps", "a", `{"apiVersion":"v1","kind":"ConfigMap"}`, "", false); status(t, err).Code != 422 {
		t.Errorf("without a manager: got %v, want 422", err)
	}
}

func TestApplyToWhatIsNot(t *testing.T) {
	s := newServer(t)
	_, err := s.apply("deployments.apps/status", "d", `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"}}`, "m", false)
	wantError(t, err, 404, "NotFound", `deployments.apps "d" not found`)
}

func TestScale(t *testing.T) {
	s := newServer(t)
	labels := map[string]string{"app": "x"}
	meta := metav1.ObjectMeta{Name: "x"}
	selector := &metav1.LabelSelector{MatchLabels: labels}
	s.create("deployments.apps", "default", deployment("x", 2))
	s.create("replicasets.apps", "default", &appsv1.ReplicaSet{ObjectMeta: meta, Spec: appsv1.ReplicaSetSpec{Replicas: new(int32(2)), Selector: selector}})
	s.create("statefulsets.apps", "default", &appsv1.StatefulSet{ObjectMeta: meta, Spec: appsv1.StatefulSetSpec{Replicas: new(int32(2)), Selector: selector}})
	s.create("replicationcontrollers", "default", &corev1.ReplicationController{ObjectMeta: meta, Spec: corev1.ReplicationControllerSpec{Replicas: new(int32(2)), Selector: labels}})
	f := foo("x")
	f.Object["spec"] = map[string]any{"n": int64(2)}
	s.create("foos.example.com", "default", f)
	s.mustMerge("foos.example.com/status", "default", "x", `{"status":{"selector":"app=x","n":0}}`)
	for _, resource := range []string{"deployments.apps", "replicasets.apps", "statefulsets.apps", "replicationcontrollers", "foos.example.com"} {
		t.Run(resource, func(t *testing.T) {
			shown, err := s.get(resource+"/scale", "default", "x")
			if err != nil {
				t.Fatal(err)
			}
			got := shown.(*autoscalingv1.Scale)
			if got.Spec.Replicas != 2 || got.Status.Selector != "app=x" || got.UID == "" || got.ResourceVersion == "" {
				t.Errorf("got %+v", got)
			}
			in := got.DeepCopy()
			in.Spec.Replicas = 5
			if after := s.update(resource+"/scale", in).(*autoscalingv1.Scale); after.Spec.Replicas != 5 || after.ResourceVersion == got.ResourceVersion {
				t.Errorf("after an update: got %+v", after)
			}
			if after := s.mustMerge(resource+"/scale", "default", "x", `{"spec":{"replicas":3}}`).(*autoscalingv1.Scale); after.Spec.Replicas != 3 {
				t.Errorf("after a patch: got %+v", after)
			}
			_, err = s.Update(context.Background(), s.at(resource+"/scale", "default", "x"), in, metav1.UpdateOptions{})
			if status(t, err).Code != 409 || !strings.Contains(err.Error(), `"x": the object has been modified`) {
				t.Errorf("with an old version: got %v", err)
			}
			_, err = s.merge(resource+"/scale", "default", "x", `{"spec":{"replicas":-5}}`)
			wantError(t, err, 422, metav1.StatusReasonInvalid, `Scale.autoscaling "x" is invalid: spec.replicas: Invalid value: -5: must be greater than or equal to 0`)
		})
	}
}

func TestScaleOwnsTheReplicas(t *testing.T) {
	s := newServer(t)
	s.create("deployments.apps", "default", deployment("d", 2))
	s.mustMerge("deployments.apps/scale", "default", "d", `{"spec":{"replicas":3}}`)
	d, err := s.get("deployments.apps", "default", "d")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range d.GetManagedFields() {
		if f.Subresource == "scale" && strings.Contains(f.FieldsV1.GetRawString(), "f:replicas") {
			return
		}
	}
	t.Errorf("managedFields: got %v", d.GetManagedFields())
}

func TestApplyToScale(t *testing.T) {
	s := newServer(t)
	s.create("deployments.apps", "default", deployment("d", 2))
	result, err := s.apply("deployments.apps/scale", "d", `{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"d"},"spec":{"replicas":4}}`, "m", true)
	if err != nil {
		t.Fatal(err)
	}
	if got := result.Object.(*autoscalingv1.Scale); got.Spec.Replicas != 4 {
		t.Errorf("got %+v", got)
	}
}
