package storage

import (
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Key names an object. Namespace is empty for objects of the cluster.
type Key struct {
	Resource        schema.GroupResource
	Namespace, Name string
}

// String is for messages.
func (k Key) String() string {
	if k.Namespace == "" {
		return k.Resource.String() + " " + k.Name
	}
	return k.Resource.String() + " " + k.Namespace + "/" + k.Name
}

// path orders objects of a resource as etcd orders those of a kube-apiserver: byte by byte, with the slash as a part of
// the text. Neither namespaces nor names contain one.
func path(namespace, name string) string { return namespace + "/" + name }

// bounds are the first path of a namespace, and the first behind it; of all namespaces if it is empty.
func bounds(namespace string) (from, to string) {
	if namespace == "" {
		return "", ""
	}
	return namespace + "/", namespace + string('/'+1)
}

// behind is the first path that may come after that of an object.
func behind(namespace, name string) string { return path(namespace, name) + "\x00" }
