package typo

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

type Widget struct {
	metav1.TypeMeta
	metav1.ObjectMetadata
	Spec WigetSpec
	Next []map[string]*Gone
}

type WidgetSpec struct{}
