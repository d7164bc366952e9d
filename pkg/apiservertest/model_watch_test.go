package apiservertest_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

// at returns what there was at a revision.
func (m *model) at(revision int64, namespace, app string) []string {
	state := map[string]entry{}
	for _, h := range m.log {
		if h.revision > revision {
			break
		}
		if state[h.key] = h.after; h.after == (entry{}) {
			delete(state, h.key)
		}
	}
	texts := []string{}
	for _, key := range slices.Sorted(maps.Keys(state)) {
		if selects(namespace, app, key, state[key]) {
			texts = append(texts, text(watch.Added, key, state[key]))
		}
	}
	return texts
}

func selects(namespace, app, key string, e entry) bool {
	return e != (entry{}) && (namespace == "" || key[:1] == namespace) && (app == "" || e.app == app)
}

func text(event watch.EventType, key string, e entry) string {
	return fmt.Sprintf("%s %s %+v", event, key, e)
}

// scope is what a list or a watch selects.
func (m *model) scope() (namespace, app string) {
	return []string{"", "n", "m"}[m.random.IntN(3)], []string{"", "x", "y"}[m.random.IntN(3)]
}

func labels(app string) string {
	if app == "" {
		return ""
	}
	return "app=" + app
}

// readable is a revision that is not compacted.
func (m *model) readable() int64 {
	oldest := max(m.first, m.compacted)
	return oldest + m.random.Int64N(m.server.Revision()-oldest+1)
}

// list reads a state of the past, in pages.
func (m *model) list() {
	namespace, app := m.scope()
	at := m.readable()
	o := metav1.ListOptions{LabelSelector: labels(app), ResourceVersion: strconv.FormatInt(at, 10), ResourceVersionMatch: metav1.ResourceVersionMatchExact, Limit: m.random.Int64N(4)}
	got := []string{}
	for {
		list, err := m.client.CoreV1().ConfigMaps(namespace).List(m.Context(), o)
		if err != nil {
			m.Fatal(err)
		}
		for _, item := range list.Items {
			got = append(got, text(watch.Added, item.Namespace+"/"+item.Name, toEntry(&item)))
		}
		if list.ResourceVersion != strconv.FormatInt(at, 10) {
			m.Errorf("a list at %d says it is at %s", at, list.ResourceVersion)
		}
		if o.Continue = list.Continue; o.Continue == "" {
			break
		}
		o.ResourceVersion, o.ResourceVersionMatch = "", ""
	}
	if diff := cmp.Diff(m.at(at, namespace, app), got); diff != "" {
		m.Errorf("list at %d of namespace %q, app %q (-want +got):\n%s", at, namespace, app, diff)
	}
}

// watch begins one: from a version, or with initial events.
func (m *model) watch() {
	w := &modelWatch{bookmarks: m.random.IntN(2) == 0, from: m.readable()}
	w.namespace, w.app = m.scope()
	switch now := m.server.Revision(); m.random.IntN(4) {
	case 0: // WATCH-LIST
		w.from, w.atOnce = now, true
	case 1:
		w.from = 0
	}
	m.open(w)
	m.watches = append(m.watches, w)
}

func (m *model) open(w *modelWatch) {
	o := metav1.ListOptions{LabelSelector: labels(w.app), AllowWatchBookmarks: w.bookmarks}
	w.initial = nil
	if w.atOnce {
		yes := true
		o.SendInitialEvents, o.ResourceVersionMatch, o.AllowWatchBookmarks = &yes, metav1.ResourceVersionMatchNotOlderThan, true
	} else if w.from > 0 {
		o.ResourceVersion = strconv.FormatInt(w.from, 10)
	}
	if w.atOnce || w.from == 0 {
		w.from = m.server.Revision()
		w.initial = m.at(w.from, w.namespace, w.app)
	}
	w.atOnce = false
	var err error
	if w.events, err = m.client.CoreV1().ConfigMaps(w.namespace).Watch(m.Context(), o); err != nil {
		m.Fatal(err)
	}
}

// resume ends a watch, and goes on from what it told last.
func (m *model) resume() {
	i := m.random.IntN(len(m.watches))
	w := m.watches[i]
	m.check(w)
	w.events.Stop()
	w.from = max(w.from, m.compacted)
	if m.random.IntN(3) == 0 {
		m.watches = slices.Delete(m.watches, i, i+1)
		return
	}
	m.open(w)
}

// check reads all that a watch has told by now: exactly what happened since it began. Then that counts as its beginning.
func (m *model) check(w *modelWatch) {
	want := slices.Clone(w.initial)
	for _, h := range m.log {
		if h.revision <= w.from {
			continue
		}
		before, after := selects(w.namespace, w.app, h.key, h.before), selects(w.namespace, w.app, h.key, h.after)
		last := h.before
		last.revision = h.revision
		switch {
		case before && after:
			want = append(want, text(watch.Modified, h.key, h.after))
		case after:
			want = append(want, text(watch.Added, h.key, h.after))
		case before:
			want = append(want, text(watch.Deleted, h.key, last))
		}
	}
	got := m.told(w)
	if diff := cmp.Diff(want, got, cmpEmpty); diff != "" {
		m.Errorf("watch from %d of namespace %q, app %q, bookmarks %t (-want +got):\n%s", w.from, w.namespace, w.app, w.bookmarks, diff)
	}
	w.initial, w.from = nil, m.server.Revision()
}

var cmpEmpty = cmp.Transformer("empty", func(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
})

// told returns the events that a watch has for its reader, without bookmarks, whose versions must not go back.
func (m *model) told(w *modelWatch) []string {
	var got []string
	last := int64(0)
	for {
		synctest.Wait()
		select {
		case event, open := <-w.events.ResultChan():
			c, ok := event.Object.(*corev1.ConfigMap)
			if !open || !ok {
				m.Errorf("watch from %d ended: %v %v", w.from, event.Type, event.Object)
				return got
			}
			e := toEntry(c)
			if event.Type != watch.Bookmark {
				got = append(got, text(event.Type, c.Namespace+"/"+c.Name, e))
			}
			if len(got) > len(w.initial) || event.Type == watch.Bookmark {
				if e.revision < last {
					m.Errorf("watch from %d: version %d after %d", w.from, e.revision, last)
				}
				last = e.revision
			}
		default:
			return got
		}
	}
}

// compact forgets history, after which old versions are gone and open watches go on.
func (m *model) compact() {
	synctest.Wait()
	for _, w := range m.watches {
		m.check(w)
	}
	if err := m.server.Compact(); err != nil {
		m.Fatal(err)
	}
	m.compacted = m.server.Revision()
	old := metav1.ListOptions{ResourceVersion: "1", ResourceVersionMatch: metav1.ResourceVersionMatchExact}
	if _, err := m.client.CoreV1().ConfigMaps("").List(m.Context(), old); !apierrors.IsResourceExpired(err) {
		m.Errorf("list of a version that is compacted: %v", err)
	}
	old.ResourceVersionMatch = ""
	ctx, cancel := context.WithCancel(m.Context())
	defer cancel()
	events, err := m.client.CoreV1().ConfigMaps("").Watch(ctx, old)
	if err != nil {
		m.Fatal(err)
	}
	defer events.Stop()
	if event := <-events.ResultChan(); event.Type != watch.Error || !apierrors.IsResourceExpired(apierrors.FromObject(event.Object)) {
		m.Errorf("watch from a version that is compacted: %v", event)
	}
}
