package cache

import (
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// ObjectName is the namespace, if any, and the name of an object of some kind.
type ObjectName struct {
	Namespace string
	Name      string
}

// NewObjectName makes an ObjectName.
func NewObjectName(namespace, name string) ObjectName {
	return ObjectName{Namespace: namespace, Name: name}
}

// MetaObjectToName returns the ObjectName of an object.
func MetaObjectToName(obj metav1.Object) ObjectName {
	return NewObjectName(obj.GetNamespace(), obj.GetName())
}

// NamespacedNameAsObjectName converts from types.NamespacedName.
func NamespacedNameAsObjectName(nn types.NamespacedName) ObjectName {
	return NewObjectName(nn.Namespace, nn.Name)
}

// ParseObjectName is the reverse of ObjectName.String.
func ParseObjectName(str string) (ObjectName, error) {
	namespace, name, found := strings.Cut(str, "/")
	switch {
	case !found:
		return ObjectName{Name: str}, nil
	case strings.Contains(name, "/"):
		return ObjectName{}, fmt.Errorf("unexpected key format: %q is neither name nor namespace/name", str)
	}
	return NewObjectName(namespace, name), nil
}

// Parts returns namespace and name.
func (objName ObjectName) Parts() (namespace, name string) {
	return objName.Namespace, objName.Name
}

// String is namespace/name, or the name alone: the key of MetaNamespaceKeyFunc. (types.NamespacedName keeps the slash.)
func (objName ObjectName) String() string {
	if objName.Namespace == "" {
		return objName.Name
	}
	return objName.Namespace + "/" + objName.Name
}

// AsNamespacedName converts to types.NamespacedName.
func (objName ObjectName) AsNamespacedName() types.NamespacedName {
	return types.NamespacedName{Namespace: objName.Namespace, Name: objName.Name}
}
