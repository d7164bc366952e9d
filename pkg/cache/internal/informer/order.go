package informer

import (
	"context"
	"fmt"

	"github.com/kubewright/kubewright/pkg/cache/internal/versions"
)

// DisorderError reports events that were dropped, because they are older than what the cache knew: a server has sent
// events again, or in another order than they happened in. The cache does not go back in time. But an event that is not
// applied may stand for a change all the same, of a server whose versions are no clock: who hears of it should list again.
//
// An event is old if its resource version is lower than that of the same key in the cache: of the stored object, of
// the state that is in quarantine, or of the deletion, if it is one of the last thousand. UIDs do not matter: versions
// of one collection are numbers from one counter, so that a lower one is older even if it is of another object, which
// had the name before. Versions that are not plain numbers, or empty, are not compared; an event with the same version
// is applied. Lists are never old.
type DisorderError struct {
	Key            string // of the first event that was dropped
	Version, Known string // its version, and what the cache had
	Count          int    // how many came together and were dropped, this one included
}

func (e *DisorderError) Error() string {
	text := fmt.Sprintf("an event of %q at version %s was dropped: the cache had version %s already", e.Key, e.Version, e.Known)
	if e.Count > 1 {
		text += fmt.Sprintf(" (and %d more events)", e.Count-1)
	}
	return text
}

// isOld notes that a change is dropped, if it is older than what the cache knows.
func (w *writer[T]) isOld(d *delta[T]) bool {
	known := w.known(d.key)
	if !versions.Older(d.version, known) {
		return false
	}
	w.counters.dropped.Add(1)
	if w.dropped == nil {
		w.dropped = &DisorderError{Key: d.key, Version: d.version, Known: known}
	}
	w.dropped.Count++
	return true
}

// known is the newest version of an object that the cache knows of. A state in quarantine is newer than the stored one,
// unless a list has brought it.
func (w *writer[T]) known(key string) string {
	if q, ok := w.quarantine.get(key); ok {
		return q.Version
	}
	if object, ok := w.store.Get(key); ok {
		return w.identity(object).Version
	}
	return w.departures.version(key)
}

// report tells of what was dropped.
func (w *writer[T]) report(ctx context.Context) {
	if err := w.dropped; err != nil {
		w.dropped = nil
		w.options.OnError(ctx, err)
	}
}

// maxDepartures bounds the memory for deletions.
const maxDepartures = 1024

// departures are the versions of the last deletions, so that an event that is sent again does not bring an object back.
// They are asked only about objects that are gone. The zero value has none.
type departures struct {
	byKey map[string]departure
	keys  []string // a ring of those that came last; one that came twice counts where it came last
	next  int      // in keys
}

type departure struct {
	version string
	slot    int // in keys
}

func (d *departures) version(key string) string { return d.byKey[key].version }

func (d *departures) add(key, version string) {
	if d.byKey == nil {
		d.byKey = map[string]departure{}
	}
	if len(d.keys) < maxDepartures {
		d.keys = append(d.keys, "")
	} else if last := d.keys[d.next]; d.byKey[last].slot == d.next {
		delete(d.byKey, last)
	}
	d.keys[d.next] = key
	d.byKey[key] = departure{version, d.next}
	d.next = (d.next + 1) % maxDepartures
}
