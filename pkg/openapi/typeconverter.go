package openapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/kube-openapi/pkg/validation/spec"

	"github.com/kubewright/kubewright/pkg/internal/parallel"
)

// maxParallel is how many documents are asked for at the same time.
const maxParallel = 16

// NewTypeConverterWithContext reads all documents of client and returns a converter for the kinds in them, which gives
// objects the types that server-side apply merges them by. With preserveUnknownFields, objects may have fields that are not
// in the documents. It is an error if a document cannot be read: its kinds would seem not to exist.
func NewTypeConverterWithContext(ctx context.Context, client ClientWithContext, preserveUnknownFields bool) (managedfields.TypeConverter, error) {
	paths, err := client.PathsWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("unable to list the OpenAPI documents: %w", err)
	}
	names := slices.Sorted(maps.Keys(paths))
	documents := make([]map[string]*spec.Schema, len(names))
	errs := make([]error, len(names))
	parallel.Do(len(names), maxParallel, func(i int) {
		documents[i], errs[i] = schemas(ctx, paths[names[i]])
		if errs[i] != nil {
			errs[i] = fmt.Errorf("unable to read the OpenAPI document %s: %w", names[i], errs[i])
		}
	})
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	// What several documents refer to, such as ObjectMeta, is in each of them.
	all := map[string]*spec.Schema{}
	for _, document := range documents {
		maps.Copy(all, document)
	}
	return managedfields.NewTypeConverter(all, preserveUnknownFields)
}

// schemas returns the types of a document by their names.
func schemas(ctx context.Context, gv GroupVersionWithContext) (map[string]*spec.Schema, error) {
	body, err := gv.SchemaWithContext(ctx, runtime.ContentTypeJSON)
	if err != nil {
		return nil, err
	}
	var document struct {
		Components struct {
			Schemas map[string]*spec.Schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(body, &document); err != nil {
		return nil, err
	}
	for name, schema := range document.Components.Schemas {
		if schema == nil {
			return nil, fmt.Errorf("the schema of %s is null", name)
		}
	}
	return document.Components.Schemas, nil
}
