package rig

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-logr/logr/funcr"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/klog/v2"

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
	// Paged makes the informer list in pages, whatever its Kind, and PageSize in pages of so many, from the beginning.
	Paged    bool
	PageSize int64
	// Audit and SplitRecreated are those of cache.InformerTuning.
	Audit          time.Duration
	SplitRecreated bool
	// Protocol replaces that of the Kind.
	Protocol string
	// Indexers are added to those that every informer has.
	Indexers cache.Indexers
	// Transform changes each object before it is stored.
	Transform func(check.Object)
	// Replace, if set, is what the transform returns instead of the object itself.
	Replace func(check.Object) (any, error)
	// OnError is called by the watch error handler.
	OnError func(error)
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

	observed cache.ObservedInformer // from the start on
	cancel   context.CancelFunc
	ended    chan struct{} // closed when run has returned
	looking  sync.WaitGroup
	stop     *check.Stop

	mu       sync.Mutex // guards what follows
	handlers []*Handler
	atSync   check.Objects
	heard    []check.Heard // by Errors
	logged   []string
	failures int // by the watch error handler
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

// UserAgents is what the user agents of informers begin with.
const UserAgents = "informer-"

// NewInformer makes an informer. Its name begins with UserAgents, and is no part of another's.
func NewInformer(w *World, kind Kind, name string, options Options) *Informer {
	w.Helper()
	config := w.Server.Config()
	config.UserAgent, config.ContentType, config.BearerToken = name, kind.Media, token
	config.NextProtos = []string{kind.Protocol}
	if options.Protocol != "" {
		config.NextProtos = []string{options.Protocol}
	}
	var client *http.Client
	if options.Client != nil {
		client = &http.Client{Transport: agent{options.Client.Transport, name}}
	} else {
		var err error
		if client, err = rest.HTTPClientFor(config); err != nil {
			w.Fatalf("%v", err)
		}
	}
	i := &Informer{Name: name, Kind: kind, world: w, options: options, client: client, ended: make(chan struct{})}
	var err error
	i.SharedIndexInformer, i.run, err = kind.make(made{
		config: config, client: client, namespace: options.Namespace, tweak: i.tweak, resync: options.Resync, indexers: indexers(options.Indexers),
		tuning: cache.InformerTuning{
			NoStreaming: options.Paged || options.PageSize > 0 || !kind.Streams, Audit: options.Audit, SplitRecreated: options.SplitRecreated,
		},
	})
	if err == nil {
		err = i.SetWatchErrorHandlerWithContext(i.hear)
	}
	if err == nil && (options.Transform != nil || options.Replace != nil) {
		err = i.SetTransform(i.transform)
	}
	if err != nil {
		w.Fatalf("%v", err)
	}
	return i
}

// transform is that of the informer.
func (i *Informer) transform(o any) (any, error) {
	if i.options.Transform != nil {
		i.options.Transform(o.(check.Object))
	}
	if i.options.Replace != nil {
		return i.options.Replace(o.(check.Object))
	}
	return o, nil
}

// hear is the watch error handler.
func (i *Informer) hear(_ context.Context, _ *cache.Reflector, err error) {
	i.mu.Lock()
	i.failures++
	i.mu.Unlock()
	if i.options.OnError != nil {
		i.options.OnError(err)
	}
}

// agent names who sends requests over connections that are shared.
type agent struct {
	http.RoundTripper
	name string
}

func (a agent) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", a.name)
	return a.RoundTripper.RoundTrip(r)
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
	ctx = klog.NewContext(ctx, funcr.New(i.log, funcr.Options{Verbosity: 5}))
	i.cancel = cancel
	observed, err := cache.Observe(i.SharedIndexInformer)
	if err != nil {
		i.world.Fatalf("%v", err)
	}
	i.observed = observed
	errs := observed.Errors(ctx)
	i.looking.Go(func() {
		for err := range errs {
			i.mu.Lock()
			i.heard = append(i.heard, check.Heard{At: err.Time, Err: err})
			i.mu.Unlock()
		}
	})
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

// log is the log of the informer, of which it keeps what must not be there: the rest would grow for ever.
func (i *Informer) log(_, args string) {
	if !strings.Contains(args, check.Canary) {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.logged = append(i.logged, args)
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

// Status is how the informer says that it fares. It was started.
func (i *Informer) Status() cache.InformerStatus { return i.observed.Status() }

// Failures is how often the watch error handler was called.
func (i *Informer) Failures() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.failures
}

// Heard returns the errors that the informer told.
func (i *Informer) Heard() []check.Heard {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.heard)
}

// MustHear demands that the informer tells of a trouble that begins now, within that time and World.Slack.
func (i *Informer) MustHear(what string, within time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.troubles = append(i.troubles, check.Trouble{What: what, From: time.Now(), Within: within + i.world.Slack})
}

// HeardAll says whether the informer has told of all that it must.
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
// Some keys may not count.
func (i *Informer) Lag(server check.Objects, except ...string) string {
	cached := i.Cache()
	for key, o := range server {
		if slices.Contains(except, key) {
			continue
		}
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
		if h.slow.Load() {
			continue
		}
		if lag := h.lag(cached); lag != "" {
			return lag
		}
	}
	return ""
}

func sameVersion(a, b check.Object) bool {
	return a != nil && b != nil && a.GetResourceVersion() == b.GetResourceVersion() && a.GetUID() == b.GetUID()
}

// Inspect is what an informer has now: its cache and its indexes. Nothing may change meanwhile.
func (i *Informer) Inspect() *check.Informer {
	i.CheckIndexes()
	i.mu.Lock()
	defer i.mu.Unlock()
	r := &check.Informer{Name: i.Name, Selects: i.Selects, Final: i.Cache(), Indexes: i.indexes}
	i.indexes = nil
	return r
}

// Report is what was seen of informers, of which some were looked at in the end. Nothing may change any more.
func Report(w *World, informers []*Informer, final map[*Informer]check.Objects) []*check.Informer {
	ours := request.Match{Where: func(r request.Info) bool { return strings.HasPrefix(r.UserAgent, UserAgents) }}
	requests := map[string][]record.Entry{}
	for e := range w.Record().Entries(ours) {
		requests[e.UserAgent] = append(requests[e.UserAgent], e)
	}
	ours.Verbs = []string{"list"}
	lists := w.Record().Peaks(ours, record.UserAgent)
	var reports []*check.Informer
	for _, i := range informers {
		r := i.report()
		r.Final, r.Requests, r.MostLists = final[i], requests[i.Name], lists[i.Name]
		reports = append(reports, r)
	}
	return reports
}

func (i *Informer) report() *check.Informer {
	i.mu.Lock()
	defer i.mu.Unlock()
	r := &check.Informer{
		Name: i.Name, Selects: i.Selects, Transform: i.options.Transform,
		AtSync: i.atSync, Indexes: i.indexes, Heard: i.heard, Logged: i.logged, Troubles: i.troubles, Stop: i.stop,
	}
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

// datum is what a config map has under a key; nothing if only its metadata is known.
func datum(o check.Object, key string) string {
	switch c := o.(type) {
	case *corev1.ConfigMap:
		return c.Data[key]
	case *unstructured.Unstructured:
		value, _, _ := unstructured.NestedString(c.Object, "data", key)
		return value
	case *metav1.PartialObjectMetadata:
		return ""
	}
	panic(fmt.Sprintf("a %T is no config map", o))
}

// CheckIndexes takes a snapshot of all indexes that every informer has, to be compared with the cache. Nothing may change
// meanwhile.
func (i *Informer) CheckIndexes() {
	for name, values := range indexValues {
		i.CheckIndex(name, values)
	}
}

// CheckIndex is CheckIndexes for one index, whose function computes these values; nothing where it fails.
func (i *Informer) CheckIndex(name string, values func(check.Object) []string) {
	s := check.IndexSnapshot{Name: name, Values: values, Objects: i.Cache(), Index: map[string][]string{}}
	for _, value := range i.GetIndexer().ListIndexFuncValues(name) {
		keys, err := i.GetIndexer().IndexKeys(name, value)
		if err != nil {
			i.world.Errorf("%v", err)
		}
		s.Index[value] = keys
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.indexes = append(i.indexes, s)
}

// Synced says whether the informer, and all its handlers that are still there, have synced.
func (i *Informer) Synced() bool {
	i.mu.Lock()
	handlers := slices.Clone(i.handlers)
	i.mu.Unlock()
	for _, h := range handlers {
		if !h.slow.Load() && !h.synced() {
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
