package fake

import (
	"context"
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/internal/applytarget"
	"github.com/kubewright/kubewright/pkg/testing"
)

// The functions in this file carry the methods that a `+genclient:method` tag adds to a client, as those of package runtime
// with the same names do for the real one. R is the type of the result; the argument empty is returned if there is none.
//
// An empty subresource means the resource itself; name is then empty for CreateAs, ListAs and ApplyAs.

// Invoker is implemented by the clients of this package, and so by every generated fake that embeds one.
type Invoker interface{ targets() target }

// GetAs reads the subresource of the named object, for example its scale.
func GetAs[R runtime.Object](_ context.Context, c Invoker, empty R, name, subresource string, opts metav1.GetOptions) (R, error) {
	t := c.targets()
	return invoke(t, testing.NewGetSubresourceActionWithOptions(t.resource, t.namespace, subresource, name, opts), empty)
}

// ListAs lists the subresource of the named object, or the resource.
func ListAs[R runtime.Object](_ context.Context, c Invoker, empty R, name, subresource string, opts metav1.ListOptions) (R, error) {
	if _, err := testing.ParseListOptions(opts); err != nil {
		return empty, err
	}
	t := c.targets()
	action := testing.NewListActionWithOptions(t.resource, t.kind, t.namespace, opts)
	action.Name, action.Subresource = name, subresource
	return invoke(t, action, empty)
}

// CreateAs posts obj to the subresource of the named object, or to the resource.
func CreateAs[R runtime.Object](_ context.Context, c Invoker, empty R, name, subresource string, obj runtime.Object, opts metav1.CreateOptions) (R, error) {
	t := c.targets()
	return invoke(t, testing.NewCreateSubresourceActionWithOptions(t.resource, name, subresource, t.namespace, obj, opts), empty)
}

// UpdateAs puts obj to the subresource of the object of its name, or in its place. The name is that of the path in a real
// client; an action has only the one of obj.
func UpdateAs[R runtime.Object](_ context.Context, c Invoker, empty R, _, subresource string, obj runtime.Object, opts metav1.UpdateOptions) (R, error) {
	t := c.targets()
	return invoke(t, testing.NewUpdateSubresourceActionWithOptions(t.resource, subresource, t.namespace, obj, opts), empty)
}

// PatchAs patches the subresource of the named object, or the object.
func PatchAs[R runtime.Object](_ context.Context, c Invoker, empty R, name string, pt types.PatchType, data []byte, opts metav1.PatchOptions, subresources ...string) (R, error) {
	t := c.targets()
	return invoke(t, testing.NewPatchSubresourceActionWithOptions(t.resource, t.namespace, name, pt, data, opts, subresources...), empty)
}

// ApplyAs applies a configuration, a pointer, to the subresource of the named object, or to the object of the name in the
// configuration.
func ApplyAs[R runtime.Object, C comparable](ctx context.Context, c Invoker, empty R, name, subresource string, configuration C, opts metav1.ApplyOptions) (R, error) {
	name, err := applytarget.Name(configuration, name, subresource)
	if err != nil {
		return empty, err
	}
	data, err := json.Marshal(configuration)
	if err != nil {
		return empty, fmt.Errorf("encoding the configuration to apply: %w", err)
	}
	return PatchAs(ctx, c, empty, name, types.ApplyPatchType, data, opts.ToPatchOptions(), parts(subresource)...)
}

func parts(subresource string) []string {
	if subresource == "" {
		return nil
	}
	return []string{subresource}
}
