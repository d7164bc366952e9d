package patch

import (
	"errors"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// invalid refuses what a patch makes of an object: value is the outcome or the patch, as the server shows it. The server does not
// say of which object it speaks.
func invalid(value any, err error) error {
	return apierrors.NewInvalid(schema.GroupKind{}, "", field.ErrorList{field.Invalid(field.NewPath("patch"), value, err.Error())})
}

// rejected refuses a patch that is well formed and cannot be applied, for a reason that the server keeps to itself.
func rejected() error {
	return apierrors.NewGenericServerResponse(http.StatusUnprocessableEntity, "", schema.GroupResource{}, "", "", 0, false)
}

// Internal wraps an error that has no status: the server answers 500 with its text, and no reason.
func Internal(err error) error {
	if err == nil || errors.As(err, new(apierrors.APIStatus)) {
		return err
	}
	return &apierrors.StatusError{ErrStatus: metav1.Status{
		Status:  metav1.StatusFailure,
		Code:    http.StatusInternalServerError,
		Message: err.Error(),
	}}
}

// judge makes of complaints about fields what the request asked for: nothing, warnings, or an error. The value is what the error
// shows.
func (r Request) judge(value any, complaints []error) (warnings []string, err error) {
	if len(complaints) == 0 || r.ignore() {
		return nil, nil
	}
	if r.strict() {
		return nil, invalid(value, runtime.NewStrictDecodingError(complaints))
	}
	for _, complaint := range complaints {
		warnings = append(warnings, complaint.Error())
	}
	return warnings, nil
}
