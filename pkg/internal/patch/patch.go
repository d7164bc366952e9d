package patch

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// Request is a patch that a client sent.
type Request struct {
	// Type is its language, as [TypeOf] read it.
	Type types.PatchType
	// Kind is that of the object to patch, in the version of the request.
	Kind schema.GroupVersionKind
	Body []byte
	// Validation is metav1.FieldValidationIgnore, Warn or Strict: what to do about fields that the kind does not have, and about
	// fields that are there twice. Empty: Warn.
	Validation string
	// Prune removes from a custom object the fields that its schema does not have, and returns their paths, such as "spec.x".
	// Nil: all fields are kept.
	Prune func(object map[string]any) (unknown []string)
}

// languages are the patch types in the order in which errors list them; custom resources have no strategic merge patch.
var languages = []types.PatchType{types.JSONPatchType, types.MergePatchType, types.ApplyYAMLPatchType, types.StrategicMergePatchType}

// TypeOf returns the language of the patch that a Content-Type header names; 415 for others, and for a strategic merge patch of a
// custom resource.
func TypeOf(contentType string, custom bool) (types.PatchType, error) {
	accepted := languages
	if custom {
		accepted = accepted[:3]
	}
	mediaType, _, _ := strings.Cut(contentType, ";")
	if typ := types.PatchType(strings.TrimSpace(mediaType)); slices.Contains(accepted, typ) {
		return typ, nil
	}
	names := make([]string, len(accepted))
	for i, typ := range accepted {
		names[i] = string(typ)
	}
	return "", &apierrors.StatusError{ErrStatus: metav1.Status{
		Status:  metav1.StatusFailure,
		Code:    http.StatusUnsupportedMediaType,
		Reason:  metav1.StatusReasonUnsupportedMediaType,
		Message: fmt.Sprintf("the body of the request was in an unknown format - accepted media types include: %s", strings.Join(names, ", ")),
	}}
}

// Patch changes current as a JSON patch, a merge patch or a strategic merge patch says. It returns a new object of the Go type of
// current, which has to be in the version of the request, and the texts of warnings.
func Patch(current apiobject.Object, r Request) (apiobject.Object, []string, error) {
	switch r.Type {
	case types.JSONPatchType:
		return jsonPatch(current, r)
	case types.MergePatchType:
		return mergePatch(current, r)
	case types.StrategicMergePatchType:
		return strategicPatch(current, r)
	default:
		return nil, nil, fmt.Errorf("patch type %q is not for Patch: server-side apply needs field managers", r.Type)
	}
}

// strict says whether unknown and duplicate fields are errors.
func (r Request) strict() bool { return r.Validation == metav1.FieldValidationStrict }

// ignore says whether nobody wants to know about unknown and duplicate fields.
func (r Request) ignore() bool { return r.Validation == metav1.FieldValidationIgnore }
