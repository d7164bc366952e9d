package runtime

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/internal/applytarget"
)

// The functions in this file carry the methods that a `+genclient:method` tag
// adds to a client: the verbs of Client and ClientWithList, on a subresource or
// with other types than the client's own. R is the type of the result, decoded
// into the argument result, which is returned.
//
// An empty subresource means the resource itself; name is then empty for
// CreateAs, ListAs and ApplyAs, as in the client's Create, List and Apply.

// Requester is implemented by the clients of this package, and so by every
// generated client that embeds one.
type Requester interface{ requests() *resource }

// GetAs reads the subresource of the named object, for example its scale.
func GetAs[R runtime.Object](ctx context.Context, c Requester, result R, name, subresource string, opts metav1.GetOptions) (R, error) {
	return into(ctx, c.requests().get(name, opts).SubResource(parts(subresource)...), result)
}

// ListAs lists the subresource of the named object, or the resource.
func ListAs[R runtime.Object](ctx context.Context, c Requester, result R, name, subresource string, opts metav1.ListOptions) (R, error) {
	request := c.requests().list(opts)
	if subresource != "" {
		request = request.Name(name).SubResource(subresource)
	}
	return into(ctx, request, result)
}

// CreateAs posts obj to the subresource of the named object, or to the resource.
func CreateAs[R runtime.Object](ctx context.Context, c Requester, result R, name, subresource string, obj runtime.Object, opts metav1.CreateOptions) (R, error) {
	request := c.requests().create(obj, opts)
	if subresource != "" {
		request = request.Name(name).SubResource(subresource)
	}
	return into(ctx, request, result)
}

// UpdateAs puts obj to the subresource of the named object, or in its place.
func UpdateAs[R runtime.Object](ctx context.Context, c Requester, result R, name, subresource string, obj runtime.Object, opts metav1.UpdateOptions) (R, error) {
	return into(ctx, c.requests().update(name, obj, opts).SubResource(parts(subresource)...), result)
}

// PatchAs patches the subresource of the named object, or the object.
func PatchAs[R runtime.Object](ctx context.Context, c Requester, result R, name string, pt types.PatchType, data []byte, opts metav1.PatchOptions, subresources ...string) (R, error) {
	return into(ctx, c.requests().patch(name, pt, data, opts).SubResource(subresources...), result)
}

// ApplyAs applies a configuration, a pointer, to the subresource of the named
// object, or to the object of the name in the configuration.
func ApplyAs[R runtime.Object, C comparable](ctx context.Context, c Requester, result R, name, subresource string, configuration C, opts metav1.ApplyOptions) (R, error) {
	name, err := applytarget.Name(configuration, name, subresource)
	if err != nil {
		return result, err
	}
	return into(ctx, c.requests().apply(name, configuration, opts).SubResource(parts(subresource)...), result)
}

func parts(subresource string) []string {
	if subresource == "" {
		return nil
	}
	return []string{subresource}
}
