package registry

import (
	"errors"
	"fmt"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// errDryRun ends a transaction of the storage that is to write nothing.
var errDryRun = errors.New("dry run")

// plainError is what kube-apiserver makes of errors that it has no reason for: code 500, and the message as it is.
func plainError(message string) error {
	return &apierrors.StatusError{ErrStatus: metav1.Status{
		Status:  metav1.StatusFailure,
		Code:    http.StatusInternalServerError,
		Message: message,
	}}
}

// invalidOptions refuses the options of a verb; nil if there are no errors.
func invalidOptions(kind string, errs field.ErrorList) error {
	if len(errs) == 0 {
		return nil
	}
	return apierrors.NewInvalid(schema.GroupKind{Group: metav1.GroupName, Kind: kind}, "", errs)
}

// modified is the conflict of a write with an old resourceVersion.
func modified(resource schema.GroupResource, name string) error {
	return apierrors.NewConflict(resource, name, errors.New("the object has been modified; please apply your changes to the latest version and try again"))
}

// tooLarge is the answer to a resourceVersion that has not come yet, after kube-apiserver has waited for it.
func tooLarge(at, current int64) error {
	err := apierrors.NewTimeoutError(fmt.Sprintf("Too large resource version: %d, current: %d", at, current), 1)
	err.ErrStatus.Details.Causes = []metav1.StatusCause{{
		Type:    metav1.CauseTypeResourceVersionTooLarge,
		Message: "Too large resource version",
	}}
	return err
}

// preconditionFailed is the storage's text for the uid of another object of that name.
func preconditionFailed(asked, found string) error {
	return fmt.Errorf("%s: UID in precondition: %s, UID in object meta: %s", "Precondition failed", asked, found)
}
