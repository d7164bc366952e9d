package testing

import (
	"maps"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// ProxyGetAction reads from a pod or service through the API server.
type ProxyGetAction interface {
	Action
	GetScheme() string
	GetName() string
	GetPort() string
	GetPath() string
	GetParams() map[string]string
}

// ProxyGetActionImpl implements ProxyGetAction.
type ProxyGetActionImpl struct {
	ActionImpl
	Scheme string
	Name   string
	Port   string
	Path   string
	Params map[string]string
}

// NewProxyGetAction returns an action that reads path from a port of the named object.
func NewProxyGetAction(resource schema.GroupVersionResource, namespace, scheme, name, port, path string, params map[string]string) ProxyGetActionImpl {
	return ProxyGetActionImpl{
		ActionImpl: newAction("get", resource, "", namespace),
		Scheme:     scheme,
		Name:       name,
		Port:       port,
		Path:       path,
		Params:     params,
	}
}

// GetScheme implements ProxyGetAction.
func (a ProxyGetActionImpl) GetScheme() string { return a.Scheme }

// GetName implements ProxyGetAction.
func (a ProxyGetActionImpl) GetName() string { return a.Name }

// GetPort implements ProxyGetAction.
func (a ProxyGetActionImpl) GetPort() string { return a.Port }

// GetPath implements ProxyGetAction.
func (a ProxyGetActionImpl) GetPath() string { return a.Path }

// GetParams implements ProxyGetAction.
func (a ProxyGetActionImpl) GetParams() map[string]string { return a.Params }

// DeepCopy implements Action.
func (a ProxyGetActionImpl) DeepCopy() Action {
	a.Params = maps.Clone(a.Params)
	return a
}
