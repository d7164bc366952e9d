package redact

import "k8s.io/apimachinery/pkg/runtime"

// DecodeError returns the error of a decoder without what was decoded, all of which is in the errors about objects without kind
// or version: it may be a Secret.
func DecodeError(err error) error {
	switch {
	case runtime.IsMissingKind(err):
		return runtime.NewMissingKindErr(Marker)
	case runtime.IsMissingVersion(err):
		return runtime.NewMissingVersionErr(Marker)
	}
	return err
}
