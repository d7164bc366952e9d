package runtime

import (
	"net/http"
	"reflect"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/rest"
)

// resource builds the requests for the objects of one resource in one
// namespace, or in the cluster if the namespace is empty. It is immutable and
// knows no Go type of the objects, so that it is compiled once and not once per
// kind.
type resource struct {
	client         rest.Interface
	parameterCodec runtime.ParameterCodec
	name           string
	namespace      string
	protobuf       bool
}

// on addresses a request to the resource.
func (r *resource) on(request *rest.Request) *rest.Request {
	return request.
		UseProtobufAsDefaultIfPreferred(r.protobuf).
		NamespaceIfScoped(r.namespace, r.namespace != "").
		Resource(r.name)
}

// params adds what opts says as query parameters. All fields of options may be
// left out when they are empty, so that empty options, which most are, need not
// be converted.
func (r *resource) params(request *rest.Request, opts runtime.Object) *rest.Request {
	if reflect.ValueOf(opts).Elem().IsZero() {
		return request
	}
	return request.VersionedParams(opts, r.parameterCodec)
}

func (r *resource) get(name string, opts metav1.GetOptions) *rest.Request {
	return r.params(r.on(r.client.Get()).Name(name), &opts)
}

func (r *resource) list(opts metav1.ListOptions) *rest.Request {
	return r.params(r.on(r.client.Get()), &opts).Timeout(timeout(opts))
}

func (r *resource) watch(opts metav1.ListOptions) *rest.Request {
	opts.Watch = true
	return r.list(opts)
}

func (r *resource) create(body runtime.Object, opts metav1.CreateOptions) *rest.Request {
	return r.params(r.on(r.client.Post()), &opts).Body(body)
}

func (r *resource) update(name string, body runtime.Object, opts metav1.UpdateOptions) *rest.Request {
	return r.params(r.on(r.client.Put()).Name(name), &opts).Body(body)
}

func (r *resource) patch(name string, pt types.PatchType, data []byte, opts metav1.PatchOptions) *rest.Request {
	return r.params(r.on(r.client.Patch(pt)).Name(name), &opts).Body(data)
}

func (r *resource) apply(name string, configuration any, opts metav1.ApplyOptions) *rest.Request {
	patchOptions := opts.ToPatchOptions()
	return r.params(r.on(r.client.Verb(http.MethodPatch)).Name(name), &patchOptions).ApplyConfiguration(configuration)
}

func (r *resource) delete(name string, opts metav1.DeleteOptions) *rest.Request {
	return r.on(r.client.Delete()).Name(name).Body(&opts)
}

func (r *resource) deleteCollection(opts metav1.DeleteOptions, listOpts metav1.ListOptions) *rest.Request {
	return r.params(r.on(r.client.Delete()), &listOpts).Timeout(timeout(listOpts)).Body(&opts)
}

// timeout is how long the caller allows the server to take; zero is no limit.
func timeout(opts metav1.ListOptions) time.Duration {
	if opts.TimeoutSeconds == nil {
		return 0
	}
	return time.Duration(*opts.TimeoutSeconds) * time.Second
}
