package informer

import (
	"time"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

// replace makes a complete list the content of the store. It is taken as it is: a list is the present, even if its
// versions are lower than those that were known (a backup was restored).
func (w *writer[T]) replace(d *delta[T]) {
	w.enter(d.list.objects...)
	kept := w.keep(d.list)
	w.departures = departures{}
	add := fanout.Add
	if !w.filled {
		add = fanout.InitialAdd
	}
	w.store.Replace(d.list.keys, d.list.objects, d.version, func(c store.Change[T]) {
		switch {
		case kept[c.Key]: // there is no news of it
		case c.Delete:
			w.tell(fanout.Notification[T]{Kind: fanout.DeleteUnknown, Key: c.Key, Old: c.Before, New: c.Before})
		default:
			w.changed(add, c.Key, c.Before, c.Existed, c.Object)
		}
	})
	w.counters.lists.Add(1)
	if !w.filled {
		w.filled = true
		w.flush()
		w.handlers.Synced(time.Now())
		close(w.synced)
	}
}

// keep makes the poisoned objects of a list the content of the quarantine, and adds their last good states to the list,
// so that the store keeps them. It returns their keys.
//
// If the list does not tell all, what it has not may still exist, so that all of that is kept: a ghost that the next list
// removes does less harm than a deletion that never happened.
func (w *writer[T]) keep(l *list[T]) map[string]bool {
	if len(l.poisoned) == 0 && l.tellsAll {
		w.quarantine.replace(nil, 0, nil)
		return nil
	}
	poisoned := map[string]bool{}
	for i := range l.poisoned {
		if p := &l.poisoned[i]; p.Name != "" {
			poisoned[p.Key().String()] = true
		}
	}
	listed := make(map[string]bool, len(l.keys))
	for _, key := range l.keys {
		listed[key] = true
		delete(poisoned, key) // the list has it a second time, as it should be
	}
	w.quarantine.replace(l.poisoned, l.more, listed)
	kept := map[string]bool{}
	for key, object := range w.store.All() {
		if poisoned[key] || !l.tellsAll && !listed[key] {
			kept[key] = true
			l.keys, l.objects = append(l.keys, key), append(l.objects, object)
		}
	}
	return kept
}
