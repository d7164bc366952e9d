package storage

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

var modelSeed = flag.Uint64("model-seed", 0, "the only seed for TestModel; 0: a fixed set and a random one")

// TestModel does the same at random to a store and to a model that is too simple to be wrong: a list of all events.
func TestModel(t *testing.T) {
	seeds := []uint64{*modelSeed}
	if *modelSeed == 0 {
		seeds = []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, rand.Uint64()}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			m := newModel(t, rand.New(rand.NewPCG(seed, 0)))
			for range 1500 {
				m.step()
			}
			m.checkHistories()
		})
	}
}

// modelEvent is an Event of which the objects are texts; "-" is none.
type modelEvent struct {
	revision int64
	key      Key
	old, new string
}

type modelWatch struct {
	*Watch
	resource  schema.GroupResource
	namespace string
	seen      int64
	closed    bool
}

type model struct {
	*testing.T
	random *rand.Rand

	store   *Store
	options Options

	revision, compacted int64
	events              []modelEvent // since the beginning, without what was taken back
	recorded            []modelEvent
	watches             []*modelWatch
}

func newModel(t *testing.T, random *rand.Rand) *model {
	options := Options{
		First:      1 + random.Int64N(2)*1000,
		KeepEvents: []int{0, 0, 1, 20, 200}[random.IntN(5)],
		Record:     random.IntN(2) == 0,
	}
	return &model{T: t, random: random, store: New(options), options: options, revision: options.First, compacted: options.First}
}

func (m *model) step() {
	switch n := m.random.IntN(1000); {
	case n < 400:
		m.write()
	case n < 500:
		m.list()
	case n < 550:
		m.pages()
	case n < 600:
		m.watch()
	case n < 950:
		m.next()
	case n < 970:
		m.compact()
	case n < 975:
		m.reset()
	default:
		m.get()
	}
	if got := m.store.Revision(); got != m.revision {
		m.Fatalf("Revision() = %d, want %d", got, m.revision)
	}
}

func (m *model) key() Key {
	k := Key{Resource: m.resource(), Namespace: m.namespace(), Name: string(rune('a' + m.random.IntN(8)))}
	if k.Resource == widgets {
		k.Namespace = ""
	}
	return k
}

func (m *model) resource() schema.GroupResource {
	return []schema.GroupResource{configMaps, {Group: "apps", Resource: "deployments"}, widgets}[m.random.IntN(3)]
}

func (m *model) namespace() string { return []string{"n", "n-m", "n0"}[m.random.IntN(3)] }

// scope is a namespace, or all.
func (m *model) scope() string { return []string{"", m.namespace()}[m.random.IntN(2)] }

// at is a revision, mostly one that can be read.
func (m *model) at() int64 {
	return max(1, m.compacted-2+m.random.Int64N(m.revision-m.compacted+5))
}

// state returns the objects at a revision.
func (m *model) state(resource schema.GroupResource, namespace string, at int64) []string {
	objects := map[string]string{}
	for _, e := range m.events {
		if e.revision > at || e.key.Resource != resource || namespace != "" && e.key.Namespace != namespace {
			continue
		}
		place := e.key.Namespace + "/" + e.key.Name
		if delete(objects, place); e.new != "-" {
			objects[place] = e.new
		}
	}
	state := []string{}
	for _, place := range slices.Sorted(maps.Keys(objects)) {
		state = append(state, objects[place])
	}
	return state
}

func (m *model) current(k Key) string {
	for _, e := range slices.Backward(m.events) {
		if e.key == k {
			return e.new
		}
	}
	return "-"
}

func (m *model) write() {
	k := m.key()
	old := m.current(k)
	op := []string{"put", "put", "put", "delete", "same", "fail"}[m.random.IntN(6)]
	failure := errors.New("no")
	var put apiobject.Object
	got, err := m.store.Update(k, func(current apiobject.Object) (apiobject.Object, error) {
		if text(current) != old {
			m.Fatalf("%s: current = %s, want %s", k, text(current), old)
		}
		switch op {
		case "put":
			put = object(k, fmt.Sprint(m.random.IntN(1000)))
			return put, nil
		case "same":
			return current, nil
		case "fail":
			return nil, failure
		default:
			return nil, nil
		}
	})
	e := modelEvent{m.revision + 1, k, old, "-"}
	switch {
	case op == "fail":
		if err != failure || got != nil {
			m.Fatalf("Update() = %s, %v, want an error", text(got), err)
		}
		return
	case op == "same", op == "delete" && old == "-":
		if err != nil || text(got) != old {
			m.Fatalf("Update() = %s, %v, want %s as it was", text(got), err, old)
		}
		return
	case op == "put":
		e.new = text(put)
		if err != nil || got != put || put.GetResourceVersion() != fmt.Sprint(e.revision) {
			m.Fatalf("Update() = %s, %v, want revision %d", text(got), err, e.revision)
		}
	case err != nil || got.GetResourceVersion() != fmt.Sprint(e.revision):
		m.Fatalf("Update() = %s, %v, want what was deleted with revision %d", text(got), err, e.revision)
	}
	m.revision = e.revision
	m.events, m.recorded = append(m.events, e), append(m.recorded, e)
	if m.options.KeepEvents > 0 {
		m.compacted = max(m.compacted, m.revision-int64(m.options.KeepEvents))
	}
}

func (m *model) get() {
	k := m.key()
	got, found := m.store.Get(k)
	if want := m.current(k); text(got) != want || found != (want != "-") {
		m.Fatalf("Get(%s) = %s, %v, want %s", k, text(got), found, want)
	}
}

// readable checks the error of a call that names a revision, and says whether there has to be none.
func (m *model) readable(err error, at int64) bool {
	m.Helper()
	switch {
	case at < m.compacted:
		wantCompacted(m, err, at, m.compacted)
		return false
	case at > m.revision:
		wantFuture(m, err, at, m.revision)
		return false
	case err != nil:
		m.Fatal(err)
	}
	return true
}

func (m *model) list() {
	resource, namespace, at := m.resource(), m.scope(), m.at()*m.random.Int64N(4)/3 // sometimes now, sometimes the future
	list, err := m.store.List(resource, namespace, at)
	if at == 0 {
		at = m.revision
	}
	if !m.readable(err, at) {
		return
	}
	if diff := cmp.Diff(m.state(resource, namespace, at), texts(list.Objects)); diff != "" || list.Revision != at {
		m.Fatalf("List(%s, %q, %d): revision %d, objects (-want +got):\n%s", resource, namespace, at, list.Revision, diff)
	}
}

func (m *model) pages() {
	resource, namespace, at, limit := m.resource(), m.scope(), m.at(), 1+m.random.IntN(9)
	view, err := m.store.View(resource, namespace, at)
	if !m.readable(err, at) {
		return
	}
	want, got := m.state(resource, namespace, at), []string{}
	for {
		page, remaining := view.Page(limit)
		got = append(got, texts(page)...)
		if len(got)+remaining != len(want) {
			m.Fatalf("%d remaining after %d of %d", remaining, len(got), len(want))
		}
		if remaining == 0 {
			break
		}
		last := page[len(page)-1]
		view = view.After(last.GetNamespace(), last.GetName())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		m.Fatalf("pages of %s, %q at %d (-want +got):\n%s", resource, namespace, at, diff)
	}
}

func (m *model) watch() {
	w := &modelWatch{resource: m.resource(), namespace: m.scope(), seen: m.at()}
	var err error
	w.Watch, err = m.store.Watch(w.resource, w.namespace, w.seen)
	if w.seen < m.compacted {
		wantCompacted(m, err, w.seen, m.compacted)
		return
	}
	if err != nil {
		m.Fatal(err)
	}
	m.watches = append(m.watches, w)
}

// next asks a watch for some events, for its progress, or stops it.
func (m *model) next() {
	if len(m.watches) == 0 {
		return
	}
	w := m.watches[m.random.IntN(len(m.watches))]
	switch n := m.random.IntN(10); {
	case n == 0:
		w.Stop()
		w.closed = true
	case n < 3:
		m.progress(w)
	default:
		for range m.random.IntN(20) {
			m.event(w)
		}
	}
}

// lost says whether a watch has not seen something that is compacted.
func (m *model) lost(w *modelWatch) bool {
	return slices.ContainsFunc(m.events, func(e modelEvent) bool {
		return e.key.Resource == w.resource && e.revision > w.seen && e.revision <= m.compacted
	})
}

// pending returns what a watch has to return next.
func (m *model) pending(w *modelWatch) (modelEvent, bool) {
	i := slices.IndexFunc(m.events, func(e modelEvent) bool {
		return e.key.Resource == w.resource && e.revision > w.seen && (w.namespace == "" || w.namespace == e.key.Namespace)
	})
	if i < 0 {
		return modelEvent{}, false
	}
	return m.events[i], true
}

func (m *model) event(w *modelWatch) {
	e, wait, err := w.TryNext()
	switch want, pending := m.pending(w); {
	case w.closed:
		if err != ErrClosed {
			m.Fatalf("TryNext() = %v, want ErrClosed", err)
		}
	case m.lost(w):
		wantCompacted(m, err, w.seen, m.compacted)
	case err != nil:
		m.Fatalf("TryNext() of a watch that has seen %d: %v", w.seen, err)
	case pending:
		if got := (modelEvent{e.Revision, e.Key, text(e.Old), text(e.New)}); wait != nil || got != want {
			m.Fatalf("TryNext() = %v, want %v", got, want)
		}
		w.seen = want.revision
	case wait == nil:
		m.Fatalf("TryNext() = %s, want nothing", change(e))
	default: // it has looked at all that is for others
		for _, e := range m.events {
			if e.key.Resource == w.resource {
				w.seen = max(w.seen, e.revision)
			}
		}
	}
}

func (m *model) progress(w *modelWatch) {
	if !w.closed && !m.lost(w) {
		if next, pending := m.pending(w); pending {
			w.seen = next.revision - 1
		} else {
			w.seen = max(w.seen, m.revision)
		}
	}
	if got := w.Progress(); got != w.seen {
		m.Fatalf("Progress() = %d, want %d", got, w.seen)
	}
}

func (m *model) compact() {
	at := m.at()
	if err := m.store.Compact(at); at > m.revision {
		wantFuture(m, err, at, m.revision)
	} else if m.compacted = max(m.compacted, at); err != nil {
		m.Fatal(err)
	}
}

func (m *model) reset() {
	at := m.at()
	if !m.readable(m.store.Reset(at), at) {
		return
	}
	m.revision = at
	m.events = slices.DeleteFunc(m.events, func(e modelEvent) bool { return e.revision > at })
	for _, w := range m.watches {
		w.closed = true
	}
}

// checkHistories compares what the store knows of the past at the end.
func (m *model) checkHistories() {
	past := m.recorded
	if !m.options.Record {
		past = slices.DeleteFunc(m.events, func(e modelEvent) bool { return e.revision <= m.compacted })
	}
	byKey, all := map[Key][]string{}, []string{}
	for _, e := range past {
		byKey[e.key] = append(byKey[e.key], e.old+" > "+e.new)
		all = append(all, e.old+" > "+e.new)
	}
	for k, want := range byKey {
		if diff := cmp.Diff(want, changes(m.store.History(k))); diff != "" {
			m.Errorf("History(%s) (-want +got):\n%s", k, diff)
		}
	}
	if !m.options.Record {
		all = []string{}
	}
	if diff := cmp.Diff(all, changes(m.store.Recorded())); diff != "" {
		m.Errorf("Recorded() (-want +got):\n%s", diff)
	}
}
