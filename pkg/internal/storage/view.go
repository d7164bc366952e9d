package storage

import (
	"iter"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/apiobject"
)

// View is a resource, or a part of it, as it was at a revision. It is a value that never changes, whatever happens to the
// store, and reading it takes no lock. Its objects are in the order of a kube-apiserver: that of the text
// namespace/name, byte by byte, in which "kube-system/a" comes before "kube/a".
type View struct {
	Revision int64

	objects  *node
	from, to string // the paths that are in the view, without to; "" for no end
}

// View returns the objects of a resource, in all namespaces if namespace is empty, as they were at a revision, as they
// are now if that is 0. Errors are *CompactedError and *FutureError.
func (s *Store) View(resource schema.GroupResource, namespace string, at int64) (View, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if at == 0 {
		at = s.revision
	}
	if err := s.readable(at); err != nil {
		return View{}, err
	}
	v := View{Revision: at}
	if h := s.histories[resource]; h != nil {
		v.objects = h.at(at)
	}
	v.from, v.to = bounds(namespace)
	return v, nil
}

// After returns the view of what comes after an object, which need not exist.
func (v View) After(namespace, name string) View {
	v.from = max(v.from, behind(namespace, name))
	return v
}

// Len returns the number of objects.
func (v View) Len() int {
	end := v.objects.len()
	if v.to != "" {
		end = v.objects.before(v.to)
	}
	return max(0, end-v.objects.before(v.from))
}

// All yields the objects in order.
func (v View) All() iter.Seq[apiobject.Object] {
	return func(yield func(apiobject.Object) bool) { v.objects.walk(v.from, v.to, yield) }
}

// Page returns the first limit objects, fewer if there are not as many, and how many there are after them.
func (v View) Page(limit int) (objects []apiobject.Object, remaining int) {
	total := v.Len()
	n := max(0, min(limit, total))
	objects = make([]apiobject.Object, 0, n)
	for object := range v.All() {
		if len(objects) == n {
			break
		}
		objects = append(objects, object)
	}
	return objects, total - n
}

// Snapshot is the objects of a resource at a revision.
type Snapshot struct {
	Revision int64
	Objects  []apiobject.Object
}

// List returns what View shows, as a slice that belongs to the caller.
func (s *Store) List(resource schema.GroupResource, namespace string, at int64) (Snapshot, error) {
	v, err := s.View(resource, namespace, at)
	if err != nil {
		return Snapshot{}, err
	}
	objects := slices.AppendSeq(make([]apiobject.Object, 0, v.Len()), v.All())
	return Snapshot{Revision: v.Revision, Objects: objects}, nil
}
