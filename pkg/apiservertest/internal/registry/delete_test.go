package registry_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

func orphaning(orphan bool, policy *metav1.DeletionPropagation) metav1.DeleteOptions {
	return metav1.DeleteOptions{PropagationPolicy: policy, OrphanDependents: &orphan} //nolint:staticcheck // clients may still send it
}

func TestDeleteAnswers(t *testing.T) {
	s := newServer(t)
	obj := s.create("deployments.apps", "default", deployment("d", 1))
	got, ok := s.delete("deployments.apps", "default", "d", metav1.DeleteOptions{}).Object.(*metav1.Status)
	want := metav1.StatusDetails{Name: "d", Group: "apps", Kind: "deployments", UID: obj.GetUID()}
	if !ok || got.Status != metav1.StatusSuccess || got.Details.Name != want.Name || got.Details.Group != want.Group || got.Details.Kind != want.Kind || got.Details.UID != want.UID {
		t.Errorf("deployment: got %+v", got)
	}
	s.create("services", "default", &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "s"}})
	if service, ok := s.delete("services", "default", "s", metav1.DeleteOptions{}).Object.(*corev1.Service); !ok || service.Name != "s" {
		t.Error("service: want the object")
	}
}

func TestDeleteRefuses(t *testing.T) {
	s := newServer(t)
	obj := s.create("deployments.apps", "default", deployment("d", 1))
	uid, version := types.UID("x"), "1"
	for _, test := range []struct {
		name, resource, namespace, object string
		options                           metav1.DeleteOptions
		code                              int32
		reason                            metav1.StatusReason
		message                           string
	}{
		{"what does not exist", "configmaps", "default", "nope", metav1.DeleteOptions{}, 404, "NotFound", `configmaps "nope" not found`},
		{"another uid", "deployments.apps", "default", "d", metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &uid}}, 409, "Conflict",
			`Operation cannot be fulfilled on Deployment.apps "d": the UID in the precondition (x) does not match the UID in record (` + string(obj.GetUID()) + `). The object might have been deleted and then recreated`},
		{"an old resourceVersion", "deployments.apps", "default", "d", metav1.DeleteOptions{Preconditions: &metav1.Preconditions{ResourceVersion: &version}}, 409, "Conflict",
			`Operation cannot be fulfilled on Deployment.apps "d": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (` + obj.GetResourceVersion() + `). The object might have been modified`},
		{"two policies", "deployments.apps", "default", "d", orphaning(true, new(metav1.DeletePropagationOrphan)), 422, "Invalid",
			`DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set`},
		{"an unknown policy", "deployments.apps", "default", "d", metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletionPropagation("Foo"))}, 422, "Invalid",
			`DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Foo": supported values: "Foreground", "Background", "Orphan", "nil"`},
		{"the default namespace", "namespaces", "", "default", metav1.DeleteOptions{}, 403, "Forbidden", `namespaces "default" is forbidden: this namespace may not be deleted`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := s.Delete(context.Background(), s.at(test.resource, test.namespace, test.object), test.options)
			wantError(t, err, test.code, test.reason, test.message)
		})
	}
}

func TestPropagationPolicyBecomesAFinalizer(t *testing.T) {
	for _, test := range []struct {
		name     string
		before   []string
		options  metav1.DeleteOptions
		want     []string // nil: the object is gone
		code     int
		resource string
	}{
		{"none", nil, metav1.DeleteOptions{}, nil, 200, "configmaps"},
		{"orphan", []string{"x/y"}, metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletePropagationOrphan)}, []string{"x/y", "orphan"}, 200, "configmaps"},
		{"orphanDependents", nil, orphaning(true, nil), []string{"orphan"}, 200, "configmaps"},
		{"foreground", nil, metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletePropagationForeground)}, []string{"foregroundDeletion"}, 200, "configmaps"},
		{"foreground instead of orphan", []string{"orphan"}, metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletePropagationForeground)}, []string{"foregroundDeletion"}, 200, "configmaps"},
		{"the finalizer that is there", []string{"orphan"}, metav1.DeleteOptions{}, []string{"orphan"}, 200, "configmaps"},
		{"background", []string{"foregroundDeletion"}, metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletePropagationBackground)}, nil, 200, "configmaps"},
		{"orphanDependents=false of an object that stays", []string{"x/y"}, orphaning(false, nil), []string{"x/y"}, 202, "configmaps"},
		{"jobs orphan by default", nil, metav1.DeleteOptions{}, []string{"orphan"}, 200, "jobs.batch"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			meta := metav1.ObjectMeta{Name: "a", Namespace: "default", Finalizers: test.before}
			var obj kind.Object = &corev1.ConfigMap{ObjectMeta: meta}
			if test.resource == "jobs.batch" {
				obj = &batchv1.Job{ObjectMeta: meta}
			}
			s.create(test.resource, "default", obj)
			result := s.delete(test.resource, "default", "a", test.options)
			if result.Code != test.code {
				t.Errorf("code: got %d, want %d", result.Code, test.code)
			}
			got, err := s.get(test.resource, "default", "a")
			if test.want == nil {
				if err == nil {
					t.Error("the object is still there")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.GetFinalizers(), test.want) || got.GetDeletionTimestamp() == nil || *got.GetDeletionGracePeriodSeconds() != 0 {
				t.Errorf("got %+v, want finalizers %v", got, test.want)
			}
		})
	}
}

func TestDeletionCountsAsAGeneration(t *testing.T) {
	s := newServer(t)
	in := deployment("d", 1)
	in.Finalizers = []string{"x/y"}
	s.create("deployments.apps", "default", in)
	for range 2 { // the second time nothing changes
		if got := s.delete("deployments.apps", "default", "d", metav1.DeleteOptions{}).Object.(kind.Object); got.GetGeneration() != 2 {
			t.Errorf("generation: got %d, want 2", got.GetGeneration())
		}
	}
	if n := len(s.store.Recorded()); n != 4+2 { // namespaces, creation, deletion
		t.Errorf("writes: got %d, want 6", n)
	}
}

func TestPodsAreGivenTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.create("pods", "default", pod("p", "n1"))
		start := time.Now()
		for _, step := range []struct {
			ask  *int64
			want time.Duration // after start
		}{
			{nil, 30 * time.Second},
			{nil, 30 * time.Second},
			{new(int64(10)), 10 * time.Second},
			{new(int64(40)), 10 * time.Second},
		} {
			time.Sleep(time.Second)
			got := s.delete("pods", "default", "p", metav1.DeleteOptions{GracePeriodSeconds: step.ask}).Object.(*corev1.Pod)
			if gone := got.DeletionTimestamp.Sub(start); gone != step.want+time.Second || *got.DeletionGracePeriodSeconds != int64(step.want.Seconds()) || got.Generation != 2 {
				t.Errorf("goes %v after the start, want %v: %+v", gone, step.want, got.ObjectMeta)
			}
		}
		s.delete("pods", "default", "p", metav1.DeleteOptions{GracePeriodSeconds: new(int64(0))})
		if s.exists("pods", "default", "p") {
			t.Error("the pod is still there")
		}
	})
}

func TestPodsThatNobodyRunsGoAtOnce(t *testing.T) {
	s := newServer(t)
	s.create("pods", "default", pod("unscheduled", ""))
	s.create("pods", "default", pod("done", "n1"))
	s.mustMerge("pods/status", "default", "done", `{"status":{"phase":"Succeeded"}}`)
	for _, name := range []string{"unscheduled", "done"} {
		got := s.delete("pods", "default", name, metav1.DeleteOptions{}).Object.(*corev1.Pod)
		if s.exists("pods", "default", name) || got.DeletionTimestamp == nil || *got.DeletionGracePeriodSeconds != 0 {
			t.Errorf("%s: got %+v", name, got.ObjectMeta)
		}
		events := s.store.Recorded()
		marked, deleted := events[len(events)-2], events[len(events)-1]
		if marked.New == nil || marked.New.GetDeletionTimestamp() == nil || deleted.New != nil {
			t.Errorf("%s: want a change that marks it, then the deletion; got %+v, %+v", name, marked, deleted)
		}
	}
}

func TestDeleteDryRunWritesNothing(t *testing.T) {
	s := newServer(t)
	s.create("configmaps", "default", configMap("a"))
	s.create("pods", "default", pod("p", "n1"))
	before := s.store.Revision()
	if _, ok := s.delete("configmaps", "default", "a", metav1.DeleteOptions{DryRun: []string{"All"}}).Object.(*metav1.Status); !ok {
		t.Error("config map: want a Status")
	}
	if got := s.delete("pods", "default", "p", metav1.DeleteOptions{DryRun: []string{"All"}}).Object.(*corev1.Pod); got.DeletionTimestamp == nil {
		t.Error("pod: want it as it would be")
	}
	if after := s.store.Revision(); after != before {
		t.Errorf("revision: got %d, want %d", after, before)
	}
}

func TestDeleteCollection(t *testing.T) {
	s := newServer(t)
	for _, name := range []string{"a", "b", "c"} {
		in := configMap(name)
		in.Labels = map[string]string{"x": name}
		if name == "b" {
			in.Finalizers = []string{"x/y"}
		}
		s.create("configmaps", "default", in)
	}
	list, err := s.DeleteCollection(context.Background(), s.at("configmaps", "default", ""), metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "x in (a,b)"})
	if err != nil || len(list.Objects) != 2 || list.Objects[1].GetDeletionTimestamp() != nil {
		t.Fatalf("got %+v, %v, want the two objects as they were", list, err)
	}
	if s.exists("configmaps", "default", "a") || !s.exists("configmaps", "default", "b") || !s.exists("configmaps", "default", "c") {
		t.Error("want only a to be gone")
	}
}

func TestDeleteOfAJobWarns(t *testing.T) {
	for _, test := range []struct {
		options metav1.DeleteOptions
		want    int
	}{
		{metav1.DeleteOptions{}, 1},
		{metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletePropagationOrphan)}, 0},
	} {
		s := newServer(t)
		s.create("jobs.batch", "default", &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "j"}})
		if got := s.delete("jobs.batch", "default", "j", test.options).Warnings; len(got) != test.want {
			t.Errorf("%+v: got warnings %q, want %d", test.options, got, test.want)
		}
	}
}

// TestRulesMayKeepAnObjectThatIsDeleted: the definition of a custom resource stays until its objects are gone.
func TestRulesMayKeepAnObjectThatIsDeleted(t *testing.T) {
	s := newServer(t)
	in := foo("f")
	in.SetAnnotations(map[string]string{"keep": "yes"})
	s.create("foos.example.com", "default", in)
	result, err := s.Delete(context.Background(), s.at("foos.example.com", "default", "f"), metav1.DeleteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	kept, ok := result.Object.(kind.Object)
	if !ok || kept.GetDeletionTimestamp() == nil || !slices.Equal(kept.GetFinalizers(), []string{"example.com/kept"}) || !s.exists("foos.example.com", "default", "f") {
		t.Errorf("got %v", result.Object)
	}
}
