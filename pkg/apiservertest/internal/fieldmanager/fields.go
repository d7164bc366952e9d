package fieldmanager

import (
	"reflect"
	"strings"
	"sync"
	"unicode"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"sigs.k8s.io/structured-merge-diff/v6/typed"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/smdschema"
	"github.com/kubewright/kubewright/pkg/internal/apiobject"
	"github.com/kubewright/kubewright/pkg/internal/patch"
)

// FieldManagersConfig is what the account of fields needs to know of the other rooms. The zero value is fine for objects that
// have one version only.
type FieldManagersConfig struct {
	// Convert returns an object, which says of which version it is, in another one of its resource; it does not change the one
	// it gets. Nil: there are no other versions.
	Convert func(object kind.Object, to *kind.Version, resource *kind.Resource) (kind.Object, error)
	// Home returns the resource and version as which objects of a resource are stored, which may be of another group, as events
	// are. Nil: they are stored as Resource.Storage of the resource itself says.
	Home func(resource *kind.Resource) (*kind.Resource, *kind.Version)
	// Default sets the defaults of an object in the version of the request, which an apply request made. Nil: nothing.
	Default func(object runtime.Object)
	// Schema returns the schema of a custom resource in one version. Nil, and nil returned: it is deduced from the values, so
	// that each list is a single field.
	Schema func(gvk schema.GroupVersionKind) *typed.ParseableType
	// Markers are those of the Go types of built-in resources. Nil: those of k8s.io/api.
	Markers *smdschema.Markers
}

// FieldManagers keep metadata.managedFields: which manager set which fields of an object, and when. They may be used concurrently.
type FieldManagers struct {
	config  FieldManagersConfig
	markers func() smdschema.Markers
	types   sync.Map // reflect.Type of a struct → func() (*typed.ParseableType, error), of its schema
}

// NewFieldManagers returns managers that have derived no schema yet; each is derived when it is needed first.
func NewFieldManagers(config FieldManagersConfig) *FieldManagers {
	m := &FieldManagers{config: config, markers: sync.OnceValue(smdschema.Builtin)}
	if config.Markers != nil {
		m.markers = func() smdschema.Markers { return *config.Markers }
	}
	return m
}

// Update writes into the managedFields of object, which it changes and returns, what a create, update or patch request of manager
// changed in it: live is the stored object, nil for create. Both are in the storage version, or are objects of a subresource that
// has a kind of its own. A request may have set managedFields itself; a list of one empty entry resets them. Where an update cannot
// be accounted for, the managedFields stay those of live.
func (m *FieldManagers) Update(target kind.Target, live, object kind.Object, manager string) (kind.Object, error) {
	f, c, err := m.manager(target, object)
	if err != nil {
		return nil, err
	}
	before := runtime.Object(live)
	if live == nil {
		if before, err = c.New(c.hubKind()); err != nil {
			return nil, patch.Internal(err)
		}
	}
	updated, err := f.Update(before, object, manager)
	if err != nil {
		// An object that does not fit its schema, or whose other versions cannot be made, is written none the less.
		object.SetManagedFields(apiobject.CopyEntries(before.(kind.Object).GetManagedFields()))
		return object, nil //nolint:nilerr // the account of fields never stops a write but an apply
	}
	written := updated.(kind.Object)
	apiobject.RoundTimes(written)
	return written, nil
}

// manager returns what does the work for one target. It is cheap; only schemas are kept.
func (m *FieldManagers) manager(target kind.Target, example kind.Object) (*managedfields.FieldManager, *converter, error) {
	c := &converter{managers: m, target: target, example: example, home: target.Resource}
	if m.config.Home != nil {
		c.home, c.hub = m.config.Home(target.Resource)
	} else if c.hub = c.home.Version(c.home.Storage); c.hub == nil {
		c.hub = &c.home.Versions[0] // no type is known for a version that is not served
	}
	subresource := ""
	if target.Subresource != nil {
		subresource = target.Subresource.Name
	}
	create := managedfields.NewDefaultFieldManager
	if target.Resource.Custom {
		create = managedfields.NewDefaultCRDFieldManager
	}
	f, err := create(c, c, c, c, c.kind(), c.hubKind().GroupVersion(), subresource, resetFilters(target))
	if err != nil {
		return nil, nil, patch.Internal(err)
	}
	return f, c, nil
}

// typeOf returns the schema of a Go type of an object.
func (m *FieldManagers) typeOf(t reflect.Type) (*typed.ParseableType, error) {
	derive, ok := m.types.Load(t)
	if !ok {
		derive, _ = m.types.LoadOrStore(t, sync.OnceValues(func() (*typed.ParseableType, error) {
			parser, err := smdschema.New(m.markers(), t)
			if err != nil {
				return nil, err
			}
			parseable := parser.Type(smdschema.Name(t))
			return &parseable, nil
		}))
	}
	return derive.(func() (*typed.ParseableType, error))()
}

// ManagerName is the name under which the fields that a request sets are kept: the option fieldManager, else the part of the
// User-Agent before the first slash, of which the printable characters count and at most 128 bytes. It is never empty where it
// is written down: the empty name becomes "unknown".
func ManagerName(fieldManager, userAgent string) string {
	if fieldManager != "" {
		return fieldManager
	}
	product, _, _ := strings.Cut(userAgent, "/")
	var name strings.Builder
	for _, r := range product {
		if !unicode.IsPrint(r) {
			continue
		}
		if name.Len()+len(string(r)) > 128 {
			break
		}
		name.WriteRune(r)
	}
	return name.String()
}
