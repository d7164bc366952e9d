package defaulting

import certificatesv1beta1 "k8s.io/api/certificates/v1beta1"

// certificateSeconds is how long a pod's certificate is valid at most: a day.
const certificateSeconds = int32(86400)

func podCertificateRequest(r *certificatesv1beta1.PodCertificateRequest) {
	pointTo(&r.Spec.MaxExpirationSeconds, certificateSeconds)
}
