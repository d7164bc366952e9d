package registry_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

func TestUpdateRefuses(t *testing.T) {
	long := metav1.Unix(946684800, 0)
	named := func(m metav1.ObjectMeta) kind.Object { return &corev1.ConfigMap{ObjectMeta: m} }
	for _, test := range []struct {
		name, resource string
		obj            kind.Object
		code           int32
		reason         metav1.StatusReason
		message        string // with UID for the uid of the stored object
	}{
		{"an old resourceVersion", "configmaps", named(metav1.ObjectMeta{Name: "a", ResourceVersion: "1"}), 409, "Conflict", `Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again`},
		{"a resourceVersion that is no number", "configmaps", named(metav1.ObjectMeta{Name: "a", ResourceVersion: "abc"}), 500, "", `strconv.ParseUint: parsing "abc": invalid syntax`},
		{"another name", "configmaps", named(metav1.ObjectMeta{Name: "b"}), 400, "BadRequest", "the name of the object (b) does not match the name on the URL (a)"},
		{"no name", "configmaps", named(metav1.ObjectMeta{}), 400, "BadRequest", "the name of the object (a based on URL) was undeterminable: name must be provided"},
		{"another namespace", "configmaps", named(metav1.ObjectMeta{Name: "a", Namespace: "b"}), 400, "BadRequest", "the namespace of the provided object does not match the namespace sent on the request"},
		{"another uid", "configmaps", named(metav1.ObjectMeta{Name: "a", UID: "x"}), 409, "Conflict", `Operation cannot be fulfilled on configmaps "a": StorageError: invalid object, Code: 4, Key: /registry/configmaps/default/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: x, UID in object meta: UID`},
		{"a deletionTimestamp", "configmaps", named(metav1.ObjectMeta{Name: "a", DeletionTimestamp: &long}), 422, "Invalid", `ConfigMap "a" is invalid: metadata.deletionTimestamp: Invalid value: "2000-01-01T00:00:00Z": field is immutable`},
		{"what does not exist", "secrets", &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, 404, "NotFound", `secrets "a" not found`},
		{"no resourceVersion where it is needed", "leases.coordination.k8s.io", &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, 422, "Invalid", `leases.coordination.k8s.io "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update`},
		{"no resourceVersion for a custom resource", "foos.example.com", foo("a"), 422, "Invalid", `foos.example.com "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update`},
		{"another type of a secret", "secrets/", nil, 422, "Invalid", `Secret "s" is invalid: type: Invalid value: "x": field is immutable`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			stored := s.create("configmaps", "default", configMap("a"))
			s.create("leases.coordination.k8s.io", "default", &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Name: "a"}})
			s.create("foos.example.com", "default", foo("a"))
			req := s.at(strings.TrimSuffix(test.resource, "/"), "default", "a")
			if test.obj == nil {
				s.create("secrets", "default", &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s"}})
				req.Target.Name, test.obj = "s", &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s"}, Type: "x"}
			}
			_, err := s.Update(context.Background(), req, test.obj, metav1.UpdateOptions{})
			wantError(t, err, test.code, test.reason, strings.Replace(test.message, "UID in object meta: UID", "UID in object meta: "+string(stored.GetUID()), 1))
		})
	}
}

func TestUpdateNeedsNoResourceVersion(t *testing.T) {
	s := newServer(t)
	before := s.create("configmaps", "default", configMap("a"))
	in := configMap("a")
	in.Data = map[string]string{"k": "v"}
	after := s.update("configmaps", in).(*corev1.ConfigMap)
	if after.Data["k"] != "v" || after.UID != before.GetUID() || !after.CreationTimestamp.Equal(&metav1.Time{Time: before.GetCreationTimestamp().Time}) || after.ResourceVersion == before.GetResourceVersion() {
		t.Errorf("got %+v", after)
	}
}

func TestUpdateThatChangesNothingKeepsTheResourceVersion(t *testing.T) {
	s := newServer(t)
	before := s.create("deployments.apps", "default", deployment("d", 1))
	after := s.update("deployments.apps", copyOf(before))
	if before.GetResourceVersion() != after.GetResourceVersion() {
		t.Errorf("resourceVersion: got %s, want %s", after.GetResourceVersion(), before.GetResourceVersion())
	}
}

func TestUpdateCreatesWhereTheServerAllowsIt(t *testing.T) {
	s := newServer(t)
	lease := &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Name: "l", Namespace: "default", ResourceVersion: "5"}}
	result, err := s.Update(context.Background(), s.at("leases.coordination.k8s.io", "default", "l"), lease, metav1.UpdateOptions{})
	if err != nil || result.Code != 201 {
		t.Errorf("got %d, %v, want 201", result.Code, err)
	}
}

func TestGenerationCountsChangesOfTheSpec(t *testing.T) {
	s := newServer(t)
	s.create("deployments.apps", "default", deployment("d", 1))
	s.create("foos.example.com", "default", foo("f"))
	for _, step := range []struct {
		resource, name, patch string
		want                  int64
	}{
		{"deployments.apps", "d", `{"metadata":{"labels":{"a":"b"}}}`, 1},
		{"deployments.apps", "d", `{"spec":{"replicas":3}}`, 2},
		{"deployments.apps", "d", `{"status":{"replicas":3}}`, 2},
		{"deployments.apps/status", "d", `{"status":{"replicas":3}}`, 2},
		{"deployments.apps/scale", "d", `{"spec":{"replicas":4}}`, 3},
		{"deployments.apps", "d", `{"metadata":{"generation":9}}`, 3},
		{"foos.example.com", "f", `{"metadata":{"labels":{"a":"b"}}}`, 1},
		{"foos.example.com", "f", `{"other":1}`, 2},
		{"foos.example.com/status", "f", `{"status":{"n":1}}`, 2},
	} {
		s.mustMerge(step.resource, "default", step.name, step.patch)
		plural, _ := cut(step.resource, "/")
		got, err := s.get(plural, "default", step.name)
		if err != nil || got.GetGeneration() != step.want {
			t.Errorf("after %s of %s: generation %d, want %d", step.patch, step.resource, got.GetGeneration(), step.want)
		}
	}
}

func TestStatusAndMainObjectAreWrittenApart(t *testing.T) {
	s := newServer(t)
	s.create("deployments.apps", "default", deployment("d", 1))
	s.create("foos.example.com", "default", foo("f"))

	s.mustMerge("deployments.apps", "default", "d", `{"status":{"replicas":9}}`)
	s.mustMerge("deployments.apps/status", "default", "d", `{"metadata":{"labels":{"l":"m"},"annotations":{"x":"y"}},"spec":{"replicas":9},"status":{"replicas":3}}`)
	d := s.mustMerge("deployments.apps", "default", "d", `{"metadata":{"annotations":{"z":"z"}}}`).(*appsv1.Deployment)
	if *d.Spec.Replicas != 1 || d.Status.Replicas != 3 || d.Labels["l"] != "" || d.Annotations["x"] != "y" {
		t.Errorf("deployment: got %+v", d)
	}

	s.mustMerge("foos.example.com/status", "default", "f", `{"metadata":{"labels":{"a":"b"},"finalizers":["a/b"]},"spec":{"n":6},"status":{"n":5}}`)
	f := s.mustMerge("foos.example.com", "default", "f", `{"metadata":{"annotations":{"z":"z"}},"status":{"n":7}}`).(*unstructured.Unstructured)
	spec, _, _ := unstructured.NestedInt64(f.Object, "spec", "n")
	number, _, _ := unstructured.NestedInt64(f.Object, "status", "n")
	if spec != 1 || number != 5 || f.GetLabels() != nil || f.GetFinalizers() != nil {
		t.Errorf("foo: got %v", f.Object)
	}
}

func TestApprovalAndStatusOfCertificateSigningRequestsAreWrittenApart(t *testing.T) {
	const resource = "certificatesigningrequests.certificates.k8s.io"
	s := newServer(t)
	s.create(resource, "", &certificatesv1.CertificateSigningRequest{ObjectMeta: metav1.ObjectMeta{Name: "c"}})
	const both = `{"status":{"conditions":[{"type":"Approved","status":"True"}],"certificate":"YQ=="}}`
	approved := s.mustMerge(resource+"/approval", "", "c", both).(*certificatesv1.CertificateSigningRequest)
	if len(approved.Status.Conditions) != 1 || len(approved.Status.Certificate) != 0 || approved.Status.Conditions[0].LastTransitionTime.IsZero() {
		t.Errorf("approval: got %+v", approved.Status)
	}
	signed := s.mustMerge(resource+"/status", "", "c", `{"status":{"conditions":[],"certificate":"YQ=="}}`).(*certificatesv1.CertificateSigningRequest)
	if len(signed.Status.Conditions) != 1 || len(signed.Status.Certificate) != 1 {
		t.Errorf("status: got %+v", signed.Status)
	}
}

func TestImmutableFields(t *testing.T) {
	for _, test := range []struct {
		name, resource, object string
		obj                    kind.Object
		patch, want            string // want is empty for a patch that is allowed
	}{
		{"data of an immutable config map", "configmaps", "c", &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "c"}, Immutable: new(true)}, `{"data":{"a":"c"}}`, "ConfigMap \"c\" is invalid: data: Forbidden: field is immutable when `immutable` is set"},
		{"immutable of a secret", "secrets", "s", &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s"}, Immutable: new(true)}, `{"immutable":false}`, "Secret \"s\" is invalid: immutable: Forbidden: field is immutable when `immutable` is set"},
		{"labels of an immutable secret", "secrets", "s", &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s"}, Immutable: new(true)}, `{"metadata":{"labels":{"a":"b"}}}`, ""},
		{"selector of a deployment", "deployments.apps", "d", deployment("d", 1), `{"spec":{"selector":{"matchLabels":{"app":"e"}}}}`, `Deployment.apps "d" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"e"}}: field is immutable`},
		{"completions of a job", "jobs.batch", "j", &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "j"}}, `{"spec":{"completions":8}}`, `Job.batch "j" is invalid: spec.completions: Invalid value: 8: field is immutable`},
		{"parallelism of a job", "jobs.batch", "j", &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "j"}}, `{"spec":{"parallelism":3}}`, ""},
		{"address of a service", "services", "s", &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "s"}, Spec: corev1.ServiceSpec{ClusterIP: "10.0.0.1"}}, `{"spec":{"clusterIP":"10.0.0.9"}}`, `Service "s" is invalid: spec.clusterIPs[0]: Invalid value: ["10.0.0.9"]: may not change once set`},
		{"service name of a stateful set", "statefulsets.apps", "s", &appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Name: "s"}}, `{"spec":{"serviceName":"x"}}`, `StatefulSet.apps "s" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden`},
		{"replicas of a stateful set", "statefulsets.apps", "s", &appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Name: "s"}}, `{"spec":{"replicas":4}}`, ""},
		{"image of a pod", "pods", "p", pod("p", "n"), `{"spec":{"containers":[{"name":"c","image":"j"}]}}`, ""},
		{"node of a pod", "pods", "p", pod("p", "n"), `{"spec":{"nodeName":"m"}}`, "Pod \"p\" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			s.create(test.resource, "default", test.obj)
			_, err := s.merge(test.resource, "default", test.object, test.patch)
			if test.want != "" {
				wantError(t, err, 422, metav1.StatusReasonInvalid, test.want)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLastFinalizerEndsTheDeletion(t *testing.T) {
	s := newServer(t)
	in := configMap("a")
	in.Finalizers = []string{"x/a", "x/b"}
	s.create("configmaps", "default", in)
	s.delete("configmaps", "default", "a", metav1.DeleteOptions{})
	if _, err := s.merge("configmaps", "default", "a", `{"metadata":{"finalizers":["x/a","x/b","x/c"]}}`); status(t, err).Code != 422 ||
		!strings.Contains(err.Error(), `metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x/c"}`) {
		t.Errorf("a new finalizer: got %v", err)
	}
	one := s.mustMerge("configmaps", "default", "a", `{"metadata":{"finalizers":["x/b"]}}`)
	last := s.mustMerge("configmaps", "default", "a", `{"metadata":{"finalizers":null}}`)
	if last.GetResourceVersion() != one.GetResourceVersion() || len(last.GetFinalizers()) != 0 || last.GetDeletionTimestamp() == nil {
		t.Errorf("got %+v", last)
	}
	if s.exists("configmaps", "default", "a") {
		t.Error("the object is still there")
	}
}

func TestDryRunOfTheLastFinalizerDeletesNothing(t *testing.T) {
	s := newServer(t)
	in := configMap("a")
	in.Finalizers = []string{"x/a"}
	s.create("configmaps", "default", in)
	s.delete("configmaps", "default", "a", metav1.DeleteOptions{})
	if _, err := s.Update(context.Background(), s.at("configmaps", "default", "a"), configMap("a"), metav1.UpdateOptions{DryRun: []string{"All"}}); err != nil {
		t.Fatal(err)
	}
	if !s.exists("configmaps", "default", "a") {
		t.Error("the object is gone")
	}
}

func TestUpdateOwnsFieldsByManager(t *testing.T) {
	s := newServer(t)
	in := configMap("a")
	in.Data = map[string]string{"first": "v"}
	s.create("configmaps", "default", in)
	in = configMap("a")
	in.Data = map[string]string{"first": "v", "k": "v"}
	result, err := s.Update(context.Background(), s.at("configmaps", "default", "a"), in, metav1.UpdateOptions{FieldManager: "other"})
	if err != nil {
		t.Fatal(err)
	}
	fields := result.Object.(kind.Object).GetManagedFields()
	i := slices.IndexFunc(fields, func(f metav1.ManagedFieldsEntry) bool { return f.Manager == "other" })
	if len(fields) != 2 || i < 0 || !strings.Contains(fields[i].FieldsV1.GetRawString(), "f:k") {
		t.Errorf("managedFields: got %v", fields)
	}
}

func TestPatchThatChangesNothingInTheMiddleOfASecondWritesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Second / 3)
		s := newServer(t)
		in := configMap("a")
		in.Data = map[string]string{"k": "v"}
		before := s.create("configmaps", "default", in)
		if after := s.mustMerge("configmaps", "default", "a", `{}`); after.GetResourceVersion() != before.GetResourceVersion() {
			t.Errorf("resourceVersion: got %s, want %s", after.GetResourceVersion(), before.GetResourceVersion())
		}
	})
}

func TestPatchOfAnotherManagerThatChangesNothingWritesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		in := configMap("a")
		in.Data = map[string]string{"k": "v"}
		s.create("configmaps", "default", in)
		before := s.store.Revision()
		time.Sleep(time.Hour)
		for _, patch := range []string{`{}`, `{"data":{"k":"v"}}`} {
			if _, err := s.Patch(context.Background(), s.at("configmaps", "default", "a"), types.MergePatchType, []byte(patch), metav1.PatchOptions{FieldManager: "other"}); err != nil {
				t.Fatal(err)
			}
		}
		if after := s.store.Revision(); after != before {
			t.Errorf("revision: got %d, want %d", after, before)
		}
	})
}
