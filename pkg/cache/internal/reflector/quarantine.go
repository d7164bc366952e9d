package reflector

import (
	"fmt"
	"sync"
)

// maxPoisonReports bounds how many objects of one list are reported one by one.
const maxPoisonReports = 100

// quarantine knows which objects exist that could not be decoded, so that each is reported once for each of its
// versions.
type quarantine struct {
	mu    sync.Mutex // guards known, which audits read
	known map[Key]string
}

// replace makes the poisoned objects of a list the whole content, and returns what is to be reported. The slice is not
// kept.
func (q *quarantine) replace(poisoned []Poison) []error {
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
	if more > 0 {
		news = append(news, fmt.Errorf("%d more objects of the list are left out", more))
	}
	q.known = known
	return news
}

// add notes a poisoned object and says whether that is news.
func (q *quarantine) add(p *Poison) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if before, seen := q.known[p.Key()]; seen && before == p.Version {
		return false
	}
	if q.known == nil {
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
	return len(q.known)
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
