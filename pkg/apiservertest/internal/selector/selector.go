package selector

import (
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// Selector is a predicate of objects. The zero value selects all. It is immutable.
type Selector struct {
	labels labels.Selector
	fields fields.Selector
	table  table
}

// Parse reads the labelSelector and fieldSelector of a request to a resource. Custom resources can be selected by name, by namespace and by the fields
// whose paths are given, as "spec.color". Errors are StatusErrors with code 400.
func Parse(r *kind.Resource, labelSelector, fieldSelector string, selectable ...string) (Selector, error) {
	s := Selector{table: tableOf(r, selectable)}
	if labelSelector != "" {
		parsed, err := labels.Parse(labelSelector)
		if err != nil {
			return Selector{}, apierrors.NewBadRequest(err.Error())
		}
		s.labels = parsed
	}
	if fieldSelector != "" {
		parsed, err := fields.ParseSelector(fieldSelector)
		if err != nil {
			return Selector{}, apierrors.NewBadRequest(err.Error())
		}
		for _, requirement := range parsed.Requirements() {
			if s.table.fields[requirement.Field] == nil {
				return Selector{}, apierrors.NewBadRequest(s.table.unknown(requirement.Field))
			}
		}
		s.fields = parsed
	}
	return s, nil
}

// Empty reports whether s selects all objects.
func (s Selector) Empty() bool {
	return (s.labels == nil || s.labels.Empty()) && (s.fields == nil || s.fields.Empty())
}

// Matches reports whether s selects obj, which is of the version that the storage has. It may be called concurrently.
func (s Selector) Matches(obj kind.Object) bool {
	if s.labels != nil && !s.labels.Matches(labels.Set(obj.GetLabels())) {
		return false
	}
	return s.fields == nil || s.fields.Matches(attributes{obj, s.table.fields})
}

// attributes are the fields of one object, read when they are asked for.
type attributes struct {
	obj    kind.Object
	fields map[string]field
}

func (a attributes) Has(name string) bool { return a.fields[name] != nil }

func (a attributes) Get(name string) string {
	if f := a.fields[name]; f != nil {
		return f(a.obj)
	}
	return ""
}
