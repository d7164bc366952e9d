package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"

	gvkschema "k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// documents makes the documents of a catalog, and keeps them while it is unchanged.
type documents struct {
	catalog     *catalog.Catalog
	options     Options
	types       map[gvkschema.GroupVersionKind]reflect.Type
	definitions func() *definitions

	mu      sync.Mutex // guards set and changed
	set     *set
	changed <-chan struct{} // closed: set is of the past
}

// set is all documents of one state of a catalog. Nothing in it is changed.
type set struct {
	index    []byte
	versions map[string]*versionDocument // by their names: "api/v1", "apis/apps/v1"
	swagger  func() (*encoded, error)    // of OpenAPI 2.0
}

// versionDocument is the document of a group version.
type versionDocument struct {
	*encoded
	resources []*kind.Resource // that it was made of
	document  *document
	url       string
}

func newDocuments(c *catalog.Catalog, options Options) *documents {
	return &documents{
		catalog: c, options: options, types: options.Scheme.AllKnownTypes(),
		definitions: sync.OnceValue(func() *definitions { return newDefinitions(options.Scheme) }),
	}
}

// current returns the documents of the catalog as it is.
func (d *documents) current() (*set, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case <-d.changed:
	default:
		if d.set != nil {
			return d.set, nil
		}
	}
	changed := d.catalog.Changed() // before All: what changes in between is seen next time
	next, err := d.newSet(d.catalog.All())
	if err != nil {
		return nil, err
	}
	d.changed, d.set = changed, next
	return next, nil
}

// newSet makes the documents that the last set does not have of the same resources.
func (d *documents) newSet(all []*kind.Resource) (*set, error) {
	byVersion := make(map[gvkschema.GroupVersion][]*kind.Resource)
	for _, r := range all {
		for _, v := range r.Versions {
			gv := gvkschema.GroupVersion{Group: r.Group, Version: v.Name}
			byVersion[gv] = append(byVersion[gv], r)
		}
	}
	next := &set{versions: make(map[string]*versionDocument)}
	type link struct {
		URL string `json:"serverRelativeURL"`
	}
	links := make(map[string]link)
	for gv, resources := range byVersion {
		name := "apis/" + gv.String()
		if gv.Group == "" {
			name = "api/" + gv.Version
		}
		doc := d.kept(name, resources)
		if doc == nil {
			var err error
			if doc, err = d.newVersion(name, gv, resources); err != nil {
				return nil, fmt.Errorf("OpenAPI document %s: %w", name, err)
			}
		}
		next.versions[name], links[name] = doc, link{doc.url}
	}
	next.swagger = sync.OnceValues(func() (*encoded, error) { return next.newSwagger(d.options.Version) })
	var err error
	next.index, err = json.Marshal(map[string]map[string]link{"paths": links})
	return next, err
}

// kept returns the document of the last set, if it was made of the same resources.
func (d *documents) kept(name string, resources []*kind.Resource) *versionDocument {
	if d.set == nil {
		return nil
	}
	if doc := d.set.versions[name]; doc != nil && slices.Equal(doc.resources, resources) {
		return doc
	}
	return nil
}

func (d *documents) newVersion(name string, gv gvkschema.GroupVersion, resources []*kind.Resource) (*versionDocument, error) {
	b := builder{definitions: d.definitions(), types: d.types, custom: d.options.Custom, version: d.options.Version, gv: gv}
	doc := b.build(resources)
	e, err := encodeV3(doc)
	if err != nil {
		return nil, err
	}
	return &versionDocument{encoded: e, resources: resources, document: doc, url: rootV3 + "/" + name + "?hash=" + e.hash}, nil
}

func (s *set) newSwagger(version string) (*encoded, error) {
	var docs []*document
	for _, name := range slices.Sorted(maps.Keys(s.versions)) {
		docs = append(docs, s.versions[name].document)
	}
	doc, err := newSwagger(version, docs)
	if err != nil {
		return nil, err
	}
	return encodeV2(doc)
}
