package fake

import (
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/testing"
)

// invoke lets the reactors answer an action. It returns their object as an R; empty if they have none.
func invoke[R runtime.Object](t target, action testing.Action, empty R) (R, error) {
	obj, err := t.fake.Invokes(action, empty)
	result, isR := obj.(R)
	switch {
	case isR:
		return result, err
	case obj == nil:
		return empty, err
	}
	if values, ok := obj.(*unstructured.Unstructured); ok {
		return empty, errors.Join(err, runtime.DefaultUnstructuredConverter.FromUnstructured(values.Object, empty))
	}
	wrong := fmt.Errorf("the reactor for %s %s answers with a %T, want a %T", action.GetVerb(), describe(action), obj, empty)
	return empty, errors.Join(err, wrong)
}

func describe(action testing.Action) string {
	text := action.GetResource().Resource
	if subresource := action.GetSubresource(); subresource != "" {
		text += "/" + subresource
	}
	return text
}
