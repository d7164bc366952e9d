package fieldmanager

import (
	"errors"

	yamlv2 "go.yaml.in/yaml/v2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/apiobject"
	"github.com/kubewright/kubewright/pkg/internal/patch"
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
	applied, err := patch.Applied(body)
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
		return nil, nil, patch.Internal(err)
	}
	object, err := f.Apply(before, applied, options.Manager, options.Force)
	if err != nil {
		return nil, warnings, patch.Internal(err)
	}
	after := object.(kind.Object)
	apiobject.RoundTimes(after)
	return after, warnings, keepTimes(live, after)
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
