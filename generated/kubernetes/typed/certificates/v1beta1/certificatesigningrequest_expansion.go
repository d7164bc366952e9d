package v1beta1

import (
	"context"

	certificatesv1beta1 "k8s.io/api/certificates/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	clientruntime "github.com/kubewright/kubewright/pkg/runtime"
)

// CertificateSigningRequestExpansion has the methods of CertificateSigningRequestInterface that no tag describes.
type CertificateSigningRequestExpansion interface {
	// UpdateApproval replaces the conditions that say whether the request is approved.
	UpdateApproval(ctx context.Context, certificateSigningRequest *certificatesv1beta1.CertificateSigningRequest, opts metav1.UpdateOptions) (result *certificatesv1beta1.CertificateSigningRequest, err error)
}

func (c *certificateSigningRequests) UpdateApproval(ctx context.Context, certificateSigningRequest *certificatesv1beta1.CertificateSigningRequest, opts metav1.UpdateOptions) (result *certificatesv1beta1.CertificateSigningRequest, err error) {
	return clientruntime.UpdateAs(ctx, c, &certificatesv1beta1.CertificateSigningRequest{}, certificateSigningRequest.Name, "approval", certificateSigningRequest, opts)
}
