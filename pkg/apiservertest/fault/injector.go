package fault

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

// Options of an Injector.
type Options struct {
	// Seed of everything that is random; 0 for a random one, see Injector.Seed.
	Seed uint64
	// User tells who makes a request; nil for nobody.
	User func(*http.Request) string
	// Kind tells the kind of a resource, for objects that faults make up. With nil, or where it returns "", it is that of
	// the events before in the same watch.
	Kind func(schema.GroupVersionResource) string
	// Hit is told of every hit, in the goroutine of the request; nil for nobody.
	Hit func(ctx context.Context, fault string)
}

// Injector holds the rules, and knows the connections. It is safe for concurrent use.
type Injector struct {
	options Options
	closed  chan struct{} // ends all waits of effects

	mu       sync.Mutex // guards all below
	isClosed bool
	added    uint64   // rules so far
	faults   []*Fault // replaced, never changed: requests go on with the slice they have
	accepted uint64   // connections so far
	conns    map[*Conn]struct{}
	onAccept func(*Conn)
}

// New returns an Injector without rules.
func New(o Options) *Injector {
	for o.Seed == 0 {
		o.Seed = rand.Uint64()
	}
	if o.User == nil {
		o.User = func(*http.Request) string { return "" }
	}
	if o.Kind == nil {
		o.Kind = func(schema.GroupVersionResource) string { return "" }
	}
	if o.Hit == nil {
		o.Hit = func(context.Context, string) {}
	}
	return &Injector{options: o, closed: make(chan struct{}), conns: map[*Conn]struct{}{}}
}

// Seed is what a test prints to be run again the same way.
func (i *Injector) Seed() uint64 { return i.options.Seed }

// random is a source that depends on the seed and the numbers alone.
func (i *Injector) random(rule, hit uint64) *rand.Rand {
	return rand.New(rand.NewPCG(i.options.Seed^rule<<32, hit))
}

// Add puts a rule behind those that are there. It panics if the rule can never do anything: that is a mistake in the
// program.
func (i *Injector) Add(rule Rule) *Fault {
	if err := rule.validate(); err != nil {
		panic("apiservertest: " + err.Error())
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.added++
	if rule.Name == "" {
		rule.Name = fmt.Sprintf("rule %d", i.added)
	}
	f := &Fault{rule: rule, injector: i, number: i.added, dice: i.random(i.added, 0)}
	i.faults = append(slices.Clip(i.faults), f)
	return f
}

// RemoveAll removes all rules, as Fault.Remove does with one.
func (i *Injector) RemoveAll() {
	for _, f := range i.rules() {
		f.Remove()
	}
}

func (i *Injector) remove(f *Fault) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.faults = slices.DeleteFunc(slices.Clone(i.faults), func(other *Fault) bool { return other == f })
}

func (i *Injector) rules() []*Fault {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.faults
}

// Wrap returns a handler that does the faults, and leaves the rest to next.
func (i *Injector) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info := request.Parse(r)
		info.User = i.options.User(r)
		i.serve(w, r, info, i.rules(), next)
	})
}

func (i *Injector) serve(w http.ResponseWriter, r *http.Request, info request.Info, faults []*Fault, next http.Handler) {
	for n, f := range faults {
		hit := f.hit(info)
		if hit == 0 {
			continue
		}
		i.options.Hit(r.Context(), f.rule.Name)
		f.rule.Effect(&Exchange{
			Writer: w, Request: r, Info: info, Fault: f, Hit: hit,
			Rand:     i.random(f.number, uint64(hit)),
			injector: i,
			next: func(w http.ResponseWriter, r *http.Request) {
				i.serve(w, r, info, faults[n+1:], next)
			},
		})
		return
	}
	next.ServeHTTP(w, r)
}

// Close ends all waits of effects, so that the requests under them end, and closes the connections that are left. Rules
// do not hit any more. It comes before the Close of the http.Server, which would wait for slow connections.
func (i *Injector) Close() {
	i.RemoveAll()
	i.mu.Lock()
	if !i.isClosed {
		i.isClosed = true
		close(i.closed)
	}
	i.mu.Unlock()
	for _, c := range i.Conns() {
		_ = c.Close() // it may be closed already
	}
}
