package cache

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// InformerName is the name of a set of informers, usually those of one factory. It is unique in the process, so that
// metrics that carry it are, too.
type InformerName struct {
	name     string
	released atomic.Bool

	mu        sync.Mutex // guards resources
	resources map[schema.GroupVersionResource]struct{}
}

// informerNames are the names in use. They have to be known to the whole process to be unique in it.
var informerNames = struct {
	mu   sync.Mutex // guards used
	used map[string]*InformerName
}{used: map[string]*InformerName{}}

// NewInformerName reserves a name until Release. A name that is in use, or empty, is an error.
func NewInformerName(name string) (*InformerName, error) {
	if name == "" {
		return nil, errors.New("informer name is empty")
	}
	informerNames.mu.Lock()
	defer informerNames.mu.Unlock()
	if _, used := informerNames.used[name]; used {
		return nil, fmt.Errorf("informer name %q is in use in this process: choose another, or release it first", name)
	}
	n := &InformerName{name: name, resources: map[schema.GroupVersionResource]struct{}{}}
	informerNames.used[name] = n
	return n, nil
}

// ResetInformerNamesForTesting forgets all names. It is for tests only.
func ResetInformerNamesForTesting() {
	informerNames.mu.Lock()
	defer informerNames.mu.Unlock()
	clear(informerNames.used)
}

// Name returns the name.
func (n *InformerName) Name() string { return n.name }

// Release gives the name back. What was made with WithResource is no longer reserved.
func (n *InformerName) Release() {
	n.released.Store(true)
	informerNames.mu.Lock()
	defer informerNames.mu.Unlock()
	if informerNames.used[n.name] == n {
		delete(informerNames.used, n.name)
	}
}

// WithResource returns the identity of the informer of a resource. The first one for a resource is reserved; further
// ones are not, so that metrics are not published twice.
func (n *InformerName) WithResource(gvr schema.GroupVersionResource) InformerNameAndResource {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, taken := n.resources[gvr]
	n.resources[gvr] = struct{}{}
	return InformerNameAndResource{informerName: n, gvr: gvr, first: !taken}
}

// InformerNameAndResource is the identity of one informer. The zero value is that of an informer without a name.
type InformerNameAndResource struct {
	informerName *InformerName
	gvr          schema.GroupVersionResource
	first        bool
}

// Name returns the informer name; empty if there is none.
func (n InformerNameAndResource) Name() string {
	if n.informerName == nil {
		return ""
	}
	return n.informerName.name
}

// GroupVersionResource returns the resource.
func (n InformerNameAndResource) GroupVersionResource() schema.GroupVersionResource { return n.gvr }

// Reserved says whether metrics may be published under this identity. It is cheap.
func (n InformerNameAndResource) Reserved() bool {
	return n.first && !n.informerName.released.Load()
}
