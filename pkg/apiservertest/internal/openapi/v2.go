package openapi

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// newSwagger makes one document of OpenAPI 2.0 of those of all group versions.
func newSwagger(version string, docs []*document) (*swagger, error) {
	s := &swagger{
		Swagger: "2.0", Info: newInfo(version),
		Paths: make(map[string]pathItemV2), Definitions: make(map[string]any), Parameters: make(map[string]parameterV2),
		SecurityDefinitions: securitySchemes(), Security: []map[string][]string{{"BearerToken": {}}},
	}
	for _, doc := range docs {
		for name, def := range doc.Components.Schemas {
			s.define(name, def)
		}
		for path, item := range doc.Paths {
			converted, err := s.path(item)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			s.Paths[path] = converted
		}
	}
	return s, nil
}

// define adds a definition. The types that every version has are in each document with other
// kinds; here they have all.
func (s *swagger) define(name string, def any) {
	converted := schemaV2(def)
	if old, ok := s.Definitions[name].(*schema); ok {
		if same, ok := converted.(*schema); ok {
			for _, k := range same.Kinds {
				if !slices.Contains(old.Kinds, k) {
					old.Kinds = append(old.Kinds, k)
				}
			}
			return
		}
	}
	s.Definitions[name] = converted
}

func (s *swagger) path(item pathItem) (converted pathItemV2, err error) {
	for _, op := range []struct {
		from *operation
		to   **operationV2
	}{{item.Get, &converted.Get}, {item.Put, &converted.Put}, {item.Post, &converted.Post}, {item.Delete, &converted.Delete}, {item.Patch, &converted.Patch}} {
		if op.from == nil {
			continue
		}
		if *op.to, err = s.operation(op.from); err != nil {
			return converted, err
		}
	}
	converted.Parameters, err = s.parameters(item.Parameters)
	return converted, err
}

func (s *swagger) operation(op *operation) (*operationV2, error) {
	converted := &operationV2{
		Description: op.Description, Consumes: []string{"*/*"}, Schemes: []string{"https"}, Tags: op.Tags, OperationID: op.OperationID,
		Responses: make(map[string]responseV2), Action: op.Action, Kind: op.Kind,
	}
	if op.RequestBody != nil {
		converted.Consumes = slices.Sorted(maps.Keys(op.RequestBody.Content))
		body, err := s.share(parameterV2{Name: "body", In: "body", Required: op.RequestBody.Required, Schema: schemaV2(anyOf(op.RequestBody.Content))})
		if err != nil {
			return nil, err
		}
		converted.Parameters = append(converted.Parameters, body)
	}
	parameters, err := s.parameters(op.Parameters)
	if err != nil {
		return nil, err
	}
	converted.Parameters = append(converted.Parameters, parameters...)
	for code, response := range op.Responses {
		one := responseV2{Description: response.Description}
		if len(response.Content) > 0 {
			one.Schema = schemaV2(anyOf(response.Content))
			converted.Produces = slices.Sorted(maps.Keys(response.Content))
		}
		converted.Responses[code] = one
	}
	return converted, nil
}

// anyOf returns the schema of a content, which is the same for all media types.
func anyOf(content map[string]mediaType) *schema {
	for _, m := range content {
		return m.Schema
	}
	return nil
}

func (s *swagger) parameters(all []parameter) ([]parameterV2, error) {
	var converted []parameterV2
	for _, p := range all {
		one, err := s.share(parameterV2{
			Name: p.Name, In: p.In, Description: p.Description, Required: p.Required, Type: p.Schema.Type, UniqueItems: p.Schema.UniqueItems,
		})
		if err != nil {
			return nil, err
		}
		converted = append(converted, one)
	}
	return converted, nil
}

// share puts a parameter among those of the whole document and returns a reference to it.
func (s *swagger) share(p parameterV2) (parameterV2, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return p, err
	}
	sum := sha256.Sum256(data)
	name := p.Name + "-" + base64.RawURLEncoding.EncodeToString(sum[:6])
	s.Parameters[name] = p
	return parameterV2{Ref: "#/parameters/" + name}, nil
}

// schemaV2 returns a schema in the words of OpenAPI 2.0: references stand beside
// descriptions, there are no alternatives, and kube-apiserver leaves defaults out.
func schemaV2(s any) any {
	switch s := s.(type) {
	case *schema:
		if s == nil {
			return nil
		}
		return typedV2(s)
	case map[string]any:
		converted := make(map[string]any)
		for name, value := range s {
			switch name {
			case "default", "nullable", "oneOf", "anyOf", "allOf", "not":
			case "properties":
				properties, _ := value.(map[string]any)
				each := make(map[string]any)
				for name, property := range properties {
					each[name] = schemaV2(property)
				}
				converted[name] = each
			default:
				converted[name] = schemaV2(value)
			}
		}
		return converted
	}
	return s
}

func typedV2(s *schema) *schema {
	c := *s
	c.Kinds = slices.Clone(s.Kinds)
	c.Default, c.AllOf, c.OneOf = nil, nil, nil
	if len(s.AllOf) > 0 {
		c.Ref = s.AllOf[0].Ref
	}
	if len(s.OneOf) > 0 {
		c.Type = "string"
	}
	c.Ref = strings.Replace(c.Ref, "#/components/schemas/", "#/definitions/", 1)
	if s.Items != nil {
		c.Items = typedV2(s.Items)
	}
	if s.AdditionalProperties != nil {
		c.AdditionalProperties = typedV2(s.AdditionalProperties)
	}
	if s.Properties != nil {
		c.Properties = make(map[string]*schema, len(s.Properties))
		for name, property := range s.Properties {
			c.Properties[name] = typedV2(property)
		}
	}
	return &c
}
