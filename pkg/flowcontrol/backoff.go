package flowcontrol

import (
	"math/rand/v2"
	"sync"
	"time"

	"k8s.io/utils/clock"
)

// Backoff keeps a delay for each id that doubles with every failure, from an initial one up to a maximum, and starts anew
// after a time without failures. It is safe for concurrent use.
//
//	failure of id ── Next(id) ──▶ delay of id doubles ──▶ IsInBackOffSince(id, last attempt): wait with the next one?
//
// Entries stay until DeleteEntry, Reset, or GC once they have expired: whoever uses many ids calls GC from time to time.
type Backoff struct {
	// RWMutex guards the delays. The methods take it themselves: callers leave it alone.
	sync.RWMutex
	// Clock tells the time.
	Clock clock.Clock
	// HasExpiredFunc reports whether an id that failed last at lastUpdate begins anew at eventTime. The default, for nil,
	// says so once twice maxDuration have passed.
	HasExpiredFunc func(eventTime time.Time, lastUpdate time.Time, maxDuration time.Duration) bool

	initial, max    time.Duration
	maxJitterFactor float64
	entries         map[string]backoffEntry // guarded by RWMutex
}

type backoffEntry struct {
	delay      time.Duration
	lastUpdate time.Time
}

// NewBackOff returns a Backoff from initial to max without jitter.
func NewBackOff(initial, max time.Duration) *Backoff {
	return NewBackOffWithJitter(initial, max, 0)
}

// NewBackOffWithJitter returns a Backoff from initial to max that makes each delay longer by a random part of it, up to
// maxJitterFactor (0.5 means up to half as long again), so that clients which failed together do not come back together.
func NewBackOffWithJitter(initial, max time.Duration, maxJitterFactor float64) *Backoff {
	return NewFakeBackOffWithJitter(initial, max, clock.RealClock{}, maxJitterFactor)
}

// NewFakeBackOff is NewBackOff with a clock, for tests.
func NewFakeBackOff(initial, max time.Duration, tc clock.Clock) *Backoff {
	return NewFakeBackOffWithJitter(initial, max, tc, 0)
}

// NewFakeBackOffWithJitter is NewBackOffWithJitter with a clock, for tests.
func NewFakeBackOffWithJitter(initial, max time.Duration, tc clock.Clock, maxJitterFactor float64) *Backoff {
	return &Backoff{Clock: tc, initial: initial, max: max, maxJitterFactor: maxJitterFactor, entries: map[string]backoffEntry{}}
}

// Get returns the delay of id; 0 if it has none.
func (p *Backoff) Get(id string) time.Duration {
	p.RLock()
	defer p.RUnlock()
	return p.entries[id].delay
}

// Next notes a failure of id at eventTime: its delay becomes the initial one or, if it has one that has not expired, twice
// that, at most the maximum.
func (p *Backoff) Next(id string, eventTime time.Time) {
	p.Lock()
	defer p.Unlock()
	entry, ok := p.entries[id]
	delay := p.initial
	if ok && !p.expired(eventTime, entry) {
		delay = p.max
		if entry.delay <= p.max/2 {
			delay = 2 * entry.delay
		}
	}
	p.entries[id] = backoffEntry{delay: min(delay+p.jitter(delay), p.max), lastUpdate: p.Clock.Now()}
}

// Reset forgets the failures of id.
func (p *Backoff) Reset(id string) { p.DeleteEntry(id) }

// DeleteEntry forgets id.
func (p *Backoff) DeleteEntry(id string) {
	p.Lock()
	defer p.Unlock()
	delete(p.entries, id)
}

// IsInBackOffSince reports whether less than the delay of id has passed since eventTime.
func (p *Backoff) IsInBackOffSince(id string, eventTime time.Time) bool {
	p.RLock()
	defer p.RUnlock()
	entry, ok := p.entries[id]
	return ok && !p.expired(eventTime, entry) && p.Clock.Since(eventTime) < entry.delay
}

// IsInBackOffSinceUpdate reports whether, at eventTime, less than the delay of id has passed since it failed last.
func (p *Backoff) IsInBackOffSinceUpdate(id string, eventTime time.Time) bool {
	p.RLock()
	defer p.RUnlock()
	entry, ok := p.entries[id]
	return ok && !p.expired(eventTime, entry) && eventTime.Sub(entry.lastUpdate) < entry.delay
}

// GC forgets all ids that have expired.
func (p *Backoff) GC() {
	p.Lock()
	defer p.Unlock()
	now := p.Clock.Now()
	for id, entry := range p.entries {
		if p.expired(now, entry) {
			delete(p.entries, id)
		}
	}
}

func (p *Backoff) expired(eventTime time.Time, entry backoffEntry) bool {
	if p.HasExpiredFunc != nil {
		return p.HasExpiredFunc(eventTime, entry.lastUpdate, p.max)
	}
	return eventTime.Sub(entry.lastUpdate) >= 2*p.max
}

func (p *Backoff) jitter(delay time.Duration) time.Duration {
	if p.maxJitterFactor <= 0 {
		return 0
	}
	return time.Duration(rand.Float64() * p.maxJitterFactor * float64(delay))
}
