package fake

import (
	"context"

	certificatesv1beta1 "k8s.io/api/certificates/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/runtime/fake"
)

// UpdateApproval updates the subresource "approval".
func (c *fakeCertificateSigningRequests) UpdateApproval(ctx context.Context, certificateSigningRequest *certificatesv1beta1.CertificateSigningRequest, opts metav1.UpdateOptions) (result *certificatesv1beta1.CertificateSigningRequest, err error) {
	return fake.UpdateAs(ctx, c, &certificatesv1beta1.CertificateSigningRequest{}, certificateSigningRequest.Name, "approval", certificateSigningRequest, opts)
}
