package cache

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"testing"

	"go.uber.org/goleak"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeServer keeps ConfigMaps with a history, as an API server does. It is a ListWatchClient.
type fakeServer struct {
	mu        sync.Mutex // guards what follows
	version   int
	compacted int // changes up to here are forgotten
	objects   map[string]*corev1.ConfigMap
	history   []change
	watches   map[*fakeWatch]struct{}
	requests  []string
	down      error // the answer to everything, if set
}

type change struct {
	version int
	event   watch.Event
}

// fakeWatch is an open watch. Its channel is large enough for every test, so that the server never waits.
type fakeWatch struct {
	server *fakeServer
	events chan watch.Event
}

func (w *fakeWatch) ResultChan() <-chan watch.Event { return w.events }

func (w *fakeWatch) Stop() {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	w.end()
}

// end closes the watch. The caller holds the server's mu.
func (w *fakeWatch) end() {
	if _, open := w.server.watches[w]; open {
		delete(w.server.watches, w)
		close(w.events)
	}
}

func newFakeServer(names ...string) *fakeServer {
	s := &fakeServer{version: 100, objects: map[string]*corev1.ConfigMap{}, watches: map[*fakeWatch]struct{}{}}
	for _, name := range names {
		s.set(name, "")
	}
	return s
}

// set creates or updates ns/name.
func (s *fakeServer) set(name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := watch.Modified
	if _, exists := s.objects[name]; !exists {
		kind = watch.Added
	}
	s.version++
	cm := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: name, ResourceVersion: strconv.Itoa(s.version), Labels: map[string]string{"value": value}},
		Data:       map[string]string{"value": value},
	}
	s.objects[name] = cm
	s.happened(kind, cm)
}

// remove deletes ns/name; the event carries the final state and the version of the deletion.
func (s *fakeServer) remove(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	cm := s.objects[name].DeepCopy()
	cm.ResourceVersion = strconv.Itoa(s.version)
	delete(s.objects, name)
	s.happened(watch.Deleted, cm)
}

func (s *fakeServer) happened(kind watch.EventType, cm *corev1.ConfigMap) {
	s.history = append(s.history, change{s.version, watch.Event{Type: kind, Object: cm}})
	s.send(watch.Event{Type: kind, Object: cm.DeepCopy()})
}

// send sends an event to all watches, whatever it is. The caller holds mu.
func (s *fakeServer) send(event watch.Event) {
	for w := range s.watches {
		w.events <- event
	}
}

// inject sends an event that belongs to no change.
func (s *fakeServer) inject(event watch.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.send(event)
}

// hangUp closes all watches, and answers everything with err until the next call with nil.
func (s *fakeServer) hangUp(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = err
	for w := range maps.Clone(s.watches) {
		w.end()
	}
}

// compact forgets the history.
func (s *fakeServer) compact() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.history, s.compacted = nil, s.version
}

func (s *fakeServer) List(_ context.Context, opts metav1.ListOptions) (*corev1.ConfigMapList, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, fmt.Sprintf("list %q", opts.ResourceVersion))
	if s.down != nil {
		return nil, s.down
	}
	list := &corev1.ConfigMapList{ListMeta: metav1.ListMeta{ResourceVersion: strconv.Itoa(s.version)}}
	for _, name := range slices.Sorted(maps.Keys(s.objects)) {
		list.Items = append(list.Items, *s.objects[name].DeepCopy())
	}
	return list, nil
}

func (s *fakeServer) Watch(_ context.Context, opts metav1.ListOptions) (watch.Interface, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, "watch")
	if s.down != nil {
		return nil, s.down
	}
	from, err := strconv.Atoi(opts.ResourceVersion)
	if err != nil {
		return nil, err
	}
	if from < s.compacted {
		return nil, apierrors.NewResourceExpired("too old resource version")
	}
	w := &fakeWatch{server: s, events: make(chan watch.Event, 100_000)}
	for _, c := range s.history {
		if c.version > from {
			w.events <- watch.Event{Type: c.event.Type, Object: c.event.Object.DeepCopyObject()}
		}
	}
	s.watches[w] = struct{}{}
	return w, nil
}

// IsWatchListSemanticsUnSupported says that lists are not streamed, as fake clients do.
func (s *fakeServer) IsWatchListSemanticsUnSupported() bool { return true }

// listWatch is the server as a ListWatch.
func (s *fakeServer) listWatch() ListerWatcher {
	return ToListWatcherWithWatchListSemantics(listWatchOf(s, func(*metav1.ListOptions) {}), s)
}

// takeRequests returns the requests since the last call.
func (s *fakeServer) takeRequests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := s.requests
	s.requests = nil
	return requests
}

// eventLog is a handler, typed and untyped, that remembers what it was told.
type eventLog struct {
	mu    sync.Mutex // guards lines
	lines []string
}

func (l *eventLog) add(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

func (l *eventLog) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := l.lines
	l.lines = nil
	return lines
}

// show is an object in a log: name, and value if it has one.
func show(obj any) string {
	cm := obj.(*corev1.ConfigMap)
	if cm.Data["value"] == "" {
		return cm.Name
	}
	return cm.Name + "=" + cm.Data["value"]
}

// untypedLog is an eventLog as a ResourceEventHandler.
type untypedLog struct{ *eventLog }

func (l untypedLog) OnAdd(obj interface{}, isInInitialList bool) {
	l.add("add %s %v", show(obj), isInInitialList)
}
func (l untypedLog) OnUpdate(oldObj, newObj interface{}) {
	l.add("update %s %s", show(oldObj), show(newObj))
}
func (l untypedLog) OnDelete(obj interface{}) {
	if unknown, ok := obj.(DeletedFinalStateUnknown); ok {
		l.add("unknown %s %s", unknown.Key, show(unknown.Obj))
		return
	}
	l.add("delete %s", show(obj))
}

// typedLog is an eventLog as a TypedResourceEventHandler.
type typedLog struct{ *eventLog }

func (l typedLog) OnAdd(obj *corev1.ConfigMap, isInInitialList bool) {
	l.add("add %s %v", show(obj), isInInitialList)
}
func (l typedLog) OnUpdate(oldObj, newObj *corev1.ConfigMap) {
	l.add("update %s %s", show(oldObj), show(newObj))
}
func (l typedLog) OnDelete(obj DeletedObject[*corev1.ConfigMap]) {
	if obj.FinalStateUnknown != nil {
		l.add("unknown %s %s", obj.GetKey(), show(obj.OptionalObj))
		return
	}
	l.add("delete %s", show(obj.OptionalObj))
}

func sorted(lines []string) []string {
	slices.Sort(lines)
	return lines
}
