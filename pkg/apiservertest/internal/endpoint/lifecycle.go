package endpoint

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// release is the minor version of Kubernetes 1 that the server behaves like.
const release = 36

// lifecycle returns the warning of a kind that is deprecated, as the types of k8s.io/api know it.
func lifecycle(obj runtime.Object, gvk schema.GroupVersionKind) []string {
	d, ok := obj.(interface{ APILifecycleDeprecated() (int, int) })
	if !ok {
		return nil
	}
	major, minor := d.APILifecycleDeprecated()
	if major == 0 || minor > release {
		return nil
	}
	text := fmt.Sprintf("%s %s is deprecated in v%d.%d+", gvk.GroupVersion(), gvk.Kind, major, minor)
	if r, ok := obj.(interface{ APILifecycleRemoved() (int, int) }); ok {
		if major, minor := r.APILifecycleRemoved(); major > 0 {
			text += fmt.Sprintf(", unavailable in v%d.%d+", major, minor)
		}
	}
	if r, ok := obj.(interface {
		APILifecycleReplacement() schema.GroupVersionKind
	}); ok {
		if by := r.APILifecycleReplacement(); !by.Empty() {
			text += fmt.Sprintf("; use %s %s", by.GroupVersion(), by.Kind)
		}
	}
	return []string{text}
}
