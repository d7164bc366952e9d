package v1

import (
	"github.com/kubewright/kubewright/pkg/rest"
	clientruntime "github.com/kubewright/kubewright/pkg/runtime"
)

// ServiceExpansion has the methods of ServiceInterface that no tag describes.
type ServiceExpansion interface {
	// ProxyGet returns the request that has the server get path, with the query parameters params, from an endpoint of
	// the service. The scheme and the port, which can be the name of one, may be empty.
	ProxyGet(scheme, name, port, path string, params map[string]string) rest.ResponseWrapper
}

func (c *services) ProxyGet(scheme, name, port, path string, params map[string]string) rest.ResponseWrapper {
	return clientruntime.Proxy(c, scheme, name, port, path, params)
}
