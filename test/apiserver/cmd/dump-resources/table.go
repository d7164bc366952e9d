package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// row is a resource in the table. The names of the fields are those that the package
// catalog reads.
type row struct {
	Group      string       `json:"group"`
	Resource   string       `json:"resource"`
	Singular   string       `json:"singular"`
	Kind       string       `json:"kind"`
	Namespaced bool         `json:"namespaced"`
	ShortNames []string     `json:"shortNames,omitempty"`
	Categories []string     `json:"categories,omitempty"`
	Storage    string       `json:"storage,omitempty"` // group/version of the stored objects; "/v1" for the core group
	Versions   []rowVersion `json:"versions"`
}

type rowVersion struct {
	Name         string           `json:"name"`
	Default      bool             `json:"default"`
	Verbs        string           `json:"verbs"` // separated by commas
	Subresources []rowSubresource `json:"subresources,omitempty"`
}

type rowSubresource struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"` // group/version/kind; a kind alone is of the resource's group and version
	Verbs string `json:"verbs"`
}

// merge returns the resources of all, each version that released has as released has it.
// The groups have the order of all, and the resources of a group that of their names.
func merge(released, all []group) ([]row, error) {
	storages := storageHashes(all)
	var rows []row
	for _, g := range all {
		byName := make(map[string]*row)
		for _, v := range g.versions {
			for _, r := range v.resources {
				if strings.Contains(r.Name, "/") {
					continue
				}
				from, byDefault := v, false
				if old, ok := find(released, g.name, v.name, r.Name); ok {
					from, byDefault = old, true
				}
				if err := addVersion(byName, g.name, from, r.Name, byDefault, storages); err != nil {
					return nil, err
				}
			}
		}
		var group []row
		for _, r := range byName {
			group = append(group, *r)
		}
		slices.SortFunc(group, func(a, b row) int { return strings.Compare(a.Resource, b.Resource) })
		rows = append(rows, group...)
	}
	return rows, nil
}

// find returns a version of a group, if the resource is in it.
func find(groups []group, groupName, versionName, name string) (version, bool) {
	for _, g := range groups {
		for _, v := range g.versions {
			if g.name == groupName && v.name == versionName {
				return v, slices.ContainsFunc(v.resources, func(r resource) bool { return r.Name == name })
			}
		}
	}
	return version{}, false
}

// addVersion adds what version v of a group has of a resource to the resource's row.
func addVersion(rows map[string]*row, groupName string, v version, name string, byDefault bool, storages map[string]string) error {
	next := rowVersion{Name: v.name, Default: byDefault}
	var main resource
	for _, r := range v.resources {
		if sub, ok := strings.CutPrefix(r.Name, name+"/"); ok {
			next.Subresources = append(next.Subresources, rowSubresource{Name: sub, Kind: kindOf(r), Verbs: strings.Join(r.Verbs, ",")})
		} else if r.Name == name {
			main = r
			next.Verbs = strings.Join(r.Verbs, ",")
		}
	}
	storage := ""
	if main.Hash != "" {
		if storage = storages[main.Hash]; storage == "" {
			return fmt.Errorf("%s/%s %s: no version has the storage hash %s", groupName, v.name, name, main.Hash)
		}
	}
	r := row{
		Group: groupName, Resource: name, Singular: main.Singular, Kind: main.Kind, Namespaced: main.Namespaced,
		ShortNames: main.ShortNames, Categories: main.Categories, Storage: storage,
	}
	old, ok := rows[name]
	if !ok {
		r.Versions = []rowVersion{next}
		rows[name] = &r
		return nil
	}
	if a, b := describe(*old), describe(r); a != b {
		return fmt.Errorf("the versions of %s %s differ in more than a row can say:\n%s\n%s", groupName, name, a, b)
	}
	if byDefault && !slices.ContainsFunc(old.Versions, func(v rowVersion) bool { return v.Default }) {
		old.Storage = storage // as released
	}
	old.Versions = append(old.Versions, next)
	return nil
}

// describe is what all versions of a resource share.
func describe(r row) string {
	return fmt.Sprint(r.Singular, r.Kind, r.Namespaced, r.ShortNames, r.Categories)
}

func kindOf(r resource) string {
	if r.Version == "" {
		return r.Kind
	}
	return r.Group + "/" + r.Version + "/" + r.Kind
}

// storageHashes maps the hash that discovery has of a storage version to the version: the
// first eight bytes of the SHA-256 of group/version/kind. A storage version need not be one
// that is served: every version that any group has is tried.
func storageHashes(groups []group) map[string]string {
	versions := make(map[string]bool)
	for _, g := range groups {
		for _, v := range g.versions {
			versions[v.name] = true
		}
	}
	hashes := make(map[string]string)
	for _, g := range groups {
		for _, v := range g.versions {
			for _, r := range v.resources {
				for version := range versions {
					sum := sha256.Sum256([]byte(g.name + "/" + version + "/" + r.Kind))
					hashes[base64.StdEncoding.EncodeToString(sum[:8])] = g.name + "/" + version
				}
			}
		}
	}
	return hashes
}

// write writes one row per line.
func write(w io.Writer, rows []row) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, r := range rows {
		if err := encoder.Encode(r); err != nil {
			return err
		}
	}
	return nil
}
