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
	d := delta[T]{object: event.Object, poison: event.Poison, version: event.Version}
	switch event.Type {
	case watch.Added, watch.Modified:
		d.change = written
	case watch.Deleted:
		d.change = deleted
	case watch.Bookmark:
		d.change = bookmark
		return s.push(d)
	default:
		return fmt.Errorf("unknown type of event %q", event.Type)
	}
	var err error
	if d.key, err = s.keyOf(event); err != nil {
		return fmt.Errorf("key: %w", err)
	}
	return s.push(d)
}

func (s *sink[T]) Replace(all reflector.List[T]) error {
	keys := make([]string, len(all.Objects))
	for i, object := range all.Objects {
		var err error
		if keys[i], err = s.key(object); err != nil {
			return fmt.Errorf("key of object %d of the list: %w", i, err)
		}
	}
	return s.push(delta[T]{change: replaced, list: &list[T]{keys, all.Objects, all.Poisoned, all.More, all.TellsAll()}, version: all.Version})
}

func (s *sink[T]) keyOf(event reflector.Event[T]) (string, error) {
	if event.Poison == nil {
		return s.key(event.Object)
	}
	if event.Poison.Name == "" {
		return "", fmt.Errorf("an object without a name could not be decoded: %w", event.Poison.Err)
	}
	return event.Poison.Key().String(), nil
}

func (s *sink[T]) push(d delta[T]) error {
	if !s.inbox.Push(entry[T]{delta: d}) {
		return ErrStopped
	}
	return nil
}
