package registry

import (
	"context"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// emptyNamespaces deletes what is in terminating namespaces, and lets go of those that are empty.
func (r *Registry) emptyNamespaces(ctx context.Context) {
	t, ok := r.namespaceTarget("")
	if !ok {
		return
	}
	all, err := r.config.Store.List(namespaces, "", 0)
	if err != nil {
		return // the present is always there
	}
	for _, obj := range all.Objects {
		ns, ok := obj.(*corev1.Namespace)
		if !ok || ns.DeletionTimestamp == nil || !slices.Contains(ns.Spec.Finalizers, corev1.FinalizerKubernetes) {
			continue
		}
		if r.emptyNamespace(ctx, ns.Name) {
			r.amend(t.Resource, ns, func(obj kind.Object) {
				ns := obj.(*corev1.Namespace)
				ns.Spec.Finalizers = slices.DeleteFunc(ns.Spec.Finalizers, func(f corev1.FinalizerName) bool { return f == corev1.FinalizerKubernetes })
			})
		}
	}
}

// emptyNamespace begins to delete all objects of a namespace, and reports whether they are gone. Pods are given no time: there is no kubelet that would end
// it.
func (r *Registry) emptyNamespace(ctx context.Context, name string) bool {
	empty := true
	for _, res := range r.stored() {
		if !res.Namespaced {
			continue
		}
		content, err := r.config.Store.List(catalog.StorageKey(res), name, 0)
		if err != nil {
			return false
		}
		for _, obj := range content.Objects {
			background := metav1.DeletePropagationBackground
			r.remove(ctx, res, obj, metav1.DeleteOptions{GracePeriodSeconds: new(int64), PropagationPolicy: &background})
			if _, found := r.config.Store.Get(key(r.targetOf(res, obj))); found {
				empty = false // its finalizers wake the housekeeper when they go
			}
		}
	}
	return empty
}
