package testing

import (
	"encoding/json"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
	"github.com/kubewright/kubewright/pkg/internal/patch"
)

// Apply implements ObjectTracker. The configuration is unstructured, or of any type whose JSON has only the fields that are
// applied. It says of which kind it is. A tracker with field managers refuses with a Conflict to change fields that others
// own, unless it is forced; one without merges as a strategic merge patch does, and knows no owners.
func (t *tracker) Apply(gvr schema.GroupVersionResource, applyConfiguration runtime.Object, ns string, opts ...metav1.PatchOptions) error {
	configuration, ok := applyConfiguration.(*unstructured.Unstructured)
	if !ok {
		data, err := json.Marshal(applyConfiguration)
		if err != nil {
			return err
		}
		if configuration, err = patch.Applied(data); err != nil {
			return err
		}
	}
	o := option(opts)
	_, err := t.apply(request{resource: gvr, namespace: ns, manager: o.FieldManager, dryRun: o.DryRun}, configuration, o.Force != nil && *o.Force)
	return err
}

// apply merges a configuration into the object of its name, and returns a copy of what is stored.
func (t *tracker) apply(r request, configuration *unstructured.Unstructured, force bool) (runtime.Object, error) {
	received, err := received(configuration, r.namespace)
	if err != nil {
		return nil, err
	}
	configuration = received.(*unstructured.Unstructured)
	name := configuration.GetName()
	return t.commit(r, name, func(current apiobject.Object) (apiobject.Object, error) {
		if current == nil && r.subresource != "" {
			return nil, r.notFound(name)
		}
		applied, err := t.merged(r, current, configuration, force)
		switch {
		case err != nil:
			return nil, err
		case current != nil:
			return applied, t.checkVersion(r, current, applied)
		case t.fields != nil:
			return identified(applied), nil
		default:
			return applied, nil
		}
	})
}

func (t *tracker) merged(r request, current apiobject.Object, configuration *unstructured.Unstructured, force bool) (apiobject.Object, error) {
	if t.fields != nil {
		return t.fields.apply(r, current, configuration, force)
	}
	if current == nil {
		return t.newFrom(configuration)
	}
	body, err := configuration.MarshalJSON()
	if err != nil {
		return nil, err
	}
	language := types.StrategicMergePatchType
	if _, custom := current.(*unstructured.Unstructured); custom {
		language = types.MergePatchType
	}
	object, err := patched(r, current, language, body)
	if err != nil {
		return nil, err
	}
	object.GetObjectKind().SetGroupVersionKind(configuration.GroupVersionKind())
	return object, nil
}

// newFrom returns an object of the kind of a configuration, with its fields.
func (t *tracker) newFrom(configuration *unstructured.Unstructured) (apiobject.Object, error) {
	empty, err := t.scheme.New(configuration.GroupVersionKind())
	if err != nil {
		return nil, err
	}
	object, err := objectOf(empty)
	if err != nil {
		return nil, err
	}
	return object, runtime.DefaultUnstructuredConverter.FromUnstructured(configuration.Object, object)
}
