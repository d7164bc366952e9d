// Package v1 is input.
//
// +groupName=noclient.example.com
package v1

// SchemeGroupVersion, AddToScheme and Resource stand for what register-gen makes.
var SchemeGroupVersion, AddToScheme, Resource = 1, 2, 3

type Thing struct{}
