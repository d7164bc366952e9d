package apiservertest

import (
	"net/http"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/access"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/discovery"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/endpoint"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/openapi"
)

// routes returns the handler of all paths.
func (m *machinery) routes(o *options) http.Handler {
	documents := discovery.Handler(m.catalog, discovery.Options{Codec: m.codec})
	schemas := openapi.Handler(m.catalog, openapi.Options{Scheme: m.scheme, Custom: m.customSchema, Now: o.now})
	var api http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case discovery.Owns(path):
			documents.ServeHTTP(w, r)
		case openapi.Owns(path):
			schemas.ServeHTTP(w, r)
		default:
			m.endpoint.ServeHTTP(w, r)
		}
	})
	api = access.Handler(api, m.authenticator, o.authorizer, endpoint.Fail(m.codec))
	for i := len(o.middleware) - 1; i >= 0; i-- {
		api = o.middleware[i](api)
	}
	return endpoint.Headers(api)
}

// customSchema returns the schema of a custom resource as plain values.
func (m *machinery) customSchema(r *kind.Resource, v *kind.Version) map[string]any {
	schema := m.definitions.OpenAPI(r, v)
	if schema == nil {
		return nil
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(schema)
	if err != nil {
		return nil // anything may be in the objects, as far as clients are told
	}
	return content
}
