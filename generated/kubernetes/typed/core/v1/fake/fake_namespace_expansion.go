package fake

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/runtime/fake"
)

// Finalize creates the subresource "finalize" of a namespace, as that of client-go's fake does, which does not change the
// namespace. It returns the item.
func (c *fakeNamespaces) Finalize(ctx context.Context, item *corev1.Namespace, opts metav1.UpdateOptions) (*corev1.Namespace, error) {
	options := metav1.CreateOptions{DryRun: opts.DryRun, FieldManager: opts.FieldManager, FieldValidation: opts.FieldValidation}
	return fake.CreateAs(ctx, c, &corev1.Namespace{}, "", "finalize", item, options)
}
