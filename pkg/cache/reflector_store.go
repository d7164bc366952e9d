package cache

import (
	"fmt"

	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

// storeSink is a ReflectorStore as the sink of a reflector.
type storeSink struct {
	store ReflectorStore
}

func (s storeSink) Apply(event reflector.Event[any]) error {
	var err error
	switch event.Type {
	case watch.Added:
		err = s.store.Add(event.Object)
	case watch.Modified:
		err = s.store.Update(event.Object)
	case watch.Deleted:
		err = s.store.Delete(event.Object)
	case watch.Bookmark:
		err = s.bookmark(event.Version)
	default:
		err = fmt.Errorf("unknown type of event %q", event.Type)
	}
	if err == nil {
		s.updateVersion(event.Version)
	}
	return err
}

func (s storeSink) Replace(list reflector.List[any]) error {
	if err := s.store.Replace(list.Objects, list.Version); err != nil {
		return err
	}
	s.updateVersion(list.Version)
	return nil
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
