package patch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kubejson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	kjson "sigs.k8s.io/json"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// encode returns the JSON of an object that is to be patched. Its apiVersion and kind are in it even if the object has none.
func encode(gvk schema.GroupVersionKind, object apiobject.Object) ([]byte, error) {
	data, err := json.Marshal(apiobject.WithKind(object, gvk))
	if err != nil {
		return nil, apierrors.NewInternalError(fmt.Errorf("encoding the object to patch: %w", err))
	}
	return data, nil
}

// decode reads a patched document into a new object of the Go type of current. The complaints that there are already about the
// patch come before those about the document.
func (r Request) decode(current apiobject.Object, document []byte, complaints []error) (apiobject.Object, []string, error) {
	found, err := kubejson.DefaultMetaFactory.Interpret(document)
	if err != nil {
		return nil, nil, invalid(string(document), err)
	}
	var object apiobject.Object
	var unknown []error
	if _, ok := current.(*unstructured.Unstructured); ok {
		object, unknown, err = r.decodeCustom(current, document, *found)
	} else {
		object, unknown, err = r.decodeTyped(current, document, *found)
	}
	if err != nil {
		return nil, nil, err
	}
	warnings, err := r.judge(string(document), append(complaints, unknown...))
	if err != nil {
		return nil, nil, err
	}
	return object, warnings, nil
}

func (r Request) decodeTyped(current apiobject.Object, document []byte, found schema.GroupVersionKind) (apiobject.Object, []error, error) {
	if found.Kind == "" {
		found.Kind = r.Kind.Kind
	}
	if found.Version == "" { // the server looks for the name in an object of no version, and finds none
		return nil, nil, apierrors.NewBadRequest(
			fmt.Sprintf("the name of the object (%s based on URL) was undeterminable: name must be provided", current.GetName()))
	}
	if found != r.Kind {
		err := runtime.NewNotRegisteredErrForKind("pkg/runtime/scheme.go:111", found) // the scheme of the real server is named so
		return nil, nil, invalid(string(document), err)
	}
	object := apiobject.NewLike(current)
	unknown, err := kjson.UnmarshalStrict(document, object)
	if err != nil {
		return nil, nil, invalid(string(document), err)
	}
	object.GetObjectKind().SetGroupVersionKind(r.Kind)
	return object, unknown, nil
}

func (r Request) decodeCustom(current apiobject.Object, document []byte, found schema.GroupVersionKind) (apiobject.Object, []error, error) {
	if found.Kind == "" {
		return nil, nil, invalid(string(document), runtime.NewMissingKindErr(string(bytes.TrimSpace(document))))
	}
	object := &unstructured.Unstructured{}
	unknown, err := kjson.UnmarshalStrict(document, &object.Object)
	if err != nil {
		return nil, nil, invalid(string(document), err)
	}
	metaUnknown, err := coerceMetadata(object.Object)
	if err != nil {
		return nil, nil, invalid(string(document), err)
	}
	unknown = append(unknown, metaUnknown...)
	if r.Prune != nil {
		for _, path := range r.Prune(object.Object) {
			unknown = append(unknown, fmt.Errorf("unknown field %q", path))
		}
	}
	return object, unknown, r.checkKind(current.GetName(), found)
}

// checkKind refuses that a patch makes a custom object one of another kind or version.
func (r Request) checkKind(name string, found schema.GroupVersionKind) error {
	refuse := func(path, is, want string) error {
		return apierrors.NewInvalid(found.GroupKind(), name,
			field.ErrorList{field.Invalid(field.NewPath(path), is, "must be "+want)})
	}
	switch {
	case found.Version == "":
		return apierrors.NewInternalError(runtime.NewMissingVersionErr("object has no apiVersion field"))
	case found.Kind != r.Kind.Kind:
		return refuse("kind", found.Kind, r.Kind.Kind)
	case found.GroupVersion() != r.Kind.GroupVersion():
		return refuse("apiVersion", found.GroupVersion().String(), r.Kind.GroupVersion().String())
	default:
		return nil
	}
}

// coerceMetadata makes the metadata of a custom object what metav1.ObjectMeta can be, and complains about what else is in it.
func coerceMetadata(object map[string]any) (unknown []error, err error) {
	value, ok := object["metadata"]
	if !ok || value == nil {
		return nil, nil
	}
	data, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var metadata metav1.ObjectMeta
	unknown, err = kjson.UnmarshalStrict(data, &metadata)
	if err != nil {
		return nil, err
	}
	for _, complaint := range unknown {
		if about, ok := errors.AsType[kjson.FieldError](complaint); ok {
			about.SetFieldPath("metadata." + about.FieldPath())
		}
	}
	object["metadata"], err = runtime.DefaultUnstructuredConverter.ToUnstructured(&metadata)
	return unknown, err
}
