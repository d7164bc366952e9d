package defaulting

import (
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"
)

// Default sets the fields of obj that are not set and have a default. It changes no field that is set, but for what a kube-apiserver changes, too: quantities
// of resources are rounded up to thousandths, stringData of a secret becomes data, a namespace is labelled with its name, and the old field serviceAccount of
// a pod follows serviceAccountName. Doing it twice is doing it once. Objects of kinds without defaults stay as they are.
//
// The labels of a job that has none become those of its template: one map in both, until the object is copied.
func Default(obj runtime.Object) {
	if set := table[reflect.TypeOf(obj)]; set != nil {
		set(obj)
	}
}

// to sets a field that has the zero value.
func to[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// pointTo sets a field that is nil to a pointer to value.
func pointTo[T any](field **T, value T) {
	if *field == nil {
		*field = &value
	}
}
