package informer

import (
	"fmt"

	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/queue"
	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

// sink puts what a reflector sees into the inbox.
type sink[T any] struct {
	key   func(T) (string, error)
	inbox *queue.Queue[entry[T]]
}

func (s *sink[T]) Apply(event reflector.Event[T]) error {
	delta := queue.Delta[T]{Version: event.Version}
	switch event.Type {
	case watch.Added:
		delta.Type = queue.Added
	case watch.Modified:
		delta.Type = queue.Updated
	case watch.Deleted:
		delta.Type = queue.Deleted
	case watch.Bookmark:
		delta.Type = queue.Bookmark
		return s.push(delta)
	default:
		return fmt.Errorf("unknown type of event %q", event.Type)
	}
	key, err := s.key(event.Object)
	if err != nil {
		return fmt.Errorf("key: %w", err)
	}
	delta.Item = queue.Item[T]{Key: key, Object: event.Object}
	return s.push(delta)
}

func (s *sink[T]) Replace(list reflector.List[T]) error {
	items := make([]queue.Item[T], len(list.Objects))
	for i, object := range list.Objects {
		key, err := s.key(object)
		if err != nil {
			return fmt.Errorf("key of object %d of the list: %w", i, err)
		}
		items[i] = queue.Item[T]{Key: key, Object: object}
	}
	return s.push(queue.Delta[T]{Type: queue.Replaced, Items: items, Version: list.Version})
}

func (s *sink[T]) push(delta queue.Delta[T]) error {
	if !s.inbox.Push(entry[T]{delta: delta}) {
		return ErrStopped
	}
	return nil
}
