package fake

import (
	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/pkg/runtime/fake"
)

// ProxyGet returns what a reactor for proxies answers, or nil if there is none.
func (c *fakeServices) ProxyGet(scheme, name, port, path string, params map[string]string) rest.ResponseWrapper {
	return fake.Proxy(c, scheme, name, port, path, params)
}
