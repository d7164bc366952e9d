package informer

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

// Quarantined is an object that exists, in a state that could not be decoded. The store keeps the last good state of the
// key, if there is one, whatever its UID. The next state that can be decoded, or the deletion, ends the quarantine.
//
// The reflector has a quarantine, too: of what it has seen. This one is of what the store shows, which the writer has to know
// to tell old events, and those who wait for a version.
type Quarantined struct {
	Key             string // in the store
	Namespace, Name string // both may be empty, for an object of a list
	UID             types.UID
	Version         string    // that could not be decoded
	Since           time.Time // when the first such state came
	Err             error
}

// quarantine is the objects in quarantine, of which at most reflector.MaxPoisoned are known. The writer changes it.
type quarantine struct {
	mu       sync.Mutex // guards the fields below; only held for a few operations
	byKey    map[string]Quarantined
	nameless []Quarantined // of the last list
	more     int           // only counted, since the last list
}

// Quarantine returns the objects in quarantine, by key, and how many more there are of which nothing else is known.
func (i *Informer[T]) Quarantine() (known []Quarantined, more int) { return i.quarantine.list() }

func (q *quarantine) list() (known []Quarantined, more int) {
	q.mu.Lock()
	known, more = slices.Clone(q.nameless), q.more
	for _, object := range q.byKey {
		known = append(known, object)
	}
	q.mu.Unlock()
	slices.SortStableFunc(known, func(a, b Quarantined) int { return cmp.Compare(a.Key, b.Key) })
	return known, more
}

func (q *quarantine) count() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.byKey) + len(q.nameless) + q.more
}

func (q *quarantine) get(key string) (Quarantined, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	object, ok := q.byKey[key]
	return object, ok
}

// add notes an object of an event.
func (q *quarantine) add(key string, p *reflector.Poison) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.byKey == nil {
		q.byKey = map[string]Quarantined{}
	}
	before, known := q.byKey[key]
	if !known && len(q.byKey) >= reflector.MaxPoisoned {
		q.more++
		return
	}
	q.byKey[key] = quarantined(key, p, before)
}

// release ends the quarantine of an object, if it was in any.
func (q *quarantine) release(key string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.byKey, key)
}

// replace makes the poisoned objects of a list the content, with so many more, except for those that are good in it as well.
func (q *quarantine) replace(poisoned []reflector.Poison, more int, good map[string]bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	before := q.byKey
	q.byKey, q.nameless, q.more = map[string]Quarantined{}, nil, more
	for i := range poisoned {
		p := &poisoned[i]
		switch key := p.Key().String(); {
		case p.Name == "":
			q.nameless = append(q.nameless, quarantined("", p, Quarantined{}))
		case !good[key]:
			q.byKey[key] = quarantined(key, p, before[key])
		}
	}
}

// quarantined is a poisoned object, which was in quarantine already if before is set.
func quarantined(key string, p *reflector.Poison, before Quarantined) Quarantined {
	since := before.Since
	if since.IsZero() {
		since = time.Now()
	}
	return Quarantined{Key: key, Namespace: p.Namespace, Name: p.Name, UID: p.UID, Version: p.Version, Since: since, Err: p.Err}
}
