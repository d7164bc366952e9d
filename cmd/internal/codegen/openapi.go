package codegen

import (
	"fmt"
	"os"

	openapi_v2 "github.com/google/gnostic-models/openapiv2"
	"k8s.io/kube-openapi/pkg/schemaconv"
	"k8s.io/kube-openapi/pkg/util/proto"
	"sigs.k8s.io/structured-merge-diff/v6/schema"
)

// openAPITypes reads the types in a file with an OpenAPI description.
func openAPITypes(file string) ([]schema.TypeDef, error) {
	if file == "" {
		return nil, nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, UsageErrorf("read --openapi-schema: %v", err)
	}
	wrong := func(err error) error {
		return UsageErrorf("--openapi-schema=%s has no OpenAPI description, version 2, in JSON: %v (give what a server has at /openapi/v2)", file, err)
	}
	document, err := openapi_v2.ParseDocument(content)
	if err != nil {
		return nil, wrong(err)
	}
	models, err := proto.NewOpenAPIData(document)
	if err != nil {
		return nil, wrong(err)
	}
	converted, err := schemaconv.ToSchema(models)
	if err != nil {
		return nil, wrong(err)
	}
	types := converted.Types
	for i := range types {
		if m := types[i].Map; m != nil {
			for j := range m.Fields {
				m.Fields[j].Default = jsonValue(m.Fields[j].Default)
			}
		}
	}
	return types, nil
}

// jsonValue returns a value of YAML with the maps that JSON has.
func jsonValue(value any) any {
	switch value := value.(type) {
	case map[any]any:
		m := map[string]any{}
		for key, entry := range value {
			m[fmt.Sprint(key)] = jsonValue(entry)
		}
		return m
	case []any:
		list := make([]any, len(value))
		for i, entry := range value {
			list[i] = jsonValue(entry)
		}
		return list
	}
	return value
}

// override returns the types, in which those that are described replace those of the same name, with all that these are
// made of.
func override(types, described []schema.TypeDef) []schema.TypeDef {
	byName := map[string]schema.TypeDef{}
	for _, t := range described {
		byName[t.Name] = t
	}
	seen := map[string]bool{}
	var all []schema.TypeDef
	var add func(t schema.TypeDef)
	add = func(t schema.TypeDef) {
		if d, ok := byName[t.Name]; ok {
			t = d
		}
		if seen[t.Name] {
			return
		}
		seen[t.Name] = true
		all = append(all, t)
		for _, name := range references(t.Atom) {
			if d, ok := byName[name]; ok {
				add(d)
			}
		}
	}
	for _, t := range types {
		add(t)
	}
	return all
}

// references returns the names of the types that a type is made of.
func references(atom schema.Atom) []string {
	var refs []schema.TypeRef
	if atom.List != nil {
		refs = append(refs, atom.List.ElementType)
	}
	if atom.Map != nil {
		refs = append(refs, atom.Map.ElementType)
		for _, field := range atom.Map.Fields {
			refs = append(refs, field.Type)
		}
	}
	var names []string
	for _, ref := range refs {
		if ref.NamedType != nil {
			names = append(names, *ref.NamedType)
		}
		names = append(names, references(ref.Inlined)...)
	}
	return names
}
