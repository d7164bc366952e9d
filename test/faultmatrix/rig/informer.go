package rig

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/pkg/apiservertest/record"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
)

// Options configure an Informer. The zero value is fine.
type Options struct {
	// Namespace and App restrict the informer to a namespace, and to a value of the label app.
	Namespace, App string
	Resync         time.Duration
	// PageSize makes the informer list in pages of so many, from the beginning.
	PageSize int64
	// Protocol replaces that of the Kind.
	Protocol string
	// Indexers are added to those that every informer has.
	Indexers cache.Indexers
	// Client, if set, is used instead of one of the informer's own; the caller then closes its connections.
	Client *http.Client
}

// Informer is an informer of a World, and what is seen of it.
type Informer struct {
	cache.SharedIndexInformer
	Name    string // its user agent
	Kind    Kind
	world   *World
	options Options
	client  *http.Client
	run     func(context.Context)

	cancel  context.CancelFunc
	ended   chan struct{} // closed when run has returned
	looking sync.WaitGroup
	stop    *check.Stop

	mu       sync.Mutex // guards what follows
	handlers []*Handler
	atSync   check.Objects
	heard    []check.Heard
	troubles []check.Trouble
	indexes  []check.IndexSnapshot
	panics   []string
}

// informerKey is what contexts of an informer have it under.
type informerKey struct{}

// CatchPanic is for utilruntime.PanicHandlers: it notes panics with the informer that they happened in, and says whether
// there is one.
func CatchPanic(ctx context.Context, p any) bool {
	i, ok := ctx.Value(informerKey{}).(*Informer)
	if ok {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.panics = append(i.panics, fmt.Sprint(p))
	}
	return ok
}

// TakePanics returns the panics that were caught since it was called last.
func (i *Informer) TakePanics() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	panics := i.panics
	i.panics = nil
	return panics
}

// NewInformer makes an informer. Its name must be no part of another's.
func NewInformer(w *World, kind Kind, name string, options Options) *Informer {
	w.Helper()
	config := w.Server.Config()
	config.UserAgent, config.ContentType = name, kind.Media
	config.NextProtos = []string{kind.Protocol}
	if options.Protocol != "" {
		config.NextProtos = []string{options.Protocol}
	}
	client := options.Client
	if client == nil {
		var err error
		if client, err = rest.HTTPClientFor(config); err != nil {
			w.Fatalf("%v", err)
		}
	}
	i := &Informer{Name: name, Kind: kind, world: w, options: options, client: client, ended: make(chan struct{})}
	var err error
	i.SharedIndexInformer, i.run, err = kind.make(made{
		config: config, client: client, namespace: options.Namespace, tweak: i.tweak, resync: options.Resync, indexers: indexers(options.Indexers),
	})
	if err == nil {
		err = i.SetWatchErrorHandlerWithContext(func(_ context.Context, _ *cache.Reflector, err error) {
			i.mu.Lock()
			defer i.mu.Unlock()
			i.heard = append(i.heard, check.Heard{At: time.Now(), Err: err})
		})
	}
	if err != nil {
		w.Fatalf("%v", err)
	}
	return i
}

// tweak makes the informer ask for what its options say.
func (i *Informer) tweak(o *metav1.ListOptions) {
	if i.options.App != "" {
		o.LabelSelector = labels.Set{"app": i.options.App}.String()
	}
	if i.options.PageSize > 0 && o.Limit > 0 {
		o.Limit = i.options.PageSize
		if o.ResourceVersion == "0" { // which servers answer from their memory, in one page
			o.ResourceVersion = ""
		}
	}
}

// Selects says whether the informer is about an object.
func (i *Informer) Selects(o metav1.Object) bool {
	return (i.options.Namespace == "" || i.options.Namespace == o.GetNamespace()) &&
		(i.options.App == "" || i.options.App == o.GetLabels()["app"])
}

// Start runs the informer.
func (i *Informer) Start() {
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), informerKey{}, i))
	i.cancel = cancel
	go func() {
		defer close(i.ended)
		i.run(ctx)
	}()
	i.looking.Go(func() {
		if cache.WaitFor(ctx, "", i.HasSyncedChecker()) {
			objects := i.Cache()
			i.mu.Lock()
			i.atSync = objects
			i.mu.Unlock()
		}
	})
}

// Cancel tells the informer to stop, and does not wait.
func (i *Informer) Cancel() { i.cancel() }

// Stop stops the informer, if it was started, and waits for its end. within is how long that may take.
func (i *Informer) Stop(within time.Duration) {
	if i.cancel == nil || i.stop != nil {
		return
	}
	asked := time.Now()
	i.cancel()
	<-i.ended
	i.stop = &check.Stop{Asked: asked, Ended: time.Now(), Within: within, Stopped: i.IsStopped()}
	i.looking.Wait()
}

// CloseConnections closes the connections that are idle, unless the client is shared. Those of requests that were
// cancelled may become idle a little later.
func (i *Informer) CloseConnections() {
	if i.options.Client == nil {
		i.client.CloseIdleConnections()
	}
}

// Client is the HTTP client of the informer.
func (i *Informer) Client() *http.Client { return i.client }

// Cache is what the store has now.
func (i *Informer) Cache() check.Objects { return objects(i.GetStore().List()) }

func objects(list []any) check.Objects {
	all := make(check.Objects, len(list))
	for _, o := range list {
		all[Key(o.(check.Object))] = o.(check.Object)
	}
	return all
}

// Heard returns the errors that the watch error handler was told.
func (i *Informer) Heard() []check.Heard {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.heard)
}

// MustHear demands that the watch error handler is told of a trouble that begins now.
func (i *Informer) MustHear(what string, within time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.troubles = append(i.troubles, check.Trouble{What: what, From: time.Now(), Within: within})
}

// HeardAll says whether the watch error handler was told of all that it must hear.
func (i *Informer) HeardAll() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return !slices.ContainsFunc(i.troubles, func(t check.Trouble) bool { return !t.Among(i.heard) })
}

// Requests selects the requests of the informer.
func (i *Informer) Requests(verbs ...string) request.Match {
	return request.Match{Verbs: verbs, UserAgent: i.Name, Resources: nil}
}

// Lag says how the informer is not yet where the server is: in its cache, or in what its handlers were told; "" if it is.
func (i *Informer) Lag(server check.Objects) string {
	cached := i.Cache()
	for key, o := range server {
		if want := i.Selects(o); want && !sameVersion(o, cached[key]) || !want && cached[key] != nil {
			return "the cache does not have " + key + " as the server has it"
		}
	}
	for key := range cached {
		if server[key] == nil {
			return "the cache still has " + key
		}
	}
	i.mu.Lock()
	handlers := slices.Clone(i.handlers)
	i.mu.Unlock()
	for _, h := range handlers {
		if lag := h.lag(cached); lag != "" {
			return lag
		}
	}
	return ""
}

func sameVersion(a, b check.Object) bool {
	return a != nil && b != nil && a.GetResourceVersion() == b.GetResourceVersion() && a.GetUID() == b.GetUID()
}

// Report is what was seen. Nothing may change any more.
func (i *Informer) Report(final check.Objects) *check.Informer {
	i.mu.Lock()
	defer i.mu.Unlock()
	r := &check.Informer{
		Name: i.Name, Selects: i.Selects,
		Final: final, AtSync: i.atSync, Indexes: i.indexes,
		Heard: i.heard, Troubles: i.troubles, Stop: i.stop,
	}
	for e := range i.world.Record().Entries(i.Requests()) {
		r.Requests = append(r.Requests, e)
	}
	r.MostLists = i.world.Record().Peaks(i.Requests("list"), record.UserAgent)[i.Name]
	for _, h := range i.handlers {
		handler, watcher := h.report()
		r.Handlers = append(r.Handlers, handler)
		if watcher != nil {
			r.Watchers = append(r.Watchers, watcher)
		}
	}
	return r
}

// indexers are those that every informer has, and more.
func indexers(more cache.Indexers) cache.Indexers {
	all := cache.Indexers{}
	for name, values := range indexValues {
		all[name] = func(o any) ([]string, error) { return values(o.(check.Object)), nil }
	}
	for name, f := range more {
		all[name] = f
	}
	return all
}

// indexValues are the values of an object in each index: one, one that changes, and several or none.
var indexValues = map[string]func(check.Object) []string{
	"app":   func(o check.Object) []string { return []string{o.GetLabels()["app"]} },
	"value": func(o check.Object) []string { return []string{datum(o, "v")} },
	"tags":  func(o check.Object) []string { return strings.Fields(datum(o, "tags")) },
}

// datum is what a config map has under a key.
func datum(o check.Object, key string) string {
	switch c := o.(type) {
	case *corev1.ConfigMap:
		return c.Data[key]
	case *unstructured.Unstructured:
		value, _, _ := unstructured.NestedString(c.Object, "data", key)
		return value
	}
	panic(fmt.Sprintf("a %T is no config map", o))
}

// CheckIndexes takes a snapshot of all indexes, to be compared with the cache. Nothing may change meanwhile.
func (i *Informer) CheckIndexes() {
	cached, indexer := i.Cache(), i.GetIndexer()
	for name, values := range indexValues {
		s := check.IndexSnapshot{Name: name, Values: values, Objects: cached, Index: map[string][]string{}}
		for _, value := range indexer.ListIndexFuncValues(name) {
			keys, err := indexer.IndexKeys(name, value)
			if err != nil {
				i.world.Errorf("%v", err)
			}
			s.Index[value] = keys
		}
		i.mu.Lock()
		i.indexes = append(i.indexes, s)
		i.mu.Unlock()
	}
}

// Synced says whether the informer, and all its handlers that are still there, have synced.
func (i *Informer) Synced() bool {
	i.mu.Lock()
	handlers := slices.Clone(i.handlers)
	i.mu.Unlock()
	for _, h := range handlers {
		if !h.synced() {
			return false
		}
	}
	return i.HasSynced()
}

// Calls returns what the handlers were told, by their names.
func (i *Informer) Calls() map[string][]check.Call {
	i.mu.Lock()
	handlers := slices.Clone(i.handlers)
	i.mu.Unlock()
	calls := map[string][]check.Call{}
	for _, h := range handlers {
		calls[h.Name] = h.Calls()
	}
	return calls
}
