package customresource

import (
	"bytes"
	"encoding/json"
	"errors"
)

// JSONSchemaProps is a schema. This package only passes it on; it knows the fields to tell unknown ones.
type JSONSchemaProps struct {
	ID                   string                     `json:"id,omitempty"`
	Schema               string                     `json:"$schema,omitempty"`
	Ref                  *string                    `json:"$ref,omitempty"`
	Description          string                     `json:"description,omitempty"`
	Type                 string                     `json:"type,omitempty"`
	Format               string                     `json:"format,omitempty"`
	Title                string                     `json:"title,omitempty"`
	Default              *rawJSON                   `json:"default,omitempty"`
	Maximum              *float64                   `json:"maximum,omitempty"`
	ExclusiveMaximum     bool                       `json:"exclusiveMaximum,omitempty"`
	Minimum              *float64                   `json:"minimum,omitempty"`
	ExclusiveMinimum     bool                       `json:"exclusiveMinimum,omitempty"`
	MaxLength            *int64                     `json:"maxLength,omitempty"`
	MinLength            *int64                     `json:"minLength,omitempty"`
	Pattern              string                     `json:"pattern,omitempty"`
	MaxItems             *int64                     `json:"maxItems,omitempty"`
	MinItems             *int64                     `json:"minItems,omitempty"`
	UniqueItems          bool                       `json:"uniqueItems,omitempty"`
	MultipleOf           *float64                   `json:"multipleOf,omitempty"`
	Enum                 []rawJSON                  `json:"enum,omitempty"`
	MaxProperties        *int64                     `json:"maxProperties,omitempty"`
	MinProperties        *int64                     `json:"minProperties,omitempty"`
	Required             []string                   `json:"required,omitempty"`
	Items                *schemaOr                  `json:"items,omitempty"`
	AllOf                []JSONSchemaProps          `json:"allOf,omitempty"`
	OneOf                []JSONSchemaProps          `json:"oneOf,omitempty"`
	AnyOf                []JSONSchemaProps          `json:"anyOf,omitempty"`
	Not                  *JSONSchemaProps           `json:"not,omitempty"`
	Properties           map[string]JSONSchemaProps `json:"properties,omitempty"`
	AdditionalProperties *schemaOr                  `json:"additionalProperties,omitempty"`
	PatternProperties    map[string]JSONSchemaProps `json:"patternProperties,omitempty"`
	Dependencies         map[string]schemaOr        `json:"dependencies,omitempty"`
	AdditionalItems      *schemaOr                  `json:"additionalItems,omitempty"`
	Definitions          map[string]JSONSchemaProps `json:"definitions,omitempty"`
	ExternalDocs         *ExternalDocumentation     `json:"externalDocs,omitempty"`
	Example              *rawJSON                   `json:"example,omitempty"`
	Nullable             bool                       `json:"nullable,omitempty"`
	PreserveUnknown      *bool                      `json:"x-kubernetes-preserve-unknown-fields,omitempty"`
	EmbeddedResource     bool                       `json:"x-kubernetes-embedded-resource,omitempty"`
	IntOrString          bool                       `json:"x-kubernetes-int-or-string,omitempty"`
	ListMapKeys          []string                   `json:"x-kubernetes-list-map-keys,omitempty"`
	ListType             *string                    `json:"x-kubernetes-list-type,omitempty"`
	MapType              *string                    `json:"x-kubernetes-map-type,omitempty"`
	Validations          []ValidationRule           `json:"x-kubernetes-validations,omitempty"`
}

// rawJSON is a value that only libraries of schemas read.
type rawJSON = json.RawMessage

// ExternalDocumentation refers to documentation.
type ExternalDocumentation struct {
	Description string `json:"description,omitempty"`
	URL         string `json:"url,omitempty"`
}

// ValidationRule is a rule in CEL.
type ValidationRule struct {
	Rule              string  `json:"rule"`
	Message           string  `json:"message,omitempty"`
	MessageExpression string  `json:"messageExpression,omitempty"`
	Reason            *string `json:"reason,omitempty"`
	FieldPath         string  `json:"fieldPath,omitempty"`
	OptionalOldSelf   *bool   `json:"optionalOldSelf,omitempty"`
}

// schemaOr is what may be a schema, or a boolean, or a list of schemas or of strings, by the field that it is in. As in kube-apiserver, fields of such a schema
// that are unknown are dropped without a warning.
type schemaOr struct {
	Schema *JSONSchemaProps
	other  json.RawMessage
}

func (s *schemaOr) UnmarshalJSON(data []byte) error {
	switch data = bytes.TrimSpace(data); {
	case bytes.HasPrefix(data, []byte("{")):
		s.Schema = &JSONSchemaProps{}
		return json.Unmarshal(data, s.Schema)
	case bytes.HasPrefix(data, []byte("[")), bytes.Equal(data, []byte("true")), bytes.Equal(data, []byte("false")), bytes.Equal(data, []byte("null")):
		s.other = bytes.Clone(data)
		return nil
	}
	return errors.New("boolean or JSON schema expected")
}

func (s schemaOr) MarshalJSON() ([]byte, error) {
	if s.Schema != nil {
		return json.Marshal(s.Schema)
	}
	if s.other == nil {
		return []byte("null"), nil
	}
	return s.other, nil
}
