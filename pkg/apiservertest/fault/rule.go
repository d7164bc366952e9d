package fault

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

// Rule says what happens to which requests.
type Rule struct {
	// Name is what the record of a request shows; "rule 3" for the third one if it is empty.
	Name string
	request.Match

	// Skip is how many requests that match pass unharmed before the first hit.
	Skip int
	// Times is how often the rule hits, at most; 0 for always.
	Times int
	// Probability is that of a hit, for requests behind Skip; 0 and 1 for certainty.
	Probability float64

	Effect Effect
}

func (r Rule) validate() error {
	switch {
	case r.Effect == nil:
		return fmt.Errorf("rule %q has no effect: set Effect", r.Name)
	case r.Skip < 0 || r.Times < 0:
		return fmt.Errorf("rule %q: Skip %d and Times %d must not be negative", r.Name, r.Skip, r.Times)
	case !(r.Probability >= 0 && r.Probability <= 1):
		return fmt.Errorf("rule %q: the probability %v is not between 0 and 1", r.Name, r.Probability)
	}
	if err := r.Validate(); err != nil {
		return fmt.Errorf("rule %q: %w", r.Name, err)
	}
	return nil
}

// Fault is a rule that was added to an Injector. It is safe for concurrent use.
type Fault struct {
	rule     Rule
	injector *Injector
	number   uint64 // 1 for the first that was added

	mu      sync.Mutex    // guards all below
	dice    *rand.Rand    // for Probability
	matched int           // requests that match
	hits    int           // those that were hit
	removed bool          // no hit any more
	changed chan struct{} // closed at the next hit; nil if nobody waits
}

// hit decides about a request, and says the how-manieth hit it is; 0 for none.
func (f *Fault) hit(info request.Info) int {
	if !f.rule.Selects(info) {
		return 0
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.matched++
	switch p := f.rule.Probability; {
	case f.removed, f.matched <= f.rule.Skip, f.rule.Times > 0 && f.hits >= f.rule.Times, p > 0 && f.dice.Float64() >= p:
		return 0
	}
	f.hits++
	if f.changed != nil {
		close(f.changed)
		f.changed = nil
	}
	return f.hits
}

// Name is that of the rule.
func (f *Fault) Name() string { return f.rule.Name }

// Hits is how often the rule has hit a request.
func (f *Fault) Hits() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hits
}

// Wait blocks until the rule has hit n requests. They need not be done.
func (f *Fault) Wait(ctx context.Context, n int) error {
	for {
		f.mu.Lock()
		got := f.hits
		if f.changed == nil {
			f.changed = make(chan struct{})
		}
		changed := f.changed
		f.mu.Unlock()
		if got >= n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("fault %q has hit %d of %d requests: %w", f.rule.Name, got, n, context.Cause(ctx))
		}
	}
}

// Remove ends the rule: it hits no request any more when Remove returns. Requests that it has hit before stay under its
// effect.
func (f *Fault) Remove() {
	f.mu.Lock()
	f.removed = true
	f.mu.Unlock()
	f.injector.remove(f)
}
