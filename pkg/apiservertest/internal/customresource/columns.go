package customresource

import (
	"encoding/json"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// definitionColumns are those of CustomResourceDefinitions themselves.
func definitionColumns() []codec.Column {
	return []codec.Column{nameColumn(), {
		TableColumnDefinition: metav1.TableColumnDefinition{Name: "Created At", Type: "date", Description: metav1.ObjectMeta{}.SwaggerDoc()["creationTimestamp"]},
		Cell:                  func(obj kind.Object) any { return obj.GetCreationTimestamp().UTC().Format(time.RFC3339) },
	}}
}

func nameColumn() codec.Column {
	return codec.Column{
		TableColumnDefinition: metav1.TableColumnDefinition{Name: "Name", Type: "string", Format: "name", Description: metav1.ObjectMeta{}.SwaggerDoc()["name"]},
		Cell:                  func(obj kind.Object) any { return obj.GetName() },
	}
}

// compileColumns returns the columns of a Table as a version declares them; nil if it leaves them to the server. As on kube-apiserver, the first path that
// cannot be read ends them: it says itself in its log what is wrong.
func compileColumns(v *CustomResourceDefinitionVersion, now func() time.Time) []codec.Column {
	if len(v.AdditionalPrinterColumns) == 0 {
		return nil
	}
	columns := []codec.Column{nameColumn()}
	for _, c := range v.AdditionalPrinterColumns {
		path, err := parsePath(c.JSONPath)
		if err != nil {
			break
		}
		definition := metav1.TableColumnDefinition{Name: c.Name, Type: c.Type, Format: c.Format, Description: c.Description, Priority: c.Priority}
		if definition.Description == "" {
			definition.Description = "Custom resource definition column (in JSONPath format): " + c.JSONPath
		}
		columns = append(columns, codec.Column{TableColumnDefinition: definition, Cell: func(obj kind.Object) any {
			u, ok := obj.(*unstructured.Unstructured)
			if !ok {
				return nil
			}
			value, ok := path.first(u.Object)
			if !ok {
				return nil
			}
			return cell(c.Type, value, now)
		}})
	}
	return columns
}

// cell is what a Table shows of a value in a column of type typ; nil if the value is of another type.
func cell(typ string, value any, now func() time.Time) any {
	switch typ {
	case "integer":
		switch v := value.(type) {
		case int64:
			return v
		case float64:
			return int64(v)
		}
	case "number":
		switch value.(type) {
		case int64, float64:
			return value
		}
	case "boolean":
		if b, ok := value.(bool); ok {
			return b
		}
	case "string":
		return text(value)
	case "date":
		if s, ok := value.(string); ok {
			at, err := time.Parse(time.RFC3339, s)
			if err != nil {
				return "<invalid>"
			}
			return duration.HumanDuration(now().Sub(at))
		}
	}
	return nil
}

// text is a value as people read it.
func text(value any) string {
	switch v := value.(type) {
	case nil:
		return "<no value>"
	case map[string]any, []any:
		data, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return string(data)
	}
	return fmt.Sprint(value)
}
