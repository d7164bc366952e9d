package bench

import (
	"context"
	"net/http"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	theircore "k8s.io/client-go/kubernetes/typed/core/v1"
	theirrest "k8s.io/client-go/rest"

	ourcore "github.com/kubewright/kubewright/generated/kubernetes/typed/core/v1"
	ourrest "github.com/kubewright/kubewright/pkg/rest"
)

// options are what all stacks are configured with; none has a rate limit.
type options struct {
	host      string
	ca        []byte
	transport http.RoundTripper // nil means the stack's own
	mediaType string
}

const (
	token     = "token-of-the-benchmark"
	userAgent = "bench/v1"
)

// objects are the calls that typed clients have.
type objects[T, L runtime.Object] interface {
	Get(ctx context.Context, name string, opts metav1.GetOptions) (T, error)
	List(ctx context.Context, opts metav1.ListOptions) (L, error)
	Create(ctx context.Context, obj T, opts metav1.CreateOptions) (T, error)
	Patch(ctx context.Context, name string, pt types.PatchType, data []byte, opts metav1.PatchOptions, subresources ...string) (T, error)
}

// client is a client of one stack.
type client struct {
	stack      string // its name
	configMaps func(namespace string) objects[*corev1.ConfigMap, *corev1.ConfigMapList]
	pods       func(namespace string) objects[*corev1.Pod, *corev1.PodList]
	// request gets an object with the stack's RESTClient, without a typed client.
	request func(ctx context.Context, resource, name string, into runtime.Object) error
}

// stacks are what is compared: all by client-go.
var stacks = []struct {
	name     string
	jsonOnly bool
	connect  func(options) (client, error)
}{
	{name: "kubewright", connect: connectOurs},
	{name: "client-go", connect: connectTheirs},
	{name: "bare", connect: connectBare, jsonOnly: true},
}

func ourConfig(o options) *ourrest.Config {
	return &ourrest.Config{
		Host: o.host, Transport: o.transport, TLSClientConfig: ourrest.TLSClientConfig{CAData: o.ca},
		BearerToken: token, UserAgent: userAgent, QPS: -1,
		ContentConfig: ourrest.ContentConfig{ContentType: o.mediaType, AcceptContentTypes: o.mediaType},
	}
}

func theirConfig(o options) *theirrest.Config {
	return &theirrest.Config{
		Host: o.host, Transport: o.transport, TLSClientConfig: theirrest.TLSClientConfig{CAData: o.ca},
		BearerToken: token, UserAgent: userAgent, QPS: -1,
		ContentConfig: theirrest.ContentConfig{ContentType: o.mediaType, AcceptContentTypes: o.mediaType},
	}
}

func connectOurs(o options) (client, error) {
	core, err := ourcore.NewForConfig(ourConfig(o))
	if err != nil {
		return client{}, err
	}
	return client{
		configMaps: func(ns string) objects[*corev1.ConfigMap, *corev1.ConfigMapList] { return core.ConfigMaps(ns) },
		pods:       func(ns string) objects[*corev1.Pod, *corev1.PodList] { return core.Pods(ns) },
		request: func(ctx context.Context, resource, name string, into runtime.Object) error {
			return core.RESTClient().Get().Namespace(namespace).Resource(resource).Name(name).Do(ctx).Into(into)
		},
	}, nil
}

func connectTheirs(o options) (client, error) {
	core, err := theircore.NewForConfig(theirConfig(o))
	if err != nil {
		return client{}, err
	}
	return client{
		configMaps: func(ns string) objects[*corev1.ConfigMap, *corev1.ConfigMapList] { return core.ConfigMaps(ns) },
		pods:       func(ns string) objects[*corev1.Pod, *corev1.PodList] { return core.Pods(ns) },
		request: func(ctx context.Context, resource, name string, into runtime.Object) error {
			return core.RESTClient().Get().Namespace(namespace).Resource(resource).Name(name).Do(ctx).Into(into)
		},
	}, nil
}
