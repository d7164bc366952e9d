package openapi

import (
	"reflect"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/smdschema"
)

// special returns the schema of a struct whose JSON is not that of its fields; nil for
// others. Most say so by the methods that kube-openapi looks for.
func special(t reflect.Type) *schema {
	switch smdschema.Name(t) {
	case "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1", "io.k8s.apimachinery.pkg.apis.meta.v1.Patch",
		"io.k8s.apimachinery.pkg.runtime.RawExtension":
		return &schema{Type: "object"}
	}
	zero := reflect.Zero(t).Interface()
	formatted, ok := zero.(interface {
		OpenAPISchemaType() []string
		OpenAPISchemaFormat() string
	})
	if !ok {
		return nil
	}
	s := &schema{Format: formatted.OpenAPISchemaFormat()}
	if choice, ok := zero.(interface{ OpenAPIV3OneOfTypes() []string }); ok {
		for _, one := range choice.OpenAPIV3OneOfTypes() {
			s.OneOf = append(s.OneOf, &schema{Type: one})
		}
		return s
	}
	if types := formatted.OpenAPISchemaType(); len(types) > 0 {
		s.Type = types[0]
	}
	return s
}
