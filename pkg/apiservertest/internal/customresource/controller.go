package customresource

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/catalog"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
	"github.com/kubewright/kubewright/pkg/apiservertest/schemas"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// Config is what a Controller stands on.
type Config struct {
	Store   *storage.Store
	Catalog *catalog.Catalog
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// Library understands schemas. Nil: custom objects are kept as they are sent.
	Library schemas.Library
	// Fields records managed fields of what the controller writes into the status of a definition: fieldmanager.FieldManagers.Update with the manager kube-apiserver.
	// Nil: they are not recorded. It runs in a transaction of the storage.
	Fields func(t kind.Target, live, obj kind.Object) (kind.Object, error)
}

// Controller follows the CustomResourceDefinitions in a storage, and keeps a catalog as they say. Its methods may be called concurrently.
type Controller struct {
	config      Config
	definitions *kind.Resource
	rules       definitionRules

	stop context.CancelFunc
	wg   sync.WaitGroup // run, and a goroutine for every definition that is being deleted

	known map[string]*CustomResourceDefinition // by name, as far as run has seen them; only run uses it

	mu       sync.RWMutex                     // guards served and deleting
	served   map[schema.GroupResource]*served // what is in the catalog
	deleting map[string]context.CancelFunc    // of definitions whose objects are being deleted, by uid
}

// New returns a controller, which runs until Close. It adds the resource of definitions to the catalog; those of definitions that are stored already follow
// soon.
func New(config Config) *Controller {
	if config.Now == nil {
		config.Now = time.Now
	}
	ctx, stop := context.WithCancel(context.Background())
	c := &Controller{
		config:      config,
		definitions: DefinitionResource(),
		rules:       definitionRules{library: config.Library, now: config.Now},
		stop:        stop,
		known:       map[string]*CustomResourceDefinition{},
		served:      map[schema.GroupResource]*served{},
		deleting:    map[string]context.CancelFunc{},
	}
	config.Catalog.Add(c.definitions)
	c.wg.Go(func() { c.run(ctx) })
	return c
}

// Close ends the controller, and waits until all its goroutines have ended. What is in the catalog stays.
func (c *Controller) Close() {
	c.stop()
	c.wg.Wait()
}

// Rules returns the rules of a resource: of definitions, of custom resources; nil for others.
func (c *Controller) Rules(r *kind.Resource) registry.Rules {
	if r.GroupResource() == Definitions {
		return c.rules
	}
	if s := c.find(r.GroupResource()); s != nil {
		return s
	}
	return nil
}

// Columns returns the columns of the Table of a custom resource; nil if it leaves them to the server.
func (c *Controller) Columns(r *kind.Resource, v *kind.Version) []codec.Column {
	if r.GroupResource() == Definitions {
		return definitionColumns()
	}
	if s := c.find(r.GroupResource()); s != nil {
		return s.versions[v.Name].columns
	}
	return nil
}

// Schema returns how the fields of a custom resource are merged by server-side apply; nil if nobody knows.
func (c *Controller) Schema(gvk schema.GroupVersionKind) *typed.ParseableType {
	if gvk == definitionKind {
		return definitionType()
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, s := range c.served {
		if s.resource.Group == gvk.Group && s.resource.Kind == gvk.Kind {
			if schema := s.versions[gvk.Version].schema; schema != nil {
				return schema.Type()
			}
		}
	}
	return nil
}

// OpenAPI returns the openAPIV3Schema of a version, as it was sent; nil if it has none.
func (c *Controller) OpenAPI(r *kind.Resource, v *kind.Version) *JSONSchemaProps {
	s := c.find(r.GroupResource())
	if s == nil {
		return nil
	}
	if d := s.definition.version(v.Name); d != nil && d.Schema != nil {
		return d.Schema.OpenAPIV3Schema
	}
	return nil
}

// Warning is what every client is told that uses a version of a resource; empty if it is not deprecated.
func (c *Controller) Warning(r *kind.Resource, v *kind.Version) string {
	if s := c.find(r.GroupResource()); s != nil {
		return s.warning(v.Name)
	}
	return ""
}

func (c *Controller) find(resource schema.GroupResource) *served {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.served[resource]
}

// run follows the definitions until ctx ends or the storage is closed. After a compaction or a reset of the storage it begins again with what is there then.
func (c *Controller) run(ctx context.Context) {
	for {
		snapshot, err := c.config.Store.List(Definitions, "", 0)
		if err != nil {
			return
		}
		watch, err := c.config.Store.Watch(Definitions, "", snapshot.Revision)
		if errors.Is(err, storage.ErrClosed) {
			return
		}
		if err != nil {
			continue // compacted just now
		}
		c.begin(ctx, snapshot.Objects)
		c.follow(ctx, watch)
		watch.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}

// begin makes objects all definitions that are known.
func (c *Controller) begin(ctx context.Context, objects []kind.Object) {
	gone := maps.Clone(c.known)
	for _, obj := range objects {
		delete(gone, obj.GetName())
		if d := tryDefinition(obj); d != nil && c.known[d.Name] == nil {
			c.known[d.Name] = d // all of them, before one is given names that another has
		}
	}
	for _, d := range gone {
		c.forget(d)
	}
	for _, obj := range objects {
		c.learn(ctx, obj)
	}
	c.retry(ctx)
}

// follow learns what the watch yields, until that or ctx ends.
func (c *Controller) follow(ctx context.Context, watch *storage.Watch) {
	for {
		event, err := watch.Next(ctx)
		if err != nil {
			return
		}
		if event.New != nil {
			c.learn(ctx, event.New)
		} else if d := c.known[event.Key.Name]; d != nil && d.UID == event.Old.GetUID() {
			c.forget(d)
		}
		c.retry(ctx)
	}
}

// retry gives names that have become free to definitions that wait for them.
func (c *Controller) retry(ctx context.Context) {
	for _, name := range slices.Sorted(maps.Keys(c.known)) {
		if d := c.known[name]; !d.is(namesAccepted) {
			if obj, ok := c.config.Store.Get(definitionKey(name)); ok {
				c.learn(ctx, obj)
			}
		}
	}
}
