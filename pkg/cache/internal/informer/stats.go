package informer

import (
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
)

// Stats say how an informer fares.
type Stats struct {
	Objects     int           // in the store
	Version     string        // that the store has reached
	Backlog     int           // changes that are not applied yet
	Waited      time.Duration // by the oldest of them
	Handlers    fanout.Stats
	Lists       int       // complete lists that were applied
	Applied     time.Time // when a list, an event or a bookmark was applied last; zero: never
	Dropped     int       // events that were older than the cache; see DisorderError
	Quarantined int       // objects in quarantine
	Panics      int       // of handlers
}

// counters are written by the writer, those of handlers by them, and read by everyone.
type counters struct {
	lists, dropped atomic.Int64
	panics         atomic.Int64 // of handlers
	applied        atomic.Int64 // nanoseconds since 1970, zero: never
}

// Stats returns what is the case now. It costs little, and waits for nobody.
func (i *Informer[T]) Stats() Stats {
	stats := Stats{
		Objects:     i.store.Len(),
		Version:     i.store.Version(),
		Handlers:    i.handlers.Stats(),
		Lists:       int(i.counters.lists.Load()),
		Dropped:     int(i.counters.dropped.Load()),
		Quarantined: i.quarantine.count(),
		Panics:      int(i.counters.panics.Load()),
	}
	stats.Backlog, stats.Waited = i.inbox.Backlog()
	if applied := i.counters.applied.Load(); applied != 0 {
		stats.Applied = time.Unix(0, applied)
	}
	return stats
}

// Version is the resource version that the store has reached. What the reflector has handed over up to it shows in
// Content.
func (i *Informer[T]) Version() string { return i.store.Version() }

// Content calls each for every object of one moment of the store, for an audit.
func (i *Informer[T]) Content(each func(key string, uid types.UID, version string)) {
	for key, object := range i.store.All() {
		identity := i.identity(object)
		each(key, identity.UID, identity.Version)
	}
}
