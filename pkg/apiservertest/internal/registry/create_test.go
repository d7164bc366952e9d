package registry_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

func configMap(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"}}
}

func deployment(name string, replicas int32) *appsv1.Deployment {
	labels := map[string]string{"app": name}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: podSpec("")},
		},
	}
}

func podSpec(node string) corev1.PodSpec {
	return corev1.PodSpec{NodeName: node, Containers: []corev1.Container{{Name: "c", Image: "i"}}}
}

func pod(name, node string) *corev1.Pod {
	return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"}, Spec: podSpec(node)}
}

func foo(name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "example.com/v1", "kind": "Foo",
		"metadata": map[string]any{"name": name, "namespace": "default"},
		"spec":     map[string]any{"n": int64(1), "color": "red"},
	}}
}

func TestCreateSetsWhatOnlyTheServerSets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		long := metav1.NewTime(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
		in := deployment("d", 2)
		in.UID, in.CreationTimestamp, in.DeletionTimestamp, in.DeletionGracePeriodSeconds = "x", long, &long, new(int64(4))
		in.SetSelfLink("x")
		in.Generation, in.Status.Replicas = 7, 9
		got := s.create("deployments.apps", "default", in).(*appsv1.Deployment)
		if got.UID == "x" || len(got.UID) != 36 || !got.CreationTimestamp.Time.Equal(time.Now()) || got.DeletionTimestamp != nil ||
			got.DeletionGracePeriodSeconds != nil || got.GetSelfLink() != "" || got.Generation != 1 || got.Status.Replicas != 0 || got.ResourceVersion == "" {
			t.Errorf("got %+v", got)
		}
		if len(got.ManagedFields) != 1 || got.ManagedFields[0].Manager != "tester" {
			t.Errorf("managedFields: got %v", got.ManagedFields)
		}
	})
}

func TestCreateKeepsGenerationWhereNobodyCounts(t *testing.T) {
	in := configMap("a")
	in.Generation = 7
	if got := newServer(t).create("configmaps", "default", in); got.GetGeneration() != 7 {
		t.Errorf("generation: got %d, want 7, as on the real server", got.GetGeneration())
	}
}

func TestCreateCompletes(t *testing.T) {
	s := newServer(t)
	p := s.create("pods", "default", pod("p", "")).(*corev1.Pod)
	if p.Status.Phase != corev1.PodPending || p.Status.QOSClass != corev1.PodQOSBestEffort || p.Spec.RestartPolicy != corev1.RestartPolicyAlways || *p.Spec.TerminationGracePeriodSeconds != 30 {
		t.Errorf("pod: got %+v", p)
	}
	secret := s.create("secrets", "default", &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s"}, StringData: map[string]string{"a": "b"}}).(*corev1.Secret)
	if secret.Type != corev1.SecretTypeOpaque || string(secret.Data["a"]) != "b" || secret.StringData != nil {
		t.Errorf("secret: got %+v", secret)
	}
	ns := s.create("namespaces", "", &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "n", Namespace: "dropped"}}).(*corev1.Namespace)
	if ns.Namespace != "" || ns.Status.Phase != corev1.NamespaceActive || len(ns.Spec.Finalizers) != 1 || ns.Labels[corev1.LabelMetadataName] != "n" {
		t.Errorf("namespace: got %+v", ns)
	}
	job := s.create("jobs.batch", "default", &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "j"}, Spec: batchv1.JobSpec{Template: corev1.PodTemplateSpec{Spec: podSpec("")}}}).(*batchv1.Job)
	if job.Spec.Selector.MatchLabels[batchv1.ControllerUidLabel] != string(job.UID) || job.Labels["job-name"] != "j" || *job.Spec.Completions != 1 {
		t.Errorf("job: got %+v", job)
	}
	csr := s.create("certificatesigningrequests.certificates.k8s.io", "", &certificatesv1.CertificateSigningRequest{ObjectMeta: metav1.ObjectMeta{Name: "c"},
		Spec: certificatesv1.CertificateSigningRequestSpec{Username: "mallory"}}).(*certificatesv1.CertificateSigningRequest)
	if csr.Spec.Username != "alice" || len(csr.Spec.Groups) != 1 {
		t.Errorf("certificate signing request: got %+v", csr.Spec)
	}
}

func TestCreateRefuses(t *testing.T) {
	named := func(m metav1.ObjectMeta) kind.Object { return &corev1.ConfigMap{ObjectMeta: m} }
	const subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
	for _, test := range []struct {
		name, resource, namespace string
		obj                       kind.Object
		options                   metav1.CreateOptions
		code                      int32
		reason                    metav1.StatusReason
		message                   string
	}{
		{"a name that is taken", "configmaps", "default", configMap("taken"), metav1.CreateOptions{}, 409, "AlreadyExists", `configmaps "taken" already exists`},
		{"no name", "configmaps", "default", named(metav1.ObjectMeta{}), metav1.CreateOptions{}, 422, "Invalid", `ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required`},
		{"a wrong name", "configmaps", "default", named(metav1.ObjectMeta{Name: "A_B"}), metav1.CreateOptions{}, 422, "Invalid", `ConfigMap "A_B" is invalid: metadata.name: Invalid value: "A_B": ` + subdomain},
		{"another namespace", "configmaps", "default", named(metav1.ObjectMeta{Name: "b", Namespace: "other"}), metav1.CreateOptions{}, 400, "BadRequest", "the namespace of the provided object does not match the namespace sent on the request"},
		{"a namespace that does not exist", "configmaps", "nope", named(metav1.ObjectMeta{Name: "b"}), metav1.CreateOptions{}, 404, "NotFound", `namespaces "nope" not found`},
		{"a resourceVersion", "configmaps", "default", named(metav1.ObjectMeta{Name: "b", ResourceVersion: "5"}), metav1.CreateOptions{}, 500, "", "resourceVersion should not be set on objects to be created"},
		{"a wrong dryRun", "configmaps", "default", named(metav1.ObjectMeta{Name: "b"}), metav1.CreateOptions{DryRun: []string{"Foo"}}, 422, "Invalid", `CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Foo"]: supported values: "All"`},
		{"wrong owners and finalizers", "configmaps", "default", named(metav1.ObjectMeta{Name: "f", Finalizers: []string{"a", "x/b"}, OwnerReferences: []metav1.OwnerReference{{Kind: "x"}}}), metav1.CreateOptions{}, 422, "Invalid",
			`ConfigMap "f" is invalid: [metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty, metadata.ownerReferences.name: Invalid value: "": must not be empty, metadata.ownerReferences.uid: Invalid value: "": must not be empty, metadata.finalizers[0]: Invalid value: "a": name is neither a standard finalizer name nor is it fully qualified]`},
		{"two kinds of finalizers at once", "configmaps", "default", named(metav1.ObjectMeta{Name: "f", Finalizers: []string{"orphan", "foregroundDeletion"}}), metav1.CreateOptions{}, 422, "Invalid",
			`ConfigMap "f" is invalid: metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set`},
		{"dots in the name of a service", "services", "default", &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "a.b"}}, metav1.CreateOptions{}, 422, "Invalid", `Service "a.b" is invalid: metadata.name: Invalid value: "a.b": must not contain dots`},
		{"a slash in the name of a role", "roles.rbac.authorization.k8s.io", "default", &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Name: "a/b"}}, metav1.CreateOptions{}, 422, "Invalid", `Role.rbac.authorization.k8s.io "a/b" is invalid: metadata.name: Invalid value: "a/b": may not contain '/'`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			s.create("configmaps", "default", configMap("taken"))
			before := s.store.Revision()
			_, err := s.Create(context.Background(), s.at(test.resource, test.namespace, ""), test.obj, test.options)
			wantError(t, err, test.code, test.reason, test.message)
			if after := s.store.Revision(); after != before {
				t.Errorf("revision: got %d, want %d", after, before)
			}
		})
	}
}

func TestCreateTakesNamesThatItsKindHas(t *testing.T) {
	s := newServer(t)
	s.create("clusterroles.rbac.authorization.k8s.io", "", &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "system:A_b"}})
	s.create("poddisruptionbudgets.policy", "default", &policyv1.PodDisruptionBudget{ObjectMeta: metav1.ObjectMeta{Name: "A_:b"}})
	s.create("events", "default", &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: "A_:b"}})
}

func TestCreateInvalidHasCauses(t *testing.T) {
	s := newServer(t)
	_, err := s.Create(context.Background(), s.at("deployments.apps", "default", ""), &appsv1.Deployment{}, metav1.CreateOptions{})
	details := status(t, err).Details
	if details.Group != "apps" || details.Kind != "Deployment" || len(details.Causes) != 1 || details.Causes[0].Field != "metadata.name" || details.Causes[0].Type != metav1.CauseTypeFieldValueRequired {
		t.Errorf("details: got %+v", details)
	}
}

func TestGenerateName(t *testing.T) {
	s := newServer(t)
	long := strings.Repeat("x", 70)
	for _, test := range []struct{ prefix, want string }{{"gen-", "gen-"}, {long, long[:58]}} {
		got := s.create("configmaps", "default", &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{GenerateName: test.prefix}})
		suffix, ok := strings.CutPrefix(got.GetName(), test.want)
		if !ok || len(suffix) != 5 || strings.Trim(suffix, "bcdfghjklmnpqrstvwxz2456789") != "" || got.GetGenerateName() != test.prefix {
			t.Errorf("name: got %q for prefix %q", got.GetName(), test.prefix)
		}
	}
}

func TestCreateDryRunWritesNothing(t *testing.T) {
	s := newServer(t)
	before := s.store.Revision()
	result, err := s.Create(context.Background(), s.at("configmaps", "default", ""), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{GenerateName: "gen-"}}, metav1.CreateOptions{DryRun: []string{"All"}})
	if err != nil {
		t.Fatal(err)
	}
	got := result.Object.(kind.Object)
	if result.Code != 201 || got.GetUID() == "" || got.GetName() == "" || got.GetResourceVersion() != "" {
		t.Errorf("got %d %+v", result.Code, got)
	}
	if s.exists("configmaps", "default", got.GetName()) || s.store.Revision() != before {
		t.Error("the dry run has written")
	}
}

func TestCreateWarns(t *testing.T) {
	s := newServer(t)
	in := foo("f")
	in.SetAnnotations(map[string]string{"warn": "yes"})
	result, err := s.Create(context.Background(), s.at("foos.example.com", "default", ""), in, metav1.CreateOptions{})
	if err != nil || len(result.Warnings) != 1 {
		t.Errorf("got %v, %v", result.Warnings, err)
	}
}

func TestCustomResourceLosesStatusAndCountsGenerations(t *testing.T) {
	s := newServer(t)
	in := foo("f")
	in.Object["status"] = map[string]any{"n": int64(2)}
	got := s.create("foos.example.com", "default", in).(*unstructured.Unstructured)
	if got.Object["status"] != nil || got.GetGeneration() != 1 {
		t.Errorf("got %v", got.Object)
	}
}

func TestShortFinalizerNamesOfCustomResourcesWarn(t *testing.T) {
	s := newServer(t)
	in := foo("f")
	in.SetFinalizers([]string{"abc", "x/y"})
	result, err := s.Create(context.Background(), s.at("foos.example.com", "default", ""), in, metav1.CreateOptions{})
	want := `metadata.finalizers: "abc": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`
	if err != nil || len(result.Warnings) != 1 || result.Warnings[0] != want {
		t.Errorf("got %q, %v", result.Warnings, err)
	}
}

func TestCreateSaysThatTheOldObjectIsStillGoing(t *testing.T) {
	s := newServer(t)
	in := configMap("a")
	in.Finalizers = []string{"x/y"}
	s.create("configmaps", "default", in)
	s.delete("configmaps", "default", "a", metav1.DeleteOptions{})
	_, err := s.Create(context.Background(), s.at("configmaps", "default", ""), configMap("a"), metav1.CreateOptions{})
	wantError(t, err, 409, metav1.StatusReasonAlreadyExists, `object is being deleted: configmaps "a" already exists`)
}
