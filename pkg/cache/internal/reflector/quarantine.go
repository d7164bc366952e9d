package reflector

import (
	"fmt"
	"sync"
)

// maxPoisonReports bounds how many objects of one list are reported one by one.
const maxPoisonReports = 100

// quarantine knows which objects exist that could not be decoded, so that each is reported once for each of its versions, and
// audits know of them. It is what the reflector has seen: a sink may have a queue, and then has a quarantine of its own, of what
// it has come to.
type quarantine struct {
	mu    sync.Mutex     // guards the fields below, which audits read
	known map[Key]string // versions, of at most MaxPoisoned objects
	more  int            // objects that are only counted, since the last list
}

// replace makes the poisoned objects of a list the whole content, with so many more that are only counted, and returns what is
// to be reported. The slice is not kept.
func (q *quarantine) replace(poisoned []Poison, unknown int) []error {
	known := make(map[Key]string, len(poisoned))
	var news []error
	more := 0
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, p := range poisoned {
		known[p.Key()] = p.Version
		if before, seen := q.known[p.Key()]; seen && before == p.Version && p.Name != "" {
			continue
		}
		if len(news) == maxPoisonReports {
			more++
			continue
		}
		news = append(news, &p)
	}
	if more += unknown; more > 0 {
		news = append(news, fmt.Errorf("%d more objects of the list are left out", more))
	}
	q.known, q.more = known, unknown
	return news
}

// add notes a poisoned object and says whether that is news. One too many is only counted, each time.
func (q *quarantine) add(p *Poison) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	before, seen := q.known[p.Key()]
	switch {
	case seen && before == p.Version:
		return false
	case !seen && len(q.known) >= MaxPoisoned:
		q.more++
		return true
	case q.known == nil:
		q.known = map[Key]string{}
	}
	q.known[p.Key()] = p.Version
	return true
}

// release forgets an object that could be decoded, or does not exist any more.
func (q *quarantine) release(key Key) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.known, key)
}

func (q *quarantine) size() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.known) + q.more
}

// versions returns which version of each object is poisoned, by the key that stores use.
func (q *quarantine) versions() map[string]string {
	q.mu.Lock()
	defer q.mu.Unlock()
	versions := make(map[string]string, len(q.known))
	for key, version := range q.known {
		versions[key.String()] = version
	}
	return versions
}
