package apiservertest_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/generated/kubernetes"
	"github.com/kubewright/kubewright/pkg/apiservertest"
)

var modelSeed = flag.Uint64("model-seed", 0, "the only seed for TestModel; 0: a fixed set and a random one")

// TestModel does the same at random to a server, through the typed client, and to a model of it: a list of all that happened. What watches
// tell must be that list, as far as they select it, whenever they begin, end and begin again.
func TestModel(t *testing.T) {
	seeds := []uint64{*modelSeed}
	if *modelSeed == 0 {
		seeds = []uint64{1, 2, 3, 4, 5, 6, rand.Uint64()}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { runModel(t, seed) })
		})
	}
}

func runModel(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 0))
	server := start(t, apiservertest.WithInMemoryNetwork())
	defer server.Close()
	config := server.Config()
	config.ContentType = []string{"application/json", "application/vnd.kubernetes.protobuf"}[random.IntN(2)]
	m := &model{T: t, random: random, server: server, client: newClient(t, config), state: map[string]entry{}, compacted: 1}
	for _, namespace := range []string{"n", "m"} {
		if err := server.Seed(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}); err != nil {
			t.Fatal(err)
		}
	}
	m.first = server.Revision()
	for range 300 {
		m.step()
		if t.Failed() {
			return
		}
	}
	for _, w := range m.watches {
		m.check(w)
		w.events.Stop()
	}
	checkStorageSince(t, server, m.compacted)
}

// entry is what the model knows of an object.
type entry struct {
	value, app string
	held       bool // by a finalizer
	deleting   bool
	revision   int64
}

// happening is a write, as everybody must see it. before and after are zero if there was, or is, nothing.
type happening struct {
	key           string // namespace/name
	before, after entry
	revision      int64
}

type model struct {
	*testing.T
	random *rand.Rand
	server *apiservertest.Server
	client kubernetes.Interface

	state            map[string]entry
	log              []happening
	first, compacted int64 // revisions
	values           int
	watches          []*modelWatch
}

// modelWatch is an open watch, and what it was to tell since it began.
type modelWatch struct {
	namespace, app string // what it selects; empty for all
	from           int64
	events         watch.Interface
	bookmarks      bool
	initial        []string // texts of the ADDED events that come before what happens
	atOnce         bool     // it began with initial events
}

func (m *model) step() {
	switch n := m.random.IntN(100); {
	case n < 20:
		m.create()
	case n < 55:
		m.change()
	case n < 65:
		m.delete()
	case n < 67:
		m.deleteCollection()
	case n < 75:
		m.list()
	case n < 88:
		m.watch()
	case n < 96 && len(m.watches) > 0:
		m.resume()
	case n < 97:
		m.compact()
	default:
		m.get()
	}
}

func (m *model) key() (namespace, name, key string) {
	namespace, name = m.namespace(), string(rune('a'+m.random.IntN(4)))
	return namespace, name, namespace + "/" + name
}

func (m *model) namespace() string { return []string{"n", "m"}[m.random.IntN(2)] }
func (m *model) app() string       { return []string{"x", "y"}[m.random.IntN(2)] }
func (m *model) value() string     { m.values++; return strconv.Itoa(m.values) }

// wrote notes that the server carried out a write; after is what it answered, nil for an object that is gone.
func (m *model) wrote(key string, after *corev1.ConfigMap) {
	before, last := m.state[key], m.server.Revision()
	h := happening{key: key, before: before, revision: last}
	if after != nil {
		h.after = toEntry(after)
		if h.after == before {
			return // nothing was changed
		}
		if h.after.revision != last || last <= before.revision {
			m.Errorf("%s has version %d after one with %d, the server is at %d", key, h.after.revision, before.revision, last)
		}
		m.state[key] = h.after
	} else {
		delete(m.state, key)
	}
	if len(m.log) > 0 && last <= m.log[len(m.log)-1].revision {
		m.Errorf("version %d after %d", last, m.log[len(m.log)-1].revision)
	}
	m.log = append(m.log, h)
}

func toEntry(c *corev1.ConfigMap) entry {
	revision, _ := strconv.ParseInt(c.ResourceVersion, 10, 64)
	return entry{c.Data["v"], c.Labels["app"], len(c.Finalizers) > 0, c.DeletionTimestamp != nil, revision}
}

func (m *model) object(name string, e entry) *corev1.ConfigMap {
	c := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"app": e.app}}, Data: map[string]string{"v": e.value}}
	if e.held {
		c.Finalizers = []string{"example.com/held"}
	}
	return c
}

func (m *model) create() {
	namespace, name, key := m.key()
	want := entry{value: m.value(), app: m.app(), held: m.random.IntN(4) == 0}
	got, err := m.client.CoreV1().ConfigMaps(namespace).Create(m.Context(), m.object(name, want), metav1.CreateOptions{})
	if _, exists := m.state[key]; exists {
		if !apierrors.IsAlreadyExists(err) {
			m.Errorf("create of %s, which exists: %v", key, err)
		}
		return
	}
	m.compare("create", key, got, err, want)
}

// compare wants that a write of want to key has worked.
func (m *model) compare(what, key string, got *corev1.ConfigMap, err error, want entry) {
	if err != nil {
		m.Fatalf("%s %s: %v", what, key, err)
	}
	want.revision = toEntry(got).revision
	if gone := want.deleting && !want.held; gone {
		m.wrote(key, nil)
		return
	}
	if toEntry(got) != want {
		m.Errorf("%s %s: got %+v, want %+v", what, key, toEntry(got), want)
	}
	m.wrote(key, got)
}

// change is an update, or a patch in one of the languages.
func (m *model) change() {
	namespace, name, key := m.key()
	before, exists := m.state[key]
	want := before
	switch m.random.IntN(5) {
	case 0: // nothing
	case 1:
		want.app = m.app()
	case 2:
		want.held = !before.deleting && m.random.IntN(2) == 0 // who is being deleted gets no finalizers
	default:
		want.value = m.value()
	}
	client, ctx := m.client.CoreV1().ConfigMaps(namespace), m.Context()
	finalizers := "[]"
	if want.held {
		finalizers = `["example.com/held"]`
	}
	patch := func(typ types.PatchType, o metav1.PatchOptions, format string, args ...any) (*corev1.ConfigMap, error) {
		return client.Patch(ctx, name, typ, fmt.Appendf(nil, format, args...), o)
	}
	var got *corev1.ConfigMap
	var err error
	switch m.random.IntN(6) {
	case 0:
		sent := m.object(name, want)
		sent.ResourceVersion = strconv.FormatInt(before.revision, 10)
		got, err = client.Update(ctx, sent, metav1.UpdateOptions{})
	case 1:
		m.staleUpdate(namespace, name, key)
		return
	case 2:
		got, err = client.Update(ctx, m.object(name, want), metav1.UpdateOptions{})
	case 3:
		got, err = patch(types.JSONPatchType, metav1.PatchOptions{}, `[{"op":"replace","path":"/metadata/labels/app","value":%q},{"op":"add","path":"/metadata/finalizers","value":%s},{"op":"add","path":"/data/v","value":%q}]`, want.app, finalizers, want.value)
	case 4:
		got, err = patch(types.MergePatchType, metav1.PatchOptions{}, `{"metadata":{"labels":{"app":%q},"finalizers":%s},"data":{"v":%q}}`, want.app, finalizers, want.value)
	default:
		want.held = before.held // strategic merges finalizers, and apply takes none away that others set
		if typ := types.StrategicMergePatchType; m.random.IntN(2) == 0 || !exists {
			got, err = patch(typ, metav1.PatchOptions{}, `{"metadata":{"labels":{"app":%q}},"data":{"v":%q}}`, want.app, want.value)
		} else {
			force := true
			got, err = patch(types.ApplyPatchType, metav1.PatchOptions{FieldManager: "model", Force: &force},
				`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":%q,"labels":{"app":%q}},"data":{"v":%q}}`, name, want.app, want.value)
		}
	}
	if !exists {
		if !apierrors.IsNotFound(err) {
			m.Errorf("change of %s, which does not exist: %v", key, err)
		}
		return
	}
	m.compare("change", key, got, err, want)
}

// staleUpdate is an update of what was changed in the meantime.
func (m *model) staleUpdate(namespace, name, key string) {
	before, exists := m.state[key]
	sent := m.object(name, before)
	sent.ResourceVersion = strconv.FormatInt(m.first, 10)
	_, err := m.client.CoreV1().ConfigMaps(namespace).Update(m.Context(), sent, metav1.UpdateOptions{})
	if exists && !apierrors.IsConflict(err) || !exists && !apierrors.IsNotFound(err) {
		m.Errorf("stale update of %s: %v", key, err)
	}
}

func (m *model) delete() {
	namespace, name, key := m.key()
	err := m.client.CoreV1().ConfigMaps(namespace).Delete(m.Context(), name, metav1.DeleteOptions{})
	before, exists := m.state[key]
	if !exists {
		if !apierrors.IsNotFound(err) {
			m.Errorf("delete of %s, which does not exist: %v", key, err)
		}
		return
	}
	if err != nil {
		m.Fatalf("delete %s: %v", key, err)
	}
	m.deleted(key, before, m.server.Revision())
}

// deleted notes a deletion, which of an object that is held is a mark only.
func (m *model) deleted(key string, before entry, revision int64) {
	h := happening{key: key, before: before, revision: revision}
	switch {
	case before.held && before.deleting:
		return
	case before.held:
		h.after = before
		h.after.deleting, h.after.revision = true, revision
		m.state[key] = h.after
	default:
		delete(m.state, key)
	}
	m.log = append(m.log, h)
}

func (m *model) deleteCollection() {
	namespace := m.namespace()
	next := m.server.Revision()
	if err := m.client.CoreV1().ConfigMaps(namespace).DeleteCollection(m.Context(), metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "app=x"}); err != nil {
		m.Fatal(err)
	}
	for _, key := range slices.Sorted(maps.Keys(m.state)) {
		if e := m.state[key]; e.app == "x" && key[:1] == namespace {
			if !e.held || !e.deleting {
				next++
			}
			m.deleted(key, e, next)
		}
	}
	if got := m.server.Revision(); got != next {
		m.Errorf("the server is at %d, want %d", got, next)
	}
}

func (m *model) get() {
	namespace, name, key := m.key()
	got, err := m.client.CoreV1().ConfigMaps(namespace).Get(m.Context(), name, metav1.GetOptions{})
	if want, exists := m.state[key]; exists && (err != nil || toEntry(got) != want) || !exists && !apierrors.IsNotFound(err) {
		m.Errorf("get %s: %v, %v, want %+v", key, got, err, want)
	}
}
