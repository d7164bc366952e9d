package patch

import (
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/mergepatch"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	kjson "sigs.k8s.io/json"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// malformed are the errors of strategic merge patches that are the client's fault.
var malformed = []error{
	mergepatch.ErrBadJSONDoc,
	mergepatch.ErrBadPatchFormatForPrimitiveList,
	mergepatch.ErrBadPatchFormatForRetainKeys,
	mergepatch.ErrBadPatchFormatForSetElementOrderList,
	mergepatch.ErrUnsupportedStrategicMergePatchFormat,
}

// strategicPatch merges lists as the struct tags of the Go type say. The kind of the object stays, whatever the patch says.
func strategicPatch(current apiobject.Object, r Request) (apiobject.Object, []string, error) {
	document, err := runtime.DefaultUnstructuredConverter.ToUnstructured(apiobject.WithKind(current, r.Kind))
	if err != nil {
		return nil, nil, apierrors.NewInternalError(fmt.Errorf("encoding the object to patch: %w", err))
	}
	patch := make(map[string]any)
	complaints, err := kjson.UnmarshalStrict(r.Body, &patch)
	if err != nil {
		return nil, nil, apierrors.NewBadRequest(err.Error())
	}
	object := apiobject.NewLike(current)
	patched, err := strategicpatch.StrategicMergeMapPatch(document, patch, object)
	if err != nil {
		return nil, nil, interpret(err)
	}
	err = runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(patched, object, !r.ignore())
	if strict, ok := runtime.AsStrictDecodingError(err); ok {
		complaints = append(complaints, strict.Errors()...)
	} else if err != nil {
		return nil, nil, invalid(fmt.Sprintf("%+v", patch), err)
	}
	warnings, err := r.judge(fmt.Sprintf("%+v", patch), complaints)
	if err != nil {
		return nil, nil, err
	}
	object.GetObjectKind().SetGroupVersionKind(r.Kind)
	return object, warnings, nil
}

// interpret gives an error of a merge the status that the server gives it: what it does not know is an internal error.
func interpret(err error) error {
	for _, known := range malformed {
		if errors.Is(err, known) {
			return apierrors.NewBadRequest(err.Error())
		}
	}
	if errors.Is(err, mergepatch.ErrNoListOfLists) {
		return rejected()
	}
	return Internal(err)
}
