// Package apply makes requests for server-side apply, for programs that have no typed client for what they apply.
package apply

import (
	"net/http"

	"github.com/kubewright/kubewright/pkg/rest"
)

// NewRequest returns a request that applies a configuration, which is anything that encodes to an object with some of its
// fields set. It says nothing yet about where: the caller adds namespace, resource and name, and as parameters the options
// fieldManager, which servers require, and force.
//
// The configuration is sent as CBOR if the client's content type is that, and else as JSON, which the server reads as YAML.
// If it cannot be encoded, there is an error and no request.
func NewRequest(client rest.Interface, applyConfiguration interface{}) (*rest.Request, error) {
	request := client.Verb(http.MethodPatch).ApplyConfiguration(applyConfiguration)
	if err := request.Error(); err != nil {
		return nil, err
	}
	return request, nil
}
