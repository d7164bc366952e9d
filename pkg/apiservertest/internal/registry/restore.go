package registry

import (
	"fmt"

	certificatesv1 "k8s.io/api/certificates/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// restore makes the fields of obj at a path of fieldmanager.ResetFields those of current, which has the same type.
func restore(obj, current kind.Object, path string) error {
	switch path {
	case "spec":
		takeAllButStatus(obj, current)
	case "status":
		takeStatus(obj, current)
	case "metadata":
		obj.SetLabels(current.GetLabels())
		obj.SetAnnotations(current.GetAnnotations())
		obj.SetFinalizers(current.GetFinalizers())
		obj.SetOwnerReferences(current.GetOwnerReferences())
	case "metadata.labels":
		obj.SetLabels(current.GetLabels())
	case "metadata.ownerReferences":
		obj.SetOwnerReferences(current.GetOwnerReferences())
	case "metadata.deletionTimestamp":
		obj.SetDeletionTimestamp(current.GetDeletionTimestamp())
	case "status.conditions":
		if a, b, ok := both[*certificatesv1.CertificateSigningRequest](obj, current); ok {
			a.Status.Conditions = b.Status.Conditions
		}
	case "status.certificate":
		if a, b, ok := both[*certificatesv1.CertificateSigningRequest](obj, current); ok {
			a.Status.Certificate = b.Status.Certificate
		}
	default:
		return fmt.Errorf("field %q of %T cannot be put back: package registry has to learn it", path, obj)
	}
	return nil
}
