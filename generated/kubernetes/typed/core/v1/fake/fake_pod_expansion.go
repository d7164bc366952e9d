package fake

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	policyv1beta1 "k8s.io/api/policy/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/pkg/runtime/fake"
)

// Bind creates the subresource "binding" of the pod, which does not change the pod.
func (c *fakePods) Bind(ctx context.Context, binding *corev1.Binding, opts metav1.CreateOptions) error {
	return fake.Submit(ctx, c, "binding", binding, opts)
}

// Evict is EvictV1beta1.
//
// Deprecated: use EvictV1.
func (c *fakePods) Evict(ctx context.Context, eviction *policyv1beta1.Eviction) error {
	return c.EvictV1beta1(ctx, eviction)
}

// EvictV1 creates the subresource "eviction" of the pod, which does not delete the pod.
func (c *fakePods) EvictV1(ctx context.Context, eviction *policyv1.Eviction) error {
	return fake.Evict(ctx, c, eviction)
}

// EvictV1beta1 creates the subresource "eviction" of the pod, which does not delete the pod.
func (c *fakePods) EvictV1beta1(ctx context.Context, eviction *policyv1beta1.Eviction) error {
	return fake.Evict(ctx, c, eviction)
}

// GetLogs returns a request for "fake logs", or for what a reactor for the verb get on "pods/log" answers: its error, or the
// Raw of its *runtime.Unknown.
func (c *fakePods) GetLogs(name string, opts *corev1.PodLogOptions) *rest.Request {
	return fake.GetRequest(c, name, "log", opts, "fake logs")
}

// ProxyGet returns what a reactor for proxies answers, or nil if there is none.
func (c *fakePods) ProxyGet(scheme, name, port, path string, params map[string]string) rest.ResponseWrapper {
	return fake.Proxy(c, scheme, name, port, path, params)
}
