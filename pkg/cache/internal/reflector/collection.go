package reflector

import (
	"slices"

	"k8s.io/apimachinery/pkg/watch"
)

// collection gathers a list: objects of pages, or of a stream, in which objects may change while it is still sent.
type collection[T any] struct {
	key  func(T) Key
	list List[T]

	// late has the newest change of each object that changed after it was sent. Few do, so most streams need no memory
	// but for the objects themselves.
	late  []Event[T]
	place map[Key]int // in late
}

// add adds an object.
func (c *collection[T]) add(item Item[T]) {
	switch {
	case item.Poison == nil:
		c.list.Objects = append(c.list.Objects, item.Object)
	case len(c.list.Poisoned) < MaxPoisoned:
		c.list.Poisoned = append(c.list.Poisoned, *item.Poison)
	default:
		c.list.More++
	}
}

// apply takes an event of a stream that has not come to the end of the collection.
func (c *collection[T]) apply(event Event[T]) {
	key := event.key(c.key)
	if event.Poison != nil && len(c.late) >= MaxPoisoned {
		event.Poison = &Poison{Namespace: key.Namespace, Name: key.Name, Version: event.Version, Err: errManyPoisoned}
	}
	place, changed := c.place[key]
	switch {
	case changed:
		c.late[place] = event
	case event.Type == watch.Added:
		c.add(Item[T]{Object: event.Object, Poison: event.Poison})
	default:
		if c.place == nil {
			c.place = map[Key]int{}
		}
		c.place[key] = len(c.late)
		c.late = append(c.late, event)
	}
}

// size is how many objects were gathered.
func (c *collection[T]) size() int { return len(c.list.Objects) + len(c.list.Poisoned) + c.list.More }

// cut leaves only what there was when this was the list.
func (c *collection[T]) cut(list List[T]) {
	clear(c.list.Objects[len(list.Objects):])
	clear(c.list.Poisoned[len(list.Poisoned):])
	c.list.Objects = c.list.Objects[:len(list.Objects)]
	c.list.Poisoned = c.list.Poisoned[:len(list.Poisoned)]
	c.list.More = list.More
}

// take returns what was gathered, and is empty afterwards.
func (c *collection[T]) take() List[T] {
	if len(c.late) > 0 {
		c.list.Objects = slices.DeleteFunc(c.list.Objects, func(object T) bool { return c.changed(c.key(object)) })
		c.list.Poisoned = slices.DeleteFunc(c.list.Poisoned, func(p Poison) bool { return c.changed(p.Key()) })
		for _, event := range c.late {
			if event.Type != watch.Deleted {
				c.add(Item[T]{Object: event.Object, Poison: event.Poison})
			}
		}
	}
	list := c.list
	c.clear()
	return list
}

func (c *collection[T]) changed(key Key) bool {
	_, changed := c.place[key]
	return changed
}

// clear forgets everything.
func (c *collection[T]) clear() { *c = collection[T]{key: c.key} }

// key says which object an event is about.
func (e *Event[T]) key(key func(T) Key) Key {
	if e.Poison != nil {
		return e.Poison.Key()
	}
	return key(e.Object)
}
