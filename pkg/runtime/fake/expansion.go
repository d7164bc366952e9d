package fake

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"
	"path"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/pkg/testing"
)

// What is in this file carries methods of fakes that are written by hand, in files called fake_<type>_expansion.go: those
// that no tag can describe. Package runtime has the same for the real clients.

// Submit creates obj at a subresource of the object of its name, which is in the namespace of obj, or else in that of the
// client.
func Submit(_ context.Context, c Invoker, subresource string, obj objectWithMeta, opts metav1.CreateOptions) error {
	t := c.targets()
	return submit(t, t.resource, cmp.Or(obj.GetNamespace(), t.namespace), subresource, obj, opts)
}

// Evict evicts the pod that has the name of the eviction, from the namespace of the client, or else from that of the
// eviction. The client may be one of pods or of evictions.
func Evict(_ context.Context, c Invoker, eviction objectWithMeta) error {
	t := c.targets()
	pods := schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	return submit(t, pods, cmp.Or(t.namespace, eviction.GetNamespace()), "eviction", eviction, metav1.CreateOptions{})
}

func submit(t target, resource schema.GroupVersionResource, namespace, subresource string, obj runtime.Object, opts metav1.CreateOptions) error {
	_, err := t.fake.Invokes(testing.NewCreateSubresourceActionWithOptions(resource, "", subresource, namespace, obj, opts), obj)
	return err
}

// Proxy reads from what the named object stands for. It answers as the reactors for proxies do; without one, nil.
func Proxy(c Invoker, scheme, name, port, path string, params map[string]string) rest.ResponseWrapper {
	t := c.targets()
	return t.fake.InvokesProxy(testing.NewProxyGetAction(t.resource, t.namespace, scheme, name, port, path, params))
}

// GetRequest reads the subresource of the named object, with opts as the value of the action. What comes of it is the answer
// to the request that it returns: the Raw of a runtime.Unknown, an error, and else the given text.
func GetRequest(c Invoker, name, subresource string, opts runtime.Object, answer string) *rest.Request {
	t := c.targets()
	obj, err := t.fake.Invokes(testing.GenericActionImpl{
		ActionImpl: testing.ActionImpl{Verb: "get", Namespace: t.namespace, Resource: t.resource, Subresource: subresource},
		Value:      opts,
	}, nil)
	body := []byte(answer)
	if unknown, ok := obj.(*runtime.Unknown); ok {
		body = unknown.Raw
	}
	client := &http.Client{Transport: answering(func(request *http.Request) (*http.Response, error) {
		if err != nil {
			return nil, err
		}
		return &http.Response{
			Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{"Content-Type": {"text/plain"}}, Body: io.NopCloser(bytes.NewReader(body)), Request: request,
		}, nil
	})}
	prefix := path.Join("/apis", t.resource.Group, t.resource.Version)
	if t.resource.Group == "" {
		prefix = path.Join("/api", t.resource.Version)
	}
	content := rest.ClientContentConfig{GroupVersion: t.resource.GroupVersion()}
	return rest.NewRequestWithClient(&url.URL{Scheme: "https", Host: "localhost"}, prefix, content, client).
		Verb(http.MethodGet).NamespaceIfScoped(t.namespace, t.namespace != "").Resource(t.resource.Resource).Name(name).SubResource(subresource)
}

// answering is a server in the place of a transport.
type answering func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (a answering) RoundTrip(request *http.Request) (*http.Response, error) { return a(request) }

// InNamespaceOf returns the client of the namespace that obj is in, unless it has a namespace already.
func (c *FakeClient[T]) InNamespaceOf(obj metav1.Object) *FakeClient[T] {
	other := *c
	other.target.namespace = cmp.Or(c.target.namespace, obj.GetNamespace())
	return &other
}
