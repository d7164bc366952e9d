package fake_test

import (
	"errors"
	"io"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/pkg/runtime/fake"
	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

func TestGetRequestAnswersAsTheReactorDoes(t *testing.T) {
	failure := errors.New("failure")
	for name, test := range map[string]struct {
		object runtime.Object
		err    error
		want   string
	}{
		"nothing":      {nil, nil, "text"},
		"bytes":        {&runtime.Unknown{Raw: []byte("bytes")}, nil, "bytes"},
		"no bytes":     {&runtime.Unknown{}, nil, ""},
		"another type": {configMap("a"), nil, "text"},
		"an error":     {nil, failure, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := answering(test.object, test.err)
			request := fake.GetRequest(c, "a", "log", &metav1.ListOptions{Limit: 3}, "text")
			if got, want := request.URL().String(), "https://localhost/api/v1/namespaces/ns/configmaps/a/log"; got != want {
				t.Errorf("URL %s, want %s", got, want)
			}
			for range 2 { // a request can be sent again, and that is no action
				got, err := request.DoRaw(t.Context())
				if string(got) != test.want || !errors.Is(err, test.err) {
					t.Errorf("%q, error %v", got, err)
				}
			}
			stream, err := request.Stream(t.Context())
			if !errors.Is(err, test.err) {
				t.Errorf("error %v", err)
			}
			if err == nil {
				got, err := io.ReadAll(stream)
				if _ = stream.Close(); string(got) != test.want || err != nil {
					t.Errorf("stream of %q, error %v", got, err)
				}
			}
			action, ok := c.Actions()[0].(clienttesting.GenericAction)
			if len(c.Actions()) != 1 || !ok || action.GetVerb() != "get" || action.GetSubresource() != "log" || action.GetValue().(*metav1.ListOptions).Limit != 3 {
				t.Errorf("%+v", c.Actions())
			}
		})
	}
}

func TestSubmissionsAreCreated(t *testing.T) {
	c, ctx := answering(nil, nil), t.Context()
	elsewhere := configMap("a")
	elsewhere.Namespace = "other"
	for _, err := range []error{
		fake.Submit(ctx, c, "sub", configMap("a"), metav1.CreateOptions{FieldManager: "me"}),
		fake.Submit(ctx, c, "sub", elsewhere, metav1.CreateOptions{}),
		fake.Evict(ctx, c, configMap("a")),
		fake.Evict(ctx, newClient(c.Fake, ""), elsewhere),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	for i, want := range []struct{ resource, subresource, namespace, manager string }{
		{"configmaps", "sub", "ns", "me"}, {"configmaps", "sub", "other", ""}, {"pods", "eviction", "ns", ""}, {"pods", "eviction", "other", ""},
	} {
		got, ok := c.Actions()[i].(clienttesting.CreateActionImpl)
		if !ok || got.Resource.Resource != want.resource || got.Subresource != want.subresource || got.Namespace != want.namespace ||
			got.CreateOptions.FieldManager != want.manager || got.Object.(*corev1.ConfigMap).Name != "a" {
			t.Errorf("%+v, want %+v", c.Actions()[i], want)
		}
	}
	failure := errors.New("failure")
	if err := fake.Submit(ctx, answering(nil, failure), "sub", configMap("a"), metav1.CreateOptions{}); err != failure {
		t.Errorf("error %v", err)
	}
}

func TestProxyAnswersAsItsReactorDoes(t *testing.T) {
	c := answering(nil, nil)
	if got := fake.Proxy(c, "https", "a", "80", "/x", nil); got != nil {
		t.Errorf("%v", got)
	}
	want := fake.GetRequest(c, "a", "log", nil, "")
	c.AddProxyReactor("configmaps", func(action clienttesting.Action) (bool, rest.ResponseWrapper, error) {
		return action.(clienttesting.ProxyGetAction).GetPort() == "80", want, nil
	})
	if got := fake.Proxy(c, "https", "a", "80", "/x", nil); got != want {
		t.Errorf("%v", got)
	}
}

func TestInNamespaceOf(t *testing.T) {
	elsewhere := configMap("a")
	elsewhere.Namespace = "other"
	f := &clienttesting.Fake{}
	for own, want := range map[string]string{"": "other", "ns": "ns"} {
		c := newClient(f, own)
		if got := c.InNamespaceOf(elsewhere).Namespace(); got != want || c.Namespace() != own {
			t.Errorf("client of %q is of %q, want %q", own, got, want)
		}
	}
}
