package customresource

import (
	_ "embed" // definition.yaml
	"fmt"
	"sync"

	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// definitionYAML says how the fields of a CustomResourceDefinition are merged: versions are one field, conditions have their type as key.
//
//go:embed definition.yaml
var definitionYAML string

// definitionType is definitionYAML, parsed.
var definitionType = sync.OnceValue(func() *typed.ParseableType {
	parser, err := typed.NewParser(typed.YAMLObject(definitionYAML))
	if err != nil {
		panic(fmt.Sprintf("definition.yaml: %v", err)) // a part of this package, which tests read
	}
	parsed := parser.Type("definition")
	return &parsed
})
