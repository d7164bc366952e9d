// +k8s:deepcopy-gen=package

// +k8s:defaulter-gen=TypeMeta

// Package files has its tags in register.go, where upstream does not look.
package files

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Thing struct {
	metav1.TypeMeta
	Names []string
}

func SetDefaults_Thing(thing *Thing) {}
