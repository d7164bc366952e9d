package registry_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

func TestSystemNamespacesAreThere(t *testing.T) {
	s := newServer(t)
	for _, name := range []string{"default", "kube-system", "kube-public", "kube-node-lease"} {
		if !s.exists("namespaces", "", name) {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestNamespaceIsEmptiedBeforeItGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.create("namespaces", "", &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "n"}})
		held := configMap("held")
		held.Namespace, held.Finalizers = "n", []string{"x/y"}
		s.create("configmaps", "n", held)
		running := pod("p", "n1")
		running.Namespace = "n"
		s.create("pods", "n", running)

		ns := s.delete("namespaces", "", "n", metav1.DeleteOptions{}).Object.(*corev1.Namespace)
		if ns.Status.Phase != corev1.NamespaceTerminating || ns.DeletionTimestamp == nil || ns.DeletionGracePeriodSeconds != nil {
			t.Errorf("namespace: got %+v", ns)
		}
		_, err := s.Create(context.Background(), s.at("configmaps", "n", ""), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "y"}}, metav1.CreateOptions{})
		wantError(t, err, 403, metav1.StatusReasonForbidden, `configmaps "y" is forbidden: unable to create new content in namespace n because it is being terminated`)
		if causes := status(t, err).Details.Causes; len(causes) != 1 || causes[0] != (metav1.StatusCause{Type: corev1.NamespaceTerminatingCause, Message: "namespace n is being terminated", Field: "metadata.namespace"}) {
			t.Errorf("causes: got %+v", causes)
		}
		synctest.Wait()
		if s.exists("pods", "n", "p") || !s.exists("configmaps", "n", "held") || !s.exists("namespaces", "", "n") {
			t.Error("want the pod gone, and the namespace to wait for the finalizer")
		}
		s.mustMerge("configmaps", "n", "held", `{"metadata":{"finalizers":null}}`)
		synctest.Wait()
		if s.exists("namespaces", "", "n") {
			t.Error("the namespace is still there")
		}
	})
}

func TestNamespaceTerminatesOnlyByDeletion(t *testing.T) {
	_, err := newServer(t).merge("namespaces/status", "", "default", `{"status":{"phase":"Terminating"}}`)
	wantError(t, err, 422, metav1.StatusReasonInvalid, "Namespace \"default\" is invalid: status.Phase: Invalid value: \"Terminating\": may only be 'Active' if `deletionTimestamp` is empty")
}

func TestNamespaceThatNobodyHoldsGoesWithTheSecondDeletion(t *testing.T) {
	s := newServer(t)
	s.create("namespaces", "", &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "n"}})
	s.update("namespaces/finalize", &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "n"}})
	if first := s.delete("namespaces", "", "n", metav1.DeleteOptions{}).Object.(*corev1.Namespace); first.Status.Phase != corev1.NamespaceTerminating || !s.exists("namespaces", "", "n") {
		t.Errorf("the first deletion: got %+v", first)
	}
	s.delete("namespaces", "", "n", metav1.DeleteOptions{})
	if s.exists("namespaces", "", "n") {
		t.Error("the namespace is still there")
	}
}

func TestNamespaceCanBeFinalized(t *testing.T) {
	s := newServer(t)
	in := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "n"}, Spec: corev1.NamespaceSpec{Finalizers: []corev1.FinalizerName{"x/y"}}}
	s.create("namespaces", "", in)
	if got := s.mustMerge("namespaces", "", "n", `{"spec":{"finalizers":[]}}`).(*corev1.Namespace); len(got.Spec.Finalizers) != 2 {
		t.Errorf("finalizers after a patch of the namespace: got %v", got.Spec.Finalizers)
	}
	s.delete("namespaces", "", "n", metav1.DeleteOptions{})
	result, err := s.Update(context.Background(), s.at("namespaces/finalize", "", "n"), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "n"}}, metav1.UpdateOptions{})
	if err != nil || len(result.Object.(*corev1.Namespace).Spec.Finalizers) != 0 {
		t.Errorf("got %+v, %v", result.Object, err)
	}
	if s.exists("namespaces", "", "n") {
		t.Error("the namespace is still there")
	}
}

func withGarbageCollection(c *registry.Config) { c.GarbageCollection = true }

// family creates owner, and dependent that it owns.
func (s *server) family(block bool) {
	owner := s.create("configmaps", "default", configMap("owner"))
	in := configMap("dependent")
	in.OwnerReferences = []metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: "owner", UID: owner.GetUID(), BlockOwnerDeletion: &block}}
	s.create("configmaps", "default", in)
}

func TestGarbageCollection(t *testing.T) {
	for _, test := range []struct {
		policy    metav1.DeletionPropagation
		dependent bool // stays
	}{
		{metav1.DeletePropagationBackground, false},
		{metav1.DeletePropagationForeground, false},
		{metav1.DeletePropagationOrphan, true},
	} {
		t.Run(string(test.policy), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t, withGarbageCollection)
				s.family(true)
				s.delete("configmaps", "default", "owner", metav1.DeleteOptions{PropagationPolicy: &test.policy})
				synctest.Wait()
				if s.exists("configmaps", "default", "owner") {
					t.Error("the owner is still there")
				}
				obj, err := s.get("configmaps", "default", "dependent")
				if (err == nil) != test.dependent {
					t.Fatalf("dependent: got %v, %v", obj, err)
				}
				if err == nil && len(obj.GetOwnerReferences()) != 0 {
					t.Errorf("ownerReferences: got %v", obj.GetOwnerReferences())
				}
			})
		})
	}
}

func TestForegroundDeletionWaitsForDependents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, withGarbageCollection)
		s.family(true)
		s.mustMerge("configmaps", "default", "dependent", `{"metadata":{"finalizers":["x/y"]}}`)
		s.delete("configmaps", "default", "owner", metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletePropagationForeground)})
		synctest.Wait()
		dependent, err := s.get("configmaps", "default", "dependent")
		if err != nil || dependent.GetDeletionTimestamp() == nil || !s.exists("configmaps", "default", "owner") {
			t.Fatalf("want both there, and the dependent being deleted: got %v, %v", dependent, err)
		}
		s.mustMerge("configmaps", "default", "dependent", `{"metadata":{"finalizers":null}}`)
		synctest.Wait()
		if s.exists("configmaps", "default", "owner") || s.exists("configmaps", "default", "dependent") {
			t.Error("want both gone")
		}
	})
}

func TestDependentsOfAnOwnerThatNeverWasAreCollected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, withGarbageCollection)
		in := configMap("dependent")
		in.OwnerReferences = []metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: "owner", UID: "never"}}
		s.create("configmaps", "default", in)
		synctest.Wait()
		if s.exists("configmaps", "default", "dependent") {
			t.Error("the dependent is still there")
		}
	})
}

func TestOneOwnerThatIsLeftKeepsTheDependent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, withGarbageCollection)
		stays, goes := s.create("configmaps", "default", configMap("stays")), s.create("configmaps", "default", configMap("goes"))
		in := configMap("dependent")
		for _, owner := range []kind.Object{stays, goes} {
			in.OwnerReferences = append(in.OwnerReferences, metav1.OwnerReference{APIVersion: "v1", Kind: "ConfigMap", Name: owner.GetName(), UID: owner.GetUID()})
		}
		s.create("configmaps", "default", in)
		s.delete("configmaps", "default", "goes", metav1.DeleteOptions{})
		synctest.Wait()
		obj, err := s.get("configmaps", "default", "dependent")
		if err != nil || !slices.ContainsFunc(obj.GetOwnerReferences(), func(ref metav1.OwnerReference) bool { return ref.Name == "stays" }) || len(obj.GetOwnerReferences()) != 1 {
			t.Errorf("got %v, %v", obj, err)
		}
	})
}

func TestWithoutGarbageCollectionDependentsStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.family(false)
		s.delete("configmaps", "default", "owner", metav1.DeleteOptions{})
		synctest.Wait()
		if !s.exists("configmaps", "default", "dependent") {
			t.Error("the dependent is gone")
		}
	})
}
