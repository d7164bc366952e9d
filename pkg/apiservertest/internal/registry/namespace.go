package registry

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

var (
	namespaces = schema.GroupResource{Resource: "namespaces"}

	// systemNamespaces are there from the beginning.
	systemNamespaces = []string{metav1.NamespaceSystem, metav1.NamespacePublic, corev1.NamespaceNodeLease, metav1.NamespaceDefault}
	// immortalNamespaces cannot be deleted.
	immortalNamespaces = []string{metav1.NamespaceDefault, metav1.NamespaceSystem, metav1.NamespacePublic}
)

func (r *Registry) namespaceTarget(name string) (kind.Target, bool) {
	res, version, ok := r.config.Catalog.Lookup("", "v1", "namespaces")
	return kind.Target{Resource: res, Version: version, Name: name}, ok
}

// servesNamespaces reports whether namespaces are a resource here: a server of custom resources only has none to ask.
func (r *Registry) servesNamespaces() bool {
	_, ok := r.namespaceTarget("")
	return ok
}

func (r *Registry) createSystemNamespaces() error {
	t, ok := r.namespaceTarget("")
	if !ok {
		return nil
	}
	for _, name := range systemNamespaces {
		ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
		_, err := r.Create(context.Background(), Request{Target: t, Manager: "kube-apiserver"}, ns, metav1.CreateOptions{})
		if err != nil && !apierrors.IsAlreadyExists(err) {
			return err
		}
	}
	return nil
}

// finishedNamespace reports whether obj is no namespace, or one that nobody has to empty any more.
func finishedNamespace(obj kind.Object) bool {
	ns, ok := obj.(*corev1.Namespace)
	return !ok || len(ns.Spec.Finalizers) == 0
}

// checkPhase refuses a phase that does not go with the deletionTimestamp: no client makes a namespace terminate but by deleting it.
func checkPhase(obj kind.Object) field.ErrorList {
	ns, ok := obj.(*corev1.Namespace)
	if !ok || ns.DeletionTimestamp != nil || ns.Status.Phase == corev1.NamespaceActive {
		return nil
	}
	return field.ErrorList{field.Invalid(field.NewPath("status", "Phase"), ns.Status.Phase, "may only be 'Active' if `deletionTimestamp` is empty")}
}
