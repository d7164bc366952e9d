package codec

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	kjson "sigs.k8s.io/json"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// definitions is the group of CustomResourceDefinitions.
const definitions = "apiextensions.k8s.io"

// decodeCustom decodes a custom object. Of its fields only those of metadata are known here; the others are known to its schema.
func (c *Codec) decodeCustom(media Media, data []byte, t kind.Target, strict bool) (kind.Object, []error, error) {
	want, obj := t.Resource.GroupVersionKind(t.Version), &unstructured.Unstructured{}
	_, gvk, err := c.decoder(media, strict).Decode(data, nil, obj)
	if runtime.IsMissingKind(err) && want.Group == definitions && obj.Object != nil {
		// Definitions are unstructured here only: there they are of a Go type, and need not say that they are.
		obj.SetGroupVersionKind(want)
		gvk, err = &want, nil
	}
	var problems []error
	if strictErr, ok := runtime.AsStrictDecodingError(err); ok {
		problems, err = strictErr.Errors(), nil
	}
	if err != nil {
		return nil, nil, unreadable(gvk, err, want.Kind, data)
	}
	if gvk.GroupVersion() != want.GroupVersion() {
		return nil, nil, otherVersion(obj.GetAPIVersion(), want)
	}
	unknown, err := readMetadata(obj, strict)
	if err != nil {
		return nil, nil, unreadable(&want, err, want.Kind, data)
	}
	if gvk.Kind != want.Kind {
		return nil, nil, apierrors.NewInvalid(gvk.GroupKind(), obj.GetName(), field.ErrorList{field.Invalid(field.NewPath("kind"), gvk.Kind, "must be "+want.Kind)})
	}
	problems = append(problems, unknown...)
	if c.config.Prune != nil {
		for _, path := range c.config.Prune(t, obj.Object) {
			if strict {
				problems = append(problems, fmt.Errorf("unknown field %q", path))
			}
		}
	}
	return obj, problems, nil
}

// readMetadata checks that the metadata of obj has the fields that metadata has, and drops the others.
func readMetadata(obj *unstructured.Unstructured, strict bool) ([]error, error) {
	content, ok := obj.Object["metadata"]
	if !ok || content == nil {
		return nil, nil
	}
	data, err := json.Marshal(content)
	if err != nil {
		return nil, err
	}
	var metadata metav1.ObjectMeta
	problems, err := kjson.UnmarshalStrict(data, &metadata, kjson.DisallowUnknownFields)
	if err != nil || len(problems) == 0 {
		return nil, err
	}
	known, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&metadata)
	if err != nil {
		return nil, err
	}
	obj.Object["metadata"] = known
	if !strict {
		return nil, nil
	}
	for i, problem := range problems {
		problems[i] = errors.New(strings.Replace(problem.Error(), `unknown field "`, `unknown field "metadata.`, 1))
	}
	return problems, nil
}
