package testing

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/internal/storage"
)

// ObjectTracker is what a fake clientset has in place of a server: a store of objects. Objects are kept by resource with its
// version, namespace and name; nothing is converted between versions. See the package comment for what the two trackers of
// this package do.
//
// What goes in is copied, and so is what comes out. Of the options at the end of each method at most one is looked at. Errors
// about objects are API errors, to be asked with errors.IsNotFound and so on.
type ObjectTracker interface {
	// Add stores an object as it is, under the resource that is guessed from its kind: lower case, plural. Objects in a list
	// are stored one by one.
	Add(obj runtime.Object) error

	// Get returns an object.
	Get(gvr schema.GroupVersionResource, ns, name string, opts ...metav1.GetOptions) (runtime.Object, error)

	// Create stores an object. The error is AlreadyExists if there is one of the name.
	Create(gvr schema.GroupVersionResource, obj runtime.Object, ns string, opts ...metav1.CreateOptions) error

	// Update replaces an object. The error is NotFound if there is none, Conflict if obj has a stale resourceVersion.
	Update(gvr schema.GroupVersionResource, obj runtime.Object, ns string, opts ...metav1.UpdateOptions) error

	// Patch replaces an object by what a patch has made of it: it is Update with the options of a patch.
	Patch(gvr schema.GroupVersionResource, obj runtime.Object, ns string, opts ...metav1.PatchOptions) error

	// Apply merges a configuration, an object with only some of its fields, into the object of the name, and creates that if
	// there is none.
	Apply(gvr schema.GroupVersionResource, applyConfiguration runtime.Object, ns string, opts ...metav1.PatchOptions) error

	// List returns a list of objects of the kind gvk, in all namespaces if ns is empty.
	List(gvr schema.GroupVersionResource, gvk schema.GroupVersionKind, ns string, opts ...metav1.ListOptions) (runtime.Object, error)

	// Delete removes an object. The error is NotFound if there is none.
	Delete(gvr schema.GroupVersionResource, ns, name string, opts ...metav1.DeleteOptions) error

	// Watch tells what happens to objects, in all namespaces if ns is empty. The caller must Stop the watch.
	Watch(gvr schema.GroupVersionResource, ns string, opts ...metav1.ListOptions) (watch.Interface, error)
}

// ObjectScheme makes objects of kinds, and tells the kinds of objects. A *runtime.Scheme does.
type ObjectScheme interface {
	runtime.ObjectCreater
	runtime.ObjectTyper
}

// NewObjectTracker returns a tracker that gives objects back as they were given to it. Decoder is for lists whose items are
// not decoded yet.
func NewObjectTracker(scheme ObjectScheme, decoder runtime.Decoder) ObjectTracker {
	return newTracker(scheme, decoder)
}

// NewFieldManagedObjectTracker returns a tracker that does to objects what a server does: versions, uid, creation time,
// managed fields. What is written to an object of a kind that typeConverter does not know is not accounted for in
// managedFields, and cannot be applied.
func NewFieldManagedObjectTracker(scheme *runtime.Scheme, decoder runtime.Decoder, typeConverter managedfields.TypeConverter) ObjectTracker {
	t := newTracker(scheme, decoder)
	t.fields = &fieldManagers{scheme: scheme, types: typeConverter}
	return t
}

// keptEvents is how many events a tracker remembers. A watch that is further behind, or begins before them, ends with an
// event of type ERROR with reason Expired.
const keptEvents = 10_000

// tracker is both trackers: fields is what makes the difference.
type tracker struct {
	scheme  ObjectScheme
	decoder runtime.Decoder
	store   *storage.Store
	watches watches
	fields  *fieldManagers // nil: objects come out as they went in
}

func newTracker(scheme ObjectScheme, decoder runtime.Decoder) *tracker {
	return &tracker{scheme: scheme, decoder: decoder, store: storage.New(storage.Options{KeepEvents: keptEvents})}
}

// resourceOf is how the storage knows a resource: versions are apart there.
func resourceOf(gvr schema.GroupVersionResource) schema.GroupResource {
	return schema.GroupResource{Group: gvr.GroupVersion().String(), Resource: gvr.Resource}
}

func keyOf(gvr schema.GroupVersionResource, namespace, name string) storage.Key {
	return storage.Key{Resource: resourceOf(gvr), Namespace: namespace, Name: name}
}

// option returns the first of the options of a call, and the zero value if there is none.
func option[O any](opts []O) (o O) {
	if len(opts) > 0 {
		o = opts[0]
	}
	return o
}
