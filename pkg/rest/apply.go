package rest

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
	"k8s.io/apimachinery/pkg/types"
)

// ApplyConfiguration sets the body to a configuration for a server-side apply, and Content-Type to what says so. It is for
// requests with verb PATCH. The configuration is anything that encodes to an object with some of its fields set; it is sent
// as CBOR if the client's ContentType is that, and else as JSON, which the server reads as YAML.
func (r *Request) ApplyConfiguration(configuration any) *Request {
	patchType, marshal := types.ApplyYAMLPatchType, json.Marshal
	if r.content.contentType == runtime.ContentTypeCBOR {
		patchType, marshal = types.ApplyCBORPatchType, direct.Marshal
	}
	body, err := marshal(configuration)
	if err != nil {
		return r.fail(fmt.Errorf("unable to encode %T as the configuration to apply: %w", configuration, err))
	}
	return r.SetHeader(contentTypeHeader, string(patchType)).Body(body)
}
