package patch

import (
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// Applied reads the body of a server-side apply, YAML or JSON, as an object of any kind. Whole numbers are int64, as everywhere in
// unstructured objects.
func Applied(body []byte) (*unstructured.Unstructured, error) {
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
