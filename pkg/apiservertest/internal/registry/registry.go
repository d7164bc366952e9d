package registry

import (
	"context"
	"io"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/fieldmanager"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// Config is what a Registry stands on.
type Config struct {
	Store   *storage.Store
	Catalog Catalog
	// Convert returns obj, of any version of resource r, in the version to: obj itself if it is of that version, else a new object.
	Convert func(obj kind.Object, to *kind.Version, r *kind.Resource) (kind.Object, error)
	// Fields keeps account of who set which field. Nil: objects have no managedFields, and server-side apply is refused.
	Fields FieldManagers

	// Rules returns what a resource demands beyond what all do. Nil, or a nil result: nothing.
	Rules func(*kind.Resource) Rules
	// Virtual resources are answered, not stored: reviews of access and of tokens. They can only be created; what the function returns is the answer.
	Virtual map[schema.GroupResource]func(ctx context.Context, req Request, obj kind.Object) (kind.Object, error)
	// Log returns the log of a container. Default: a line that names the container.
	Log func(ctx context.Context, pod *corev1.Pod, o *corev1.PodLogOptions) (io.ReadCloser, error)

	// Now is the clock. Default time.Now, which is fake in a synctest bubble.
	Now func() time.Time
	// BookmarkEvery is the time between bookmarks of a watch that allows them. Default one minute.
	BookmarkEvery time.Duration
	// GarbageCollection deletes dependents of owners that are gone, and carries out orphan and foreground deletion.
	GarbageCollection bool
	// WatchTimeout is how long a watch without timeoutSeconds lasts, once to twice. Default 30 minutes.
	WatchTimeout time.Duration
}

// Catalog knows the resources that are served.
type Catalog interface {
	Lookup(group, version, resource string) (*kind.Resource, *kind.Version, bool)
	// All returns every resource, in a stable order.
	All() []*kind.Resource
	// Home returns the resource and the version that objects of a resource are stored as.
	Home(r *kind.Resource) (*kind.Resource, *kind.Version)
}

// FieldManagers keeps metadata.managedFields: *fieldmanager.FieldManagers. Objects are of the version that the storage has, or of a subresource with a kind of its own.
type FieldManagers interface {
	// Update returns obj with the managedFields of live brought up to date: manager owns what obj has otherwise than live. It may change obj. live is nil for
	// a create.
	Update(t kind.Target, live, obj kind.Object, manager string) (kind.Object, error)
	// Apply merges an applied configuration into live, which is nil for a create.
	Apply(t kind.Target, live kind.Object, body []byte, o fieldmanager.ApplyOptions) (obj kind.Object, warnings []string, err error)
}

// Rules are what a resource demands beyond what all do: the schema of a custom resource, for one. Objects are of the version that the storage has.
type Rules interface {
	// Prune removes the fields that the schema of a version does not have, and returns their paths.
	Prune(v *kind.Version, object map[string]any) (unknown []string)
	// Default completes an object that a client sent. It may change obj.
	Default(t kind.Target, obj kind.Object)
	// Validate returns a StatusError (apierrors.NewInvalid) if obj is wrong, and warnings for the client. old is nil for a create. It runs in a transaction of
	// the storage: it must not write to it.
	Validate(t kind.Target, obj, old kind.Object) (warnings []string, err error)
	// ScalePaths returns the JSON paths of the scale subresource: ".spec.replicas", ".status.replicas", and of the selector, which may be empty.
	ScalePaths(v *kind.Version) (spec, status, selector string)
	// SelectableFields returns the JSON paths of fields that field selectors may name.
	SelectableFields(v *kind.Version) []string
	// BeginDelete is called with a copy of an object that shall be deleted, before its finalizers are looked at. It may change it.
	BeginDelete(obj kind.Object)
}

// User is who sends a request.
type User struct {
	Name   string
	UID    string
	Groups []string
	Extra  map[string][]string
}

// Request is what all verbs are told: the target, who asks, and as what.
type Request struct {
	Target kind.Target
	User   User
	// Manager is the field manager if the options name none: the client's User-Agent up to the first slash.
	Manager string
}

// Result is the answer to a write. With an error it has only the warnings.
type Result struct {
	// Object is one of the storage or of a subresource, see the package comment; or a *metav1.Status where the server answers with one.
	Object runtime.Object
	// Code is the HTTP status: 200; 201 if the object is new; 202 if its deletion has begun only and orphanDependents=false asked for it.
	Code     int
	Warnings []string
}

// Registry carries out requests. All methods may be called concurrently.
type Registry struct {
	config    Config
	addresses atomic.Uint32 // how many services have got one
	ports     atomic.Uint32 // how many ports of nodes are taken

	work chan struct{} // one of capacity: there may be work for the housekeeper
	stop context.CancelFunc
	done chan struct{} // closed when the housekeeper has gone home
}

// New returns a registry, and creates the namespaces that every cluster has if namespaces are served. It has one goroutine, which ends with Close.
func New(config Config) (*Registry, error) {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.BookmarkEvery == 0 {
		config.BookmarkEvery = time.Minute
	}
	if config.WatchTimeout == 0 {
		config.WatchTimeout = 30 * time.Minute
	}
	if config.Log == nil {
		config.Log = cannedLog
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &Registry{config: config, work: make(chan struct{}, 1), stop: cancel, done: make(chan struct{})}
	if err := r.createSystemNamespaces(); err != nil {
		cancel()
		return nil, err
	}
	go func() {
		defer close(r.done)
		r.keepHouse(ctx)
	}()
	return r, nil
}

// Close ends the goroutine of the registry, and waits for it. The verbs go on as long as the storage does.
func (r *Registry) Close() {
	r.stop()
	<-r.done
}

// Get returns the object of a target, or what its subresource shows of it.
func (r *Registry) Get(_ context.Context, req Request, o metav1.GetOptions) (kind.Object, error) {
	at, err := parseVersion(o.ResourceVersion)
	if err != nil {
		return nil, plainError(err.Error())
	}
	if current := r.config.Store.Revision(); at > current {
		return nil, tooLarge(at, current)
	}
	obj, found := r.config.Store.Get(key(req.Target))
	if !found {
		return nil, apierrors.NewNotFound(req.Target.Resource.GroupResource(), req.Target.Name)
	}
	if req.Target.Subresource == nil {
		return obj, nil
	}
	v, err := r.view(req.Target)
	if err != nil {
		return nil, err
	}
	return v.show(obj)
}

// now is the time as objects have it.
func (r *Registry) now() metav1.Time {
	return metav1.NewTime(r.config.Now()).Rfc3339Copy()
}

func (r *Registry) rules(res *kind.Resource) Rules {
	if r.config.Rules == nil {
		return nil
	}
	return r.config.Rules(res)
}
