package v1

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// NodeExpansion has the methods of NodeInterface that no tag describes.
type NodeExpansion interface {
	// PatchStatus changes the status of a node as data says, a strategic merge patch.
	PatchStatus(ctx context.Context, nodeName string, data []byte) (*corev1.Node, error)
}

func (c *nodes) PatchStatus(ctx context.Context, nodeName string, data []byte) (*corev1.Node, error) {
	return c.Patch(ctx, nodeName, types.StrategicMergePatchType, data, metav1.PatchOptions{}, "status")
}
