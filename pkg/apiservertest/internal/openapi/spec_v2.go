package openapi

// The types of this file are the part of OpenAPI 2.0 that the document of all group versions
// has.

// swagger is what /openapi/v2 answers.
type swagger struct {
	Swagger             string                    `json:"swagger"`
	Info                info                      `json:"info"`
	Paths               map[string]pathItemV2     `json:"paths"`
	Definitions         map[string]any            `json:"definitions"`
	Parameters          map[string]parameterV2    `json:"parameters"`
	SecurityDefinitions map[string]securityScheme `json:"securityDefinitions"`
	Security            []map[string][]string     `json:"security"`
}

type pathItemV2 struct {
	Get        *operationV2  `json:"get,omitempty"`
	Put        *operationV2  `json:"put,omitempty"`
	Post       *operationV2  `json:"post,omitempty"`
	Delete     *operationV2  `json:"delete,omitempty"`
	Patch      *operationV2  `json:"patch,omitempty"`
	Parameters []parameterV2 `json:"parameters,omitempty"`
}

type operationV2 struct {
	Description string                `json:"description"`
	Consumes    []string              `json:"consumes"`
	Produces    []string              `json:"produces"`
	Schemes     []string              `json:"schemes"`
	Tags        []string              `json:"tags"`
	OperationID string                `json:"operationId"`
	Parameters  []parameterV2         `json:"parameters,omitempty"`
	Responses   map[string]responseV2 `json:"responses"`
	Action      string                `json:"x-kubernetes-action,omitempty"`
	Kind        *groupVersionKind     `json:"x-kubernetes-group-version-kind,omitempty"`
}

// parameterV2 is a parameter, or a reference to one that many operations have.
type parameterV2 struct {
	Ref         string `json:"$ref,omitempty"`
	UniqueItems bool   `json:"uniqueItems,omitempty"`
	Type        string `json:"type,omitempty"`
	Description string `json:"description,omitempty"`
	Name        string `json:"name,omitempty"`
	In          string `json:"in,omitempty"`
	Required    bool   `json:"required,omitempty"`
	Schema      any    `json:"schema,omitempty"`
}

type responseV2 struct {
	Description string `json:"description"`
	Schema      any    `json:"schema,omitempty"`
}
