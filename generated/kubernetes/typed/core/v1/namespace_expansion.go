package v1

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	clientruntime "github.com/kubewright/kubewright/pkg/runtime"
)

// NamespaceExpansion has the methods of NamespaceInterface that no tag describes.
type NamespaceExpansion interface {
	// Finalize replaces the finalizers in the spec of a namespace. Without any, one that is being deleted goes away.
	Finalize(ctx context.Context, item *corev1.Namespace, opts metav1.UpdateOptions) (*corev1.Namespace, error)
}

func (c *namespaces) Finalize(ctx context.Context, item *corev1.Namespace, opts metav1.UpdateOptions) (*corev1.Namespace, error) {
	return clientruntime.UpdateAs(ctx, c, &corev1.Namespace{}, item.Name, "finalize", item, opts)
}
