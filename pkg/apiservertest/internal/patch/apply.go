package patch

import (
	"errors"

	yamlv2 "go.yaml.in/yaml/v2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// ApplyOptions are the options of a server-side apply request.
type ApplyOptions struct {
	Manager    string // the option fieldManager, which an apply request must have
	Force      bool   // takes fields that other managers own
	Validation string // as Request.Validation; it is about fields that are there twice, unknown ones are always an error
}

// Apply merges the applied configuration in body, YAML or JSON, into live, and returns the new object in the version of the storage
// (of the subresource, if that has a kind of its own). Fields that the manager applied before and that are no longer in body go,
// unless somebody else owns them. A live of nil creates an object. Errors are 400 for bodies of another kind, 409 with the fields
// and their owners for conflicts, and 500 for what does not fit the schema of the kind, as on the real server.
//
// The name and namespace of what comes out are those of body: the caller compares them with those of the request.
func (m *FieldManagers) Apply(target kind.Target, live kind.Object, body []byte, options ApplyOptions) (kind.Object, []string, error) {
	applied, err := decodeYAML(body)
	if err != nil {
		return nil, nil, err
	}
	warnings, err := duplicateKeys(body, options.Validation)
	if err != nil {
		return nil, nil, err
	}
	f, c, err := m.manager(target, live)
	if err != nil {
		return nil, nil, err
	}
	var before runtime.Object
	if live != nil {
		before = live.DeepCopyObject() // parts of it become parts of the outcome
	} else if before, err = c.New(c.hubKind()); err != nil {
		return nil, nil, internal(err)
	}
	object, err := f.Apply(before, applied, options.Manager, options.Force)
	if err != nil {
		return nil, warnings, internal(err)
	}
	after := object.(kind.Object)
	inSeconds(after)
	return after, warnings, keepTimes(live, after)
}

// decodeYAML reads an object of any kind. Whole numbers are int64, as everywhere in unstructured objects.
func decodeYAML(body []byte) (*unstructured.Unstructured, error) {
	object := &unstructured.Unstructured{}
	data, err := yaml.YAMLToJSON(body)
	if err != nil {
		return nil, apierrors.NewBadRequest("error decoding YAML: error converting YAML to JSON: " + err.Error())
	}
	if err := kjson.UnmarshalCaseSensitivePreserveInts(data, &object.Object); err != nil {
		return nil, apierrors.NewBadRequest("error decoding YAML: error unmarshaling JSON: while decoding JSON: " + err.Error())
	}
	if object.Object == nil {
		object.Object = make(map[string]any)
	}
	return object, nil
}

// duplicateKeys looks for keys that are in a document twice: they are one error, or each is a warning.
func duplicateKeys(body []byte, validation string) (warnings []string, err error) {
	if validation == metav1.FieldValidationIgnore {
		return nil, nil
	}
	err = yaml.UnmarshalStrict(body, &map[string]any{})
	if err == nil {
		return nil, nil
	}
	var lines *yamlv2.TypeError
	if validation == metav1.FieldValidationStrict || !errors.As(err, &lines) {
		return nil, apierrors.NewBadRequest("error strict decoding YAML: " + err.Error())
	}
	return lines.Errors, nil
}
