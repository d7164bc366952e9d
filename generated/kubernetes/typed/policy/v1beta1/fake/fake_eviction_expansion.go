package fake

import (
	"context"

	policyv1beta1 "k8s.io/api/policy/v1beta1"

	"github.com/kubewright/kubewright/pkg/runtime/fake"
)

// Evict creates the subresource "eviction" of a pod, which does not delete the pod.
func (c *fakeEvictions) Evict(ctx context.Context, eviction *policyv1beta1.Eviction) error {
	return fake.Evict(ctx, c, eviction)
}
