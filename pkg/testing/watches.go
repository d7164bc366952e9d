package testing

import (
	"maps"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// watches are the open watches of a tracker.
type watches struct {
	mu         sync.Mutex // guards byResource
	byResource map[schema.GroupResource]map[*watcher]struct{}
}

func (w *watches) add(resource schema.GroupResource, added *watcher) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byResource == nil {
		w.byResource = map[schema.GroupResource]map[*watcher]struct{}{}
	}
	if w.byResource[resource] == nil {
		w.byResource[resource] = map[*watcher]struct{}{}
	}
	w.byResource[resource][added] = struct{}{}
}

func (w *watches) remove(resource schema.GroupResource, removed *watcher) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.byResource[resource], removed)
}

// tell lets the watches of a resource look for events. When it returns, those whose readers keep up have them in their
// channels.
func (w *watches) tell(resource schema.GroupResource) {
	w.mu.Lock()
	open := slices.Collect(maps.Keys(w.byResource[resource]))
	w.mu.Unlock()
	for _, watcher := range open {
		watcher.deliver()
	}
}
