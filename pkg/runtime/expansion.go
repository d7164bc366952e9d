package runtime

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/net"

	"github.com/kubewright/kubewright/pkg/rest"
)

// What is in this file carries methods of clients that are written by hand, in
// files called <type>_expansion.go: those that no tag can describe.

// GetRequest returns the request for the subresource of the named object, with
// opts as query parameters, for the caller to send as it likes: as a stream, for
// example.
func GetRequest(c Requester, name, subresource string, opts runtime.Object) *rest.Request {
	r := c.requests()
	return r.client.Get().Namespace(r.namespace).Resource(r.name).Name(name).SubResource(subresource).
		VersionedParams(opts, r.parameterCodec)
}

// Submit posts obj to the subresource of the named object. What the server answers
// says no more than that it took it.
func Submit(ctx context.Context, c Requester, name, subresource string, obj runtime.Object, opts metav1.CreateOptions) error {
	return c.requests().create(obj, opts).Name(name).SubResource(subresource).Do(ctx).Error()
}

// Evict asks the server to evict the pod that has the name of the eviction, which
// is of any version of the policy group, in the namespace. The client may be one of
// pods or of evictions: the request goes to pods. An error that IsTooManyRequests
// recognises says that a PodDisruptionBudget does not allow it now.
func Evict(ctx context.Context, c Requester, namespace string, eviction objectWithMeta) error {
	r := c.requests()
	return r.client.Post().AbsPath("/api/v1").UseProtobufAsDefaultIfPreferred(r.protobuf).
		Namespace(namespace).Resource("pods").Name(eviction.GetName()).SubResource("eviction").
		Body(eviction).Do(ctx).Error()
}

// Proxy returns the request that has the server get path, with params as its query
// parameters, from what the named object stands for: a pod, or the endpoints of a
// service. scheme ("http" or "https") and port (a number, or the name of a port)
// may be empty.
func Proxy(c Requester, scheme, name, port, path string, params map[string]string) rest.ResponseWrapper {
	r := c.requests()
	request := r.client.Get().Namespace(r.namespace).Resource(r.name).
		Name(net.JoinSchemeNamePort(scheme, name, port)).SubResource("proxy").Suffix(path)
	for name, value := range params {
		request = request.Param(name, value)
	}
	return request
}

// InNamespaceOf returns the client of the namespace that obj is in. A client that
// has a namespace already serves objects in that one only.
func (c *Client[T]) InNamespaceOf(obj metav1.Object) (*Client[T], error) {
	namespace := obj.GetNamespace()
	if own := c.resource.namespace; own != "" && own != namespace {
		return nil, fmt.Errorf("%s %q is in namespace %q, and this client is of namespace %q: use a client of all namespaces or of that one",
			c.resource.name, obj.GetName(), namespace, own)
	}
	other := *c
	other.resource.namespace = namespace
	return &other, nil
}
