package catalog

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// Catalog is the set of resources that a server has. All methods may be called from several
// goroutines; readers never wait for a change.
type Catalog struct {
	mu    sync.Mutex // held by who changes state
	state atomic.Pointer[state]
}

// state is one state of a catalog; it is never changed.
type state struct {
	resources map[schema.GroupResource]*kind.Resource
	ordered   []*kind.Resource
	over      chan struct{} // closed when another state takes its place
}

// New returns a catalog of the given resources.
func New(resources ...*kind.Resource) *Catalog {
	c := new(Catalog)
	byName := make(map[schema.GroupResource]*kind.Resource, len(resources))
	for _, r := range resources {
		byName[r.GroupResource()] = r
	}
	c.state.Store(newState(byName))
	return c
}

func newState(resources map[schema.GroupResource]*kind.Resource) *state {
	s := &state{resources: resources, over: make(chan struct{})}
	ranks := groupRanks()
	rank := func(r *kind.Resource) int {
		if rank, ok := ranks[r.Group]; ok {
			return rank
		}
		return len(ranks)
	}
	for _, r := range resources {
		s.ordered = append(s.ordered, r)
	}
	slices.SortFunc(s.ordered, func(a, b *kind.Resource) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Plural, b.Plural))
	})
	return s
}

// Lookup finds a resource by its plural name, in a version that it is served in. The core
// group's name is empty.
func (c *Catalog) Lookup(group, version, resource string) (*kind.Resource, *kind.Version, bool) {
	r, ok := c.state.Load().resources[schema.GroupResource{Group: group, Resource: resource}]
	if !ok {
		return nil, nil, false
	}
	v := r.Version(version)
	return r, v, v != nil
}

// All returns the resources in the order in which discovery presents them: the groups of
// the table in the table's order, then others by name; in a group by plural name. The slice
// is shared: it must not be changed.
func (c *Catalog) All() []*kind.Resource { return c.state.Load().ordered }

// Add adds a resource, in place of one of the same group and name.
func (c *Catalog) Add(r *kind.Resource) {
	c.change(func(resources map[schema.GroupResource]*kind.Resource) bool {
		resources[r.GroupResource()] = r
		return true
	})
}

// Remove removes a resource. It does nothing if there is none of that name.
func (c *Catalog) Remove(name schema.GroupResource) {
	c.change(func(resources map[schema.GroupResource]*kind.Resource) bool {
		_, ok := resources[name]
		delete(resources, name)
		return ok
	})
}

// Changed returns a channel that is closed at the next change. The same channel comes back
// until then, so who remembers something about the resources together with the channel that
// it got before asking for them, knows later whether it still holds.
func (c *Catalog) Changed() <-chan struct{} { return c.state.Load().over }

// change makes a state with what edit changed, unless edit says that nothing did.
func (c *Catalog) change(edit func(map[schema.GroupResource]*kind.Resource) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.state.Load()
	resources := make(map[schema.GroupResource]*kind.Resource, len(old.resources)+1)
	for name, r := range old.resources {
		resources[name] = r
	}
	if !edit(resources) {
		return
	}
	c.state.Store(newState(resources))
	close(old.over)
}
