package v1beta1

import (
	"context"

	policyv1beta1 "k8s.io/api/policy/v1beta1"

	clientruntime "github.com/kubewright/kubewright/pkg/runtime"
)

// EvictionExpansion has the methods of EvictionInterface that no tag describes.
type EvictionExpansion interface {
	// Evict evicts the pod of the eviction's name and namespace, unless that hurts a PodDisruptionBudget: the error is
	// then a TooManyRequests. The namespace of the client does not count.
	Evict(ctx context.Context, eviction *policyv1beta1.Eviction) error
}

func (c *evictions) Evict(ctx context.Context, eviction *policyv1beta1.Eviction) error {
	return clientruntime.Evict(ctx, c, eviction.Namespace, eviction)
}
