package catalog

import (
	"bytes"
	_ "embed" // the table
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// row is a resource in the table; test/apiserver/cmd/dump-resources writes it.
type row struct {
	Group      string       `json:"group"`
	Resource   string       `json:"resource"`
	Singular   string       `json:"singular"`
	Kind       string       `json:"kind"`
	Namespaced bool         `json:"namespaced"`
	ShortNames []string     `json:"shortNames"`
	Categories []string     `json:"categories"`
	Storage    string       `json:"storage"` // group/version of the stored objects; "/v1" for the core group; empty: not stored
	Versions   []rowVersion `json:"versions"`
}

type rowVersion struct {
	Name         string           `json:"name"`
	Default      bool             `json:"default"`
	Verbs        string           `json:"verbs"` // separated by commas
	Subresources []rowSubresource `json:"subresources"`
}

type rowSubresource struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"` // group/version/kind; a kind alone is of the resource's group and version
	Verbs string `json:"verbs"`
}

//go:embed resources.jsonl
var tableText []byte

// table returns the rows of the table, which must not be changed.
var table = sync.OnceValue(func() []row {
	rows, err := parseTable(tableText)
	if err != nil {
		panic("catalog: resources.jsonl: " + err.Error()) // it is compiled in
	}
	return rows
})

// groupRanks returns the places of the table's groups in discovery.
var groupRanks = sync.OnceValue(func() map[string]int {
	ranks := make(map[string]int)
	for _, r := range table() {
		if _, ok := ranks[r.Group]; !ok {
			ranks[r.Group] = len(ranks)
		}
	}
	return ranks
})

// rowsByName returns the table by the names of the resources.
var rowsByName = sync.OnceValue(func() map[schema.GroupResource]*row {
	byName := make(map[schema.GroupResource]*row)
	for i := range table() {
		r := &table()[i]
		byName[schema.GroupResource{Group: r.Group, Resource: r.Resource}] = r
	}
	return byName
})

func parseTable(text []byte) ([]row, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var rows []row
	for {
		var r row
		if err := decoder.Decode(&r); errors.Is(err, io.EOF) {
			return rows, nil
		} else if err != nil {
			return nil, fmt.Errorf("resource %d: %w", len(rows)+1, err)
		}
		rows = append(rows, r)
	}
}

// groupVersionKind is the kind of the objects of a version of the row.
func (r *row) groupVersionKind(version string) schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: r.Group, Version: version, Kind: r.Kind}
}

// storageKind is the kind of the objects that kube-apiserver stores.
func (r *row) storageKind() schema.GroupVersionKind {
	group, version, _ := strings.Cut(r.Storage, "/")
	return schema.GroupVersionKind{Group: group, Version: version, Kind: r.Kind}
}

// kindOf is the kind of the objects of a subresource in a version of the row.
func (r *row) kindOf(version string, sub rowSubresource) schema.GroupVersionKind {
	if parts := strings.Split(sub.Kind, "/"); len(parts) == 3 {
		return schema.GroupVersionKind{Group: parts[0], Version: parts[1], Kind: parts[2]}
	}
	return schema.GroupVersionKind{Group: r.Group, Version: version, Kind: sub.Kind}
}
