package apiservertest

import (
	"context"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/access"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/customresource"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/defaulting"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/endpoint"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/fieldmanager"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// machinery is the server without its network: the rooms, and what connects them.
type machinery struct {
	scheme        *runtime.Scheme
	store         *storage.Store
	catalog       *catalog.Catalog
	codec         *codec.Codec
	fields        *fieldmanager.FieldManagers
	definitions   *customresource.Controller
	registry      *registry.Registry
	endpoint      *endpoint.Handler
	authenticator *access.Authenticator
}

func newMachinery(stopping context.Context, o *options, authenticator *access.Authenticator) (*machinery, error) {
	scheme, resources := o.scheme, catalog.Serve(func(_ schema.GroupVersionResource, byDefault bool) bool { return byDefault || o.allVersion })
	if scheme == nil {
		scheme = catalog.Scheme()
	}
	m := &machinery{
		scheme:        scheme,
		store:         storage.New(storage.Options{KeepEvents: o.keepEvents, Record: o.keepAll}),
		catalog:       catalog.New(catalog.Select(scheme, resources)...),
		authenticator: authenticator,
	}
	// The definitions of custom resources know how fields are merged, and their own fields are kept like all.
	m.fields = fieldmanager.NewFieldManagers(fieldmanager.FieldManagersConfig{
		Convert: codec.Convert,
		Home:    m.catalog.Home,
		Default: defaulting.Default,
		Schema:  func(gvk schema.GroupVersionKind) *typed.ParseableType { return m.definitions.Schema(gvk) },
	})
	m.codec = codec.New(codec.Config{Scheme: scheme, Now: o.now, Prune: m.prune, Columns: func(r *kind.Resource, v *kind.Version) []codec.Column {
		return m.definitions.Columns(r, v)
	}})
	m.definitions = customresource.New(customresource.Config{
		Store: m.store, Catalog: m.catalog, Now: o.now, Library: o.library,
		Fields: func(t kind.Target, live, obj kind.Object) (kind.Object, error) {
			return m.fields.Update(t, live, obj, "kube-apiserver")
		},
	})
	var err error
	m.registry, err = registry.New(registry.Config{
		Store: m.store, Catalog: m.catalog, Convert: codec.Convert, Fields: m.fields,
		Rules:   m.definitions.Rules,
		Virtual: m.reviews(o),
		Now:     o.now, BookmarkEvery: o.bookmarks, GarbageCollection: o.garbage,
	})
	if err != nil {
		m.definitions.Close()
		return nil, err
	}
	m.endpoint = endpoint.New(endpoint.Config{Verbs: m.registry, Catalog: m.catalog, Codec: m.codec, Warning: m.definitions.Warning, Stopping: stopping})
	return m, nil
}

func (m *machinery) close() {
	m.registry.Close()
	m.definitions.Close()
	m.store.Close()
}

// prune drops the fields of a custom object that its schema does not have.
func (m *machinery) prune(t kind.Target, object map[string]any) []string {
	if rules := m.definitions.Rules(t.Resource); rules != nil {
		return rules.Prune(t.Version, object)
	}
	return nil
}

// reviews are the resources that are questions about users.
func (m *machinery) reviews(o *options) map[schema.GroupResource]func(context.Context, registry.Request, kind.Object) (kind.Object, error) {
	answers := map[schema.GroupResource]func(context.Context, registry.Request, kind.Object) (kind.Object, error){}
	for resource, review := range access.Reviews(m.authenticator, o.authorizer, o.now) {
		answers[resource] = func(ctx context.Context, req registry.Request, obj kind.Object) (kind.Object, error) {
			return review(ctx, access.User(req.User), req.Target.Namespace, obj)
		}
	}
	return answers
}
