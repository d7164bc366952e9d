package openapi

import (
	"reflect"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gvkschema "k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/smdschema"
)

// builder makes the document of one group version.
type builder struct {
	definitions *definitions
	types       map[gvkschema.GroupVersionKind]reflect.Type
	custom      func(*kind.Resource, *kind.Version) map[string]any
	version     string // of the server
	gv          gvkschema.GroupVersion

	doc document
}

func (b *builder) build(resources []*kind.Resource) *document {
	b.doc = document{
		OpenAPI: "3.0.0", Info: newInfo(b.version), Paths: make(map[string]pathItem),
		Components: components{Schemas: make(map[string]any), SecuritySchemes: securitySchemes()},
	}
	for _, r := range resources {
		if v := r.Version(b.gv.Version); v != nil {
			b.resource(r, v)
		}
	}
	return &b.doc
}

// resource adds the paths of a resource: its collection, its objects, and their subresources.
func (b *builder) resource(r *kind.Resource, v *kind.Version) {
	own := r.GroupVersionKind(v)
	base := "/apis/" + b.gv.String() + "/"
	if b.gv.Group == "" {
		base = "/api/" + b.gv.Version + "/"
	}
	collection := base + r.Plural
	if r.Namespaced {
		if slices.Contains(v.Verbs, "list") {
			all := endpoint{r: r, v: v, gvk: own, suffix: "ForAllNamespaces"}
			b.doc.Paths[collection] = pathItem{Get: b.operation(all, "list"), Parameters: pathParameters(all)}
		}
		collection = base + "namespaces/{namespace}/" + r.Plural
	}
	e := endpoint{r: r, v: v, gvk: own, namespaced: r.Namespaced}
	b.add(collection, e, v.Verbs, "list", "create", "deletecollection")
	e.named = true
	b.add(collection+"/{name}", e, v.Verbs, "get", "update", "patch", "delete")
	for i := range v.Subresources {
		sub := &v.Subresources[i]
		e := endpoint{r: r, v: v, gvk: sub.Kind, namespaced: r.Namespaced, named: true, sub: sub, suffix: title(sub.Name)}
		b.add(collection+"/{name}/"+sub.Name, e, sub.Verbs, "get", "create", "update", "patch", "delete")
	}
}

// endpoint is what the operations of a path are on.
type endpoint struct {
	r          *kind.Resource
	v          *kind.Version
	gvk        gvkschema.GroupVersionKind // of the objects
	namespaced bool                       // the path has a namespace
	named      bool                       // the path has a name
	sub        *kind.Subresource
	suffix     string // of the operations' identifiers
}

// connects reports whether requests are passed on to something else than the server's
// storage: exec, proxy and the like.
func (e endpoint) connects() bool { return e.sub != nil && strings.HasSuffix(e.gvk.Kind, "Options") }

// isLog reports whether what is read is a text.
func (e endpoint) isLog() bool { return e.sub != nil && e.sub.Name == "log" }

func (e endpoint) watches() bool { return slices.Contains(e.v.Verbs, "watch") }

// add adds a path with those of the verbs that are possible at it.
func (b *builder) add(path string, e endpoint, verbs []string, possible ...string) {
	var item pathItem
	for _, verb := range possible {
		if !slices.Contains(verbs, verb) {
			continue
		}
		op := b.operation(e, verb)
		switch verb {
		case "get", "list":
			item.Get = op
		case "create":
			item.Post = op
		case "update":
			item.Put = op
		case "patch":
			item.Patch = op
		case "delete", "deletecollection":
			item.Delete = op
		}
	}
	if item.Get == nil && item.Post == nil && item.Put == nil && item.Patch == nil && item.Delete == nil {
		return
	}
	item.Parameters = pathParameters(e)
	b.doc.Paths[path] = item
}

// object returns the schema of the endpoint's objects, which the document then defines.
func (b *builder) object(e endpoint) *schema {
	if e.r.Custom && e.gvk == e.r.GroupVersionKind(e.v) {
		return b.customObject(e.r, e.v)
	}
	return b.define(b.types[e.gvk])
}

func (b *builder) list(e endpoint) *schema {
	if e.r.Custom {
		return b.customList(e.r, e.v)
	}
	return b.define(b.types[e.gvk.GroupVersion().WithKind(e.r.ListKind)])
}

// define returns a reference to the definition of a type. A kind that no Go type is known of
// is an object.
func (b *builder) define(t reflect.Type) *schema {
	if t == nil {
		return &schema{Type: "object"}
	}
	b.definitions.closure(b.doc.Components.Schemas, b.gv, t)
	return refTo(smdschema.Name(t))
}

// pathParameters are those of every operation of a path.
func pathParameters(e endpoint) []parameter {
	text := func() *schema { return &schema{Type: "string", UniqueItems: true} }
	var all []parameter
	if e.named {
		all = append(all, parameter{Name: "name", In: "path", Description: "name of the " + e.r.Kind, Required: true, Schema: text()})
	}
	if e.namespaced {
		all = append(all, parameter{
			Name: "namespace", In: "path", Description: "object name and auth scope, such as for teams and projects", Required: true, Schema: text(),
		})
	}
	if e.connects() {
		return all
	}
	return append(all, parameter{
		Name: "pretty", In: "query",
		Description: "If 'true', then the output is pretty printed. Defaults to 'false' unless the user-agent indicates a browser or command-line HTTP tool (curl and wget).",
		Schema:      text(),
	})
}

// queryParameters are the fields of types of options, as parameters of a query.
func (b *builder) queryParameters(options ...reflect.Type) []parameter {
	byName := make(map[string]parameter)
	for _, t := range options {
		def := b.definitions.of(t)
		for name, s := range def.schema.Properties {
			typ := s.Type
			if s.Items != nil { // a value of several is a parameter of several
				typ = s.Items.Type
			}
			if len(s.AllOf) > 0 || s.Ref != "" || name == "kind" || name == "apiVersion" {
				continue // preconditions are in the body
			}
			byName[name] = parameter{Name: name, In: "query", Description: s.Description, Schema: &schema{Type: typ, UniqueItems: true}}
		}
	}
	var all []parameter
	for _, p := range byName {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b parameter) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// without returns parameters but for some.
func without(all []parameter, names ...string) []parameter {
	return slices.DeleteFunc(all, func(p parameter) bool { return slices.Contains(names, p.Name) })
}

var (
	listOptions   = reflect.TypeFor[metav1.ListOptions]()
	createOptions = reflect.TypeFor[metav1.CreateOptions]()
	updateOptions = reflect.TypeFor[metav1.UpdateOptions]()
	patchOptions  = reflect.TypeFor[metav1.PatchOptions]()
	deleteOptions = reflect.TypeFor[metav1.DeleteOptions]()
	status        = reflect.TypeFor[metav1.Status]()
	patch         = reflect.TypeFor[metav1.Patch]()
)
