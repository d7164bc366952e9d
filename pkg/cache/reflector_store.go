package cache

import (
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

// storeSink is a ReflectorStore as the sink of a reflector.
//
// A poisoned object, one that exists and could not be decoded, stays in the store as it last was. The store has to be one
// whose objects can be read for that, with keys of MetaNamespaceKeyFunc, or a DeltaFIFO, or a RealFIFO without atomic events.
type storeSink struct {
	store ReflectorStore
}

func (s storeSink) Apply(event reflector.Event[any]) error {
	err := s.apply(event)
	if err == nil {
		s.updateVersion(event.Version)
	}
	return err
}

func (s storeSink) apply(event reflector.Event[any]) error {
	if event.Poison != nil {
		return s.applyPoisoned(event)
	}
	switch event.Type {
	case watch.Added:
		return s.store.Add(event.Object)
	case watch.Modified:
		return s.store.Update(event.Object)
	case watch.Deleted:
		return s.store.Delete(event.Object)
	case watch.Bookmark:
		return s.bookmark(event.Version)
	default:
		return fmt.Errorf("unknown type of event %q", event.Type)
	}
}

func (s storeSink) applyPoisoned(event reflector.Event[any]) error {
	if event.Type == watch.Deleted {
		return s.deletePoisoned(event.Poison)
	}
	return nil
}

// deletePoisoned deletes an object whose last state could not be decoded, by the state in the store.
func (s storeSink) deletePoisoned(p *reflector.Poison) error {
	known, ok := s.store.(KeyGetter)
	if !ok {
		return fmt.Errorf("deletion of an object that only a list can tell this store of: %w", p)
	}
	object, exists, err := known.GetByKey(p.Key().String())
	if err != nil || !exists {
		return err
	}
	return s.store.Delete(object)
}

func (s storeSink) Replace(list reflector.List[any]) error {
	if err := s.replace(list); err != nil {
		return err
	}
	s.updateVersion(list.Version)
	return nil
}

func (s storeSink) replace(list reflector.List[any]) error {
	if len(list.Poisoned) == 0 && list.TellsAll() {
		return s.store.Replace(list.Objects, list.Version)
	}
	keep := keepPoisoned(list)
	if queue, ok := ownStore[keepingQueue](s.store); ok {
		return queue.replaceBut(list.Objects, list.Version, keep)
	}
	objects := list.Objects
	if store, ok := s.store.(KeyListerGetter); ok {
		kept, err := keptObjects(store, objects, keep)
		if err != nil {
			return err
		}
		objects = append(objects, kept...)
	}
	return s.store.Replace(objects, list.Version)
}

// keepingQueue is a queue that can take a list without concluding that certain objects are gone.
type keepingQueue interface {
	replaceBut(list []interface{}, resourceVersion string, keep func(key string) bool) error
}

// ownStore returns a store of this package as an S. One of another package that embeds it has its methods as well, but may have
// replaced those that a reflector calls, and must not be passed over.
func ownStore[S any](store ReflectorStore) (own S, ok bool) {
	t := reflect.TypeOf(store)
	if t == nil || t.Kind() != reflect.Pointer || t.Elem().PkgPath() != reflect.TypeFor[storeSink]().PkgPath() {
		return own, false
	}
	own, ok = store.(S)
	return own, ok
}

// keptObjects returns the objects of a store that are to be kept and are not listed.
func keptObjects(store KeyListerGetter, listed []any, keep func(key string) bool) ([]any, error) {
	there := make(map[string]struct{}, len(listed))
	for _, object := range listed {
		if key, err := MetaNamespaceKeyFunc(object); err == nil {
			there[key] = struct{}{}
		}
	}
	var kept []any
	for _, key := range store.ListKeys() {
		if _, listed := there[key]; listed || !keep(key) {
			continue
		}
		object, exists, err := store.GetByKey(key)
		if err != nil {
			return nil, err
		}
		if exists {
			kept = append(kept, object)
		}
	}
	return kept, nil
}

// keepPoisoned says which objects a list may have without telling: if it does not tell all, any.
func keepPoisoned(list reflector.List[any]) func(key string) bool {
	if !list.TellsAll() {
		return func(string) bool { return true }
	}
	keys := make(map[string]struct{}, len(list.Poisoned))
	for _, p := range list.Poisoned {
		keys[p.Key().String()] = struct{}{}
	}
	return func(key string) bool {
		_, ok := keys[key]
		return ok
	}
}

// bookmark tells the store of a bookmark if it wants to know.
func (s storeSink) bookmark(version string) error {
	switch store := s.store.(type) {
	case ReflectorBookmarkStore:
		return store.Bookmark(version)
	case interface{ Bookmark(string) }:
		store.Bookmark(version)
	}
	return nil
}

func (s storeSink) updateVersion(version string) {
	if updater, ok := s.store.(ResourceVersionUpdater); ok && version != "" {
		updater.UpdateResourceVersion(version)
	}
}
