package cache

import (
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// preparer is a ReflectorStore that can be asked of one object whether it will take it. One that it will not, since its
// transform or its key function fails or panics, is then left out of a list, instead of failing it.
type preparer interface {
	// prepare returns what to give to the store in place of the object.
	prepare(obj interface{}) (interface{}, error)
}

// acceptPrepared is accept and then prepare, if the store can.
func acceptPrepared(accept func(runtime.Object) (any, error), store ReflectorStore) func(runtime.Object) (any, error) {
	p, ok := ownStore[preparer](store)
	if !ok {
		return accept
	}
	return func(object runtime.Object) (any, error) {
		accepted, err := accept(object)
		if err != nil {
			return nil, err
		}
		return p.prepare(accepted)
	}
}

// prepared is an object that was transformed already. To the reflector it is the object that it was made of.
type prepared struct {
	object interface{}
	origin metav1.Object // may be nil
}

// GetObjectMeta implements metav1.ObjectMetaAccessor.
func (p prepared) GetObjectMeta() metav1.Object { return p.origin }

// prepare transforms an object and computes its key, which is all of a store that may fail for one object.
func prepare(transform TransformFunc, key func(interface{}) (string, error), obj interface{}) (interface{}, error) {
	object, err := transformed(transform, obj)
	if err != nil {
		return nil, err
	}
	if _, err := key(object); err != nil {
		if keyError, ok := errors.AsType[KeyError](err); ok {
			err = keyError.Err // it is kept for long, and the object should not be
		}
		return nil, fmt.Errorf("key: %w", err)
	}
	if transform == nil {
		return object, nil
	}
	origin, err := meta.Accessor(obj)
	if err != nil {
		origin = nil
	}
	return prepared{object, origin}, nil
}
