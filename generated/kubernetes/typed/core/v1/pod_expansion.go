package v1

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	policyv1beta1 "k8s.io/api/policy/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/rest"
	clientruntime "github.com/kubewright/kubewright/pkg/runtime"
)

// PodExpansion has the methods of PodInterface that no tag describes.
type PodExpansion interface {
	// Bind assigns the pod of the binding's name to the node in it, as schedulers do.
	Bind(ctx context.Context, binding *corev1.Binding, opts metav1.CreateOptions) error
	// Evict is EvictV1beta1.
	//
	// Deprecated: use EvictV1.
	Evict(ctx context.Context, eviction *policyv1beta1.Eviction) error
	// EvictV1 evicts the pod of the eviction's name, unless that hurts a PodDisruptionBudget: the error is then a
	// TooManyRequests.
	EvictV1(ctx context.Context, eviction *policyv1.Eviction) error
	// EvictV1beta1 does it with the version that servers before 1.22 have.
	EvictV1beta1(ctx context.Context, eviction *policyv1beta1.Eviction) error
	// GetLogs returns the request for the logs of a container. Its Stream reads them while they are written.
	GetLogs(name string, opts *corev1.PodLogOptions) *rest.Request
	// ProxyGet returns the request that has the server get path, with the query parameters params, from the pod. The
	// scheme and the port may be empty.
	ProxyGet(scheme, name, port, path string, params map[string]string) rest.ResponseWrapper
}

func (c *pods) Bind(ctx context.Context, binding *corev1.Binding, opts metav1.CreateOptions) error {
	return clientruntime.Submit(ctx, c, binding.Name, "binding", binding, opts)
}

func (c *pods) Evict(ctx context.Context, eviction *policyv1beta1.Eviction) error {
	return c.EvictV1beta1(ctx, eviction)
}

// The scheme of this package has no evictions, so that they have to say what they are.

func (c *pods) EvictV1(ctx context.Context, eviction *policyv1.Eviction) error {
	e := *eviction
	e.SetGroupVersionKind(policyv1.SchemeGroupVersion.WithKind("Eviction"))
	return clientruntime.Evict(ctx, c, c.GetNamespace(), &e)
}

func (c *pods) EvictV1beta1(ctx context.Context, eviction *policyv1beta1.Eviction) error {
	e := *eviction
	e.SetGroupVersionKind(policyv1beta1.SchemeGroupVersion.WithKind("Eviction"))
	return clientruntime.Evict(ctx, c, c.GetNamespace(), &e)
}

func (c *pods) GetLogs(name string, opts *corev1.PodLogOptions) *rest.Request {
	return clientruntime.GetRequest(c, name, "log", opts)
}

func (c *pods) ProxyGet(scheme, name, port, path string, params map[string]string) rest.ResponseWrapper {
	return clientruntime.Proxy(c, scheme, name, port, path, params)
}
