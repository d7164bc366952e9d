// Package model is what the generators know about an API: groups, versions, kinds, verbs and methods, with every name
// that appears in generated code computed once (names.go).
//
//	load.Package ──Build──▶ API ──render──▶ files
//	                 │
//	                 └──▶ every problem of the input, with its place
//
// Build is the only way to an API, and it returns one only when nothing is wrong with it. So the templates never meet a
// name that is not an identifier, a list type that is not there, or two types that want the same file.
package model

import (
	"go/token"
	"slices"

	"github.com/kubewright/kubewright/cmd/internal/codegen/tags"
)

// API is everything that one run of a generator works on.
type API struct {
	// Groups are sorted by Dir.
	Groups []*Group
}

// Versions returns all versions of all groups, in the order of the groups.
func (a *API) Versions() []*Version {
	var versions []*Version
	for _, group := range a.Groups {
		versions = append(versions, group.Versions...)
	}
	return versions
}

// Select returns the part of the API with the versions that keep is true for.
func (a *API) Select(keep func(*Version) bool) *API {
	part := &API{}
	for _, group := range a.Groups {
		copied := *group
		if copied.Versions = filter(group.Versions, keep); len(copied.Versions) > 0 {
			part.Groups = append(part.Groups, &copied)
		}
	}
	return part
}

// For returns the part of the API that a generator works on: without the versions that opt out of it, or of what its
// output stands on.
func (a *API) For(generators ...string) *API {
	return a.Select(func(version *Version) bool {
		return !slices.ContainsFunc(generators, version.OptsOut)
	})
}

// OptsOut reports whether the package wants nothing of a generator.
func (v *Version) OptsOut(generator string) bool { return v.off[generator] }

// Group is an API group.
type Group struct {
	// Dir is the path element of the group's packages, such as "stable". It need not be like the group's name.
	Dir string
	// Name is the name of the group in the API, such as "stable.example.com"; "" is the legacy core group.
	Name string
	// GoName names the group in Go: "Stable".
	GoName string
	// Package is the name of Go packages named for the group: "stable".
	Package string
	// Versions are sorted by Name.
	Versions []*Version

	pos token.Position // of what gave the group its Go name
}

// Version is one version of a group: one Go package with API types.
type Version struct {
	Group *Group
	// Name is the last path element of the package: "v1".
	Name string
	// GoName names the version in Go: "V1".
	GoName string
	// Package is the name of Go packages named for the version: "v1".
	Package string
	// GroupVersion names both in Go: "StableV1".
	GroupVersion string
	// Field is GroupVersion as an unexported name: "stableV1".
	Field string
	// Alias is the preferred import alias of the API package: "stablev1".
	Alias string
	// Path is the import path of the API package.
	Path string
	// ClientFile is the file of the group's client: "stable_client.go".
	ClientFile string
	// Types are sorted by Var.
	Types []*Type

	// Internal says that this is the internal version of the group, which is never sent: its Name is "internalversion",
	// and GroupVersion is that of the group alone. Install is the import path of the package that registers all versions.
	Internal bool
	Install  string

	// GroupVersionVar and AddToScheme are what the API package calls its group version, and the function that adds its
	// types to a scheme: "SchemeGroupVersion" and "AddToScheme", or as kubebuilder has them. HasResource says that it has
	// the function Resource.
	GroupVersionVar, AddToScheme string
	HasResource                  bool

	off map[string]bool // the generators that the package opts out of
	pos token.Position
}

// Type is a kind that gets a client.
type Type struct {
	Version *Version
	// Kind is the name of the Go type: "CronTab".
	Kind string
	// Var is Kind as a name for variables: "cronTab".
	Var string
	// Plural is the exported plural: "CronTabs"; PluralVar the one of an unexported type: "cronTabs".
	Plural, PluralVar string
	// Singular is Kind in lower case: "crontab".
	Singular string
	// Resource is the name in URLs: "crontabs".
	Resource string
	// File is the base name of the type's files without .go: "crontab".
	File string
	// Namespaced is false for cluster scoped resources.
	Namespaced bool
	// Status says that the kind has a status, and tags do not deny it.
	Status bool
	// PointerItems says that the items of its list type are pointers: []*CronTab.
	PointerItems bool
	// Methods are the additional methods. Those with verb "apply" need apply configurations, as do the verbs apply and
	// applyStatus: whether a client has them is a setting of its renderer.
	Methods []*Method

	verbs tags.Verbs
	pos   token.Position
}

// Has reports whether the tags give the client the verb, spelled as in tags: "updateStatus".
func (t *Type) Has(verb string) bool { return t.verbs[verb] }

// HasApply reports whether the type gets an apply configuration: its client has a verb for it, or no verb at all, so that
// what there is are methods that somebody writes by hand.
func (t *Type) HasApply() bool {
	return t.Has(tags.Apply) || t.Has(tags.ApplyStatus) || len(t.verbs) == 0
}

// HasCollection reports whether the client has verbs for many objects at once, which need the list type.
func (t *Type) HasCollection() bool { return t.Has(tags.List) || t.Has(tags.DeleteCollection) }

// HasLister reports whether the type gets a lister: there is something to fill a cache with, and to look up in it.
func (t *Type) HasLister() bool {
	return t.Has(tags.List) && (t.Has(tags.Get) || t.Has(tags.Watch))
}

// HasInformer reports whether the type gets an informer.
func (t *Type) HasInformer() bool {
	return t.Has(tags.List) && t.Has(tags.Watch)
}

// Method is an additional method of a client.
type Method struct {
	Name string
	// Verb is create, update, get, list, patch or apply.
	Verb string
	// Subresource is "" for the resource itself.
	Subresource string
	// Input is what create and update send, and what apply sends an apply configuration of; Result is what comes back. A
	// list method returns the list type of Result.
	Input, Result TypeRef
}

// TypeRef refers to a Go type.
type TypeRef struct {
	// Path is the import path of its package, and Alias the preferred alias for it.
	Path, Alias string
	Name        string
	// Var is Name as a name for variables.
	Var string
}

// Listed returns the types of the version that get a lister.
func (v *Version) Listed() []*Type { return filter(v.Types, (*Type).HasLister) }

// Informed returns the types of the version that get an informer.
func (v *Version) Informed() []*Type { return filter(v.Types, (*Type).HasInformer) }

func filter[T any](all []T, keep func(T) bool) []T {
	var kept []T
	for _, one := range all {
		if keep(one) {
			kept = append(kept, one)
		}
	}
	return kept
}
