package fake

import (
	"context"

	extensionsv1beta1 "k8s.io/api/extensions/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/runtime/fake"
)

// Rollback creates the subresource "rollback" of the deployment, which does not change the deployment.
func (c *fakeDeployments) Rollback(ctx context.Context, deploymentRollback *extensionsv1beta1.DeploymentRollback, opts metav1.CreateOptions) error {
	_, err := fake.CreateAs(ctx, c, &extensionsv1beta1.DeploymentRollback{}, deploymentRollback.Name, "rollback", deploymentRollback, opts)
	return err
}
