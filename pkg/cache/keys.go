package cache

import (
	"errors"
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/api/meta"
)

// KeyFunc computes the key of an object. It must always compute the same for the same object.
type KeyFunc func(obj interface{}) (string, error)

// KeyError is the error of a KeyFunc, with the object.
type KeyError struct {
	Obj interface{}
	Err error
}

// Error names the type of the object and the reason; the object itself may be large, or secret, and is not printed.
func (k KeyError) Error() string {
	return fmt.Sprintf("no key for an object of type %T: %v", k.Obj, k.Err)
}

// Unwrap returns the reason.
func (k KeyError) Unwrap() error { return k.Err }

// objectKey returns the key that keyFunc computes; the error is a KeyError.
func objectKey(keyFunc KeyFunc, obj interface{}) (string, error) {
	key, err := keyFunc(obj)
	if err != nil {
		return "", KeyError{obj, err}
	}
	return key, nil
}

// deletionKey is objectKey that also knows DeletedFinalStateUnknown.
func deletionKey(keyFunc KeyFunc, obj interface{}) (string, error) {
	if deleted, ok := obj.(DeletedFinalStateUnknown); ok {
		return deleted.Key, nil
	}
	return objectKey(keyFunc, obj)
}

// ExplicitKey is a key that stands for its object where MetaNamespaceKeyFunc is used.
type ExplicitKey string

// MetaNamespaceKeyFunc is the usual KeyFunc: namespace/name, or the name alone for an object without a namespace.
func MetaNamespaceKeyFunc(obj interface{}) (string, error) {
	if key, ok := obj.(ExplicitKey); ok {
		return string(key), nil
	}
	name, err := ObjectToName(obj)
	if err != nil {
		return "", err
	}
	return name.String(), nil
}

// DeletionHandlingMetaNamespaceKeyFunc is MetaNamespaceKeyFunc that also knows DeletedFinalStateUnknown. Use it in
// OnDelete.
func DeletionHandlingMetaNamespaceKeyFunc(obj interface{}) (string, error) {
	if deleted, ok := obj.(DeletedFinalStateUnknown); ok {
		return deleted.Key, nil
	}
	return MetaNamespaceKeyFunc(obj)
}

// SplitMetaNamespaceKey is the reverse of MetaNamespaceKeyFunc.
func SplitMetaNamespaceKey(key string) (namespace, name string, err error) {
	parsed, err := ParseObjectName(key)
	return parsed.Namespace, parsed.Name, err
}

// ObjectToName returns namespace and name of an API object.
func ObjectToName(obj interface{}) (ObjectName, error) {
	if obj == nil {
		return ObjectName{}, errors.New("there is no object, only nil")
	}
	accessor, err := meta.Accessor(obj)
	if err != nil {
		return ObjectName{}, fmt.Errorf("object has no meta: %w", err)
	}
	if v := reflect.ValueOf(accessor); v.Kind() == reflect.Pointer && v.IsNil() {
		return ObjectName{}, fmt.Errorf("there is no object, only a nil %T", obj)
	}
	return MetaObjectToName(accessor), nil
}

// DeletionHandlingObjectToName is ObjectToName that also knows DeletedFinalStateUnknown. Use it in OnDelete.
func DeletionHandlingObjectToName(obj interface{}) (ObjectName, error) {
	if deleted, ok := obj.(DeletedFinalStateUnknown); ok {
		return ParseObjectName(deleted.Key)
	}
	return ObjectToName(obj)
}

// IndexFuncToKeyFuncAdapter makes a KeyFunc of an IndexFunc that returns one value for every object; none, or more than
// one, is an error.
func IndexFuncToKeyFuncAdapter(indexFunc IndexFunc) KeyFunc {
	return func(obj interface{}) (string, error) {
		values, err := indexFunc(obj)
		switch {
		case err != nil:
			return "", err
		case len(values) != 1:
			return "", fmt.Errorf("the index function returned %d values where a key needs exactly one", len(values))
		}
		return values[0], nil
	}
}

// keyOf is the key of a typed object.
func keyOf[T Object](object T) (string, error) {
	var none T
	if object == none {
		return "", KeyError{object, errors.New("there is no object, only nil")}
	}
	return NewObjectName(object.GetNamespace(), object.GetName()).String(), nil
}
