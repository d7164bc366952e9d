package v1beta1

import (
	"context"

	extensionsv1beta1 "k8s.io/api/extensions/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	clientruntime "github.com/kubewright/kubewright/pkg/runtime"
)

// DeploymentExpansion has the methods of DeploymentInterface that no tag describes.
type DeploymentExpansion interface {
	// Rollback has the server roll the deployment of the rollback's name back to a revision.
	Rollback(ctx context.Context, deploymentRollback *extensionsv1beta1.DeploymentRollback, opts metav1.CreateOptions) error
}

func (c *deployments) Rollback(ctx context.Context, deploymentRollback *extensionsv1beta1.DeploymentRollback, opts metav1.CreateOptions) error {
	return clientruntime.Submit(ctx, c, deploymentRollback.Name, "rollback", deploymentRollback, opts)
}
