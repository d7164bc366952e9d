// Package rootonly has no marker for the package.
package rootonly

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var _ runtime.Object = &Root{}

// +kubebuilder:object:root=true
type Root struct{ metav1.TypeMeta }

var _ schema.ObjectKind = (&Root{}).GetObjectKind()

type NotCopied struct{ Names []string }
