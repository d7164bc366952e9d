package smdschema

import (
	_ "embed" // of markers.txt
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/structured-merge-diff/v6/schema"
)

//go:embed markers.txt
var builtin string

// Markers are comment markers of types and fields, by package. They are immutable. The zero value knows none.
type Markers struct {
	// packages has, by import path and by "Type" or "Type.Field", the markers as they are written: "name=value".
	packages map[string]map[string][]string
}

// Builtin returns the markers of k8s.io/api and of the types of k8s.io/apimachinery that it uses.
func Builtin() Markers {
	markers, err := ParseMarkers(builtin)
	if err != nil {
		panic(err) // the file is a part of the program, and tested
	}
	return markers
}

// ParseMarkers reads what internal/markergen writes: lines with the path of a package, each followed by lines of its types and
// fields, which begin with a tab and whose parts are separated by tabs.
func ParseMarkers(text string) (Markers, error) {
	markers := Markers{packages: make(map[string]map[string][]string)}
	var current map[string][]string
	line := 0
	for content := range strings.Lines(text) {
		line++
		content = strings.TrimSuffix(content, "\n")
		entry, indented := strings.CutPrefix(content, "\t")
		switch {
		case content == "" || strings.HasPrefix(content, "#"):
		case !indented:
			current = make(map[string][]string)
			markers.packages[content] = current
		case current == nil:
			return Markers{}, fmt.Errorf("markers, line %d: write the path of a package before its types", line)
		default:
			parts := strings.Split(entry, "\t")
			current[parts[0]] = parts[1:]
		}
	}
	return markers, nil
}

// of returns the markers of a type ("Type") or a field ("Type.Field").
func (m Markers) of(path, name string) tags { return tags{comments: m.packages[path][name]} }

// tags are what is said about one field or type beside its Go type.
type tags struct {
	comments []string // "name=value"
	strategy string   // patchStrategy of the struct tag
	mergeKey string   // patchMergeKey of the struct tag
}

// all returns the values of the marker of that name.
func (t tags) all(name string) (values []string) {
	for _, comment := range t.comments {
		if value, ok := strings.CutPrefix(comment, name+"="); ok {
			values = append(values, value)
		}
	}
	return values
}

func (t tags) one(name string) string {
	values := t.all(name)
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// list says how the elements of a list belong together: by listType, else by the strategic merge patch of the field.
func (t tags) list() (relationship schema.ElementRelationship, keys []string, err error) {
	switch listType := t.one("listType"); listType {
	case "atomic":
		return schema.Atomic, nil, nil
	case "set":
		return schema.Associative, nil, nil
	case "map":
		if keys = t.all("listMapKey"); len(keys) == 0 {
			return "", nil, fmt.Errorf("listType=map needs a listMapKey")
		}
		return schema.Associative, keys, nil
	case "":
	default:
		return "", nil, fmt.Errorf("listType=%s: it must be atomic, set or map", listType)
	}
	if !slices.Contains(strings.Split(t.strategy, ","), "merge") {
		return schema.Atomic, nil, nil
	}
	if t.mergeKey == "" {
		return schema.Associative, nil, nil
	}
	return schema.Associative, []string{t.mergeKey}, nil
}

// relationship says how the fields of a map or struct belong together: by mapType or structType; empty if nothing is said.
func (t tags) relationship(marker string) (schema.ElementRelationship, error) {
	switch value := t.one(marker); value {
	case "":
		return "", nil
	case "atomic":
		return schema.Atomic, nil
	case "granular":
		return schema.Separable, nil
	default:
		return "", fmt.Errorf("%s=%s: it must be atomic or granular", marker, value)
	}
}

// defaultValue is the value that the default marker has; nil if there is none.
func (t tags) defaultValue() (value any, err error) {
	text := t.one("default")
	if text == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return nil, fmt.Errorf("default=%s: %w", text, err)
	}
	return value, nil
}
