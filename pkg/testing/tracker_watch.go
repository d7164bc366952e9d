package testing

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// Watch implements ObjectTracker. Without a resourceVersion, with 0, and in a tracker without versions of its own with one that
// no object has had, it begins with all objects that there are, as ADDED. From the version of a list, or of an object, it
// begins with what happened after that. Labels, and the fields metadata.name and metadata.namespace, select objects; one that
// begins or ceases to be selected is ADDED or DELETED. After TimeoutSeconds the watch ends, with a bookmark if those are allowed
// and there was any event. An event of type ERROR with reason Expired ends a watch that is too far behind.
//
// SendInitialEvents is refused as a server does that has no such feature: reflectors list then.
func (t *tracker) Watch(gvr schema.GroupVersionResource, ns string, opts ...metav1.ListOptions) (watch.Interface, error) {
	o := option(opts)
	if o.SendInitialEvents != nil {
		return nil, apierrors.NewInvalid(schema.GroupKind{Group: metav1.GroupName, Kind: "ListOptions"}, "", field.ErrorList{
			field.Forbidden(field.NewPath("sendInitialEvents"), "this tracker has no streaming lists: list, and watch from the version of the list")})
	}
	selects, err := selection(o)
	if err != nil {
		return nil, err
	}
	initial, source, err := t.beginWatch(gvr, ns, o.ResourceVersion)
	if err != nil {
		return nil, err
	}
	w := &watcher{
		tracker:   t,
		resource:  resourceOf(gvr),
		source:    source,
		selects:   selects,
		bookmarks: o.AllowWatchBookmarks,
		events:    make(chan watch.Event, len(initial)+watchBuffer),
		stopped:   make(chan struct{}),
		done:      make(chan struct{}),
	}
	for _, object := range initial {
		if selects(object) {
			w.events <- watch.Event{Type: watch.Added, Object: object.DeepCopyObject()} // there is room for all of them
		}
	}
	if o.TimeoutSeconds != nil && *o.TimeoutSeconds > 0 {
		w.endAfter(time.Duration(*o.TimeoutSeconds) * time.Second)
	}
	t.watches.add(w.resource, w)
	w.deliver()
	return w, nil
}

// beginWatch returns the objects that a watch begins with, and what comes after them.
func (t *tracker) beginWatch(gvr schema.GroupVersionResource, ns, version string) ([]apiobject.Object, *storage.Watch, error) {
	resource := resourceOf(gvr)
	if version != "" && version != "0" {
		source, err := t.watchFrom(resource, ns, version)
		if err != nil || source != nil {
			return nil, source, err
		}
	}
	now, err := t.store.List(resource, ns, 0)
	if err != nil {
		return nil, nil, err
	}
	source, err := t.store.Watch(resource, ns, now.Revision)
	if err != nil {
		return nil, nil, expired(err)
	}
	return now.Objects, source, nil
}

// watchFrom returns a watch of what happened after a version; nil if that is of the test's making and no object has had it.
func (t *tracker) watchFrom(resource schema.GroupResource, ns, version string) (*storage.Watch, error) {
	revision, err := strconv.ParseInt(version, 10, 64)
	if t.fields == nil && (err != nil || !strings.HasPrefix(version, "0")) {
		return t.watchFromObject(resource, ns, version)
	}
	if err != nil {
		return nil, badRequest("invalid resource version %q: %v", version, err)
	}
	source, err := t.store.Watch(resource, ns, revision)
	if err != nil {
		return nil, expired(err)
	}
	return source, nil
}

// watchFromObject begins after the first event that left an object with the version. More objects may have had the same: to
// tell of something twice is better than not at all.
func (t *tracker) watchFromObject(resource schema.GroupResource, ns, version string) (*storage.Watch, error) {
	source, err := t.store.Watch(resource, ns, t.store.Oldest())
	if err != nil {
		return nil, expired(err)
	}
	for {
		event, wait, err := source.TryNext()
		if err != nil || wait != nil {
			return nil, expired(err)
		}
		if event.New != nil && event.New.GetResourceVersion() == version {
			return source, nil
		}
	}
}

// expired is what a watch is answered for which the history is gone.
func expired(err error) error {
	if errors.Is(err, storage.ErrCompacted) {
		return apierrors.NewResourceExpired(fmt.Sprintf("the tracker remembers the last %d events: %v", keptEvents, err))
	}
	return err
}
