package reflector

import (
	"context"
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/rest"
)

// ListWatcher is a client of one resource whose objects are runtime.Objects. If it has a method
// IsWatchListSemanticsUnSupported that returns true, as fake clients have, it is not asked to stream lists.
type ListWatcher interface {
	ListWithContext(ctx context.Context, options metav1.ListOptions) (runtime.Object, error)
	WatchWithContext(ctx context.Context, options metav1.ListOptions) (watch.Interface, error)
}

// ItemLister is a ListWatcher that can hand out the objects of a list one by one, without ever having the whole list in
// memory, and those among them that cannot be decoded. It is asked for that instead of a list.
type ItemLister interface {
	EachItem(ctx context.Context, options metav1.ListOptions, each func(rest.ListItem) error) (metav1.ListMeta, error)
}

// ErrOtherKind is wrapped by errors of accept that say that an object is of another kind than those of the collection.
var ErrOtherKind = errors.New("of another kind")

// Objects makes a source of a ListWatcher. accept turns a decoded object into a T, or refuses it; it is called once for
// each object, which nobody else has seen. An object that it refuses is poisoned; a list that has objects of another kind
// only, is not a list of this collection. This is the only place where the type of an object is asserted.
func Objects[T any](lw ListWatcher, accept func(runtime.Object) (T, error)) Source[T] {
	return &objects[T]{lw: lw, accept: accept}
}

type objects[T any] struct {
	lw     ListWatcher
	accept func(runtime.Object) (T, error)
}

func (o *objects[T]) List(ctx context.Context, options metav1.ListOptions, each func(Item[T]) error) (Page, error) {
	var kinds kindCheck
	list, err := o.list(ctx, options, func(item Item[T]) error {
		kinds.see(item.Poison)
		return each(item)
	})
	if err == nil {
		err = kinds.check()
	}
	if err != nil {
		return Page{}, err
	}
	return pageOf(list), nil
}

// list calls each for each object of a page, and returns the page without them.
func (o *objects[T]) list(ctx context.Context, options metav1.ListOptions, each func(Item[T]) error) (metav1.ListInterface, error) {
	if lister, ok := o.lw.(ItemLister); ok {
		return o.listItems(ctx, lister, options, each)
	}
	return o.listWhole(ctx, options, each)
}

// listWhole gives each object memory of its own: one that stays in a cache does not keep the whole list alive.
func (o *objects[T]) listWhole(ctx context.Context, options metav1.ListOptions, each func(Item[T]) error) (metav1.ListInterface, error) {
	list, err := o.lw.ListWithContext(ctx, options)
	if err != nil {
		return nil, err
	}
	if list == nil {
		return nil, errors.New("the list function returned neither a list nor an error")
	}
	accessor, err := meta.ListAccessor(list)
	if err != nil {
		return nil, fmt.Errorf("%T is not a list: %w", list, err)
	}
	return accessor, meta.EachListItemWithAlloc(list, func(object runtime.Object) error { return each(o.item(object)) })
}

func (o *objects[T]) listItems(ctx context.Context, lister ItemLister, options metav1.ListOptions, each func(Item[T]) error) (metav1.ListInterface, error) {
	list, err := lister.EachItem(ctx, options, func(item rest.ListItem) error {
		if u := item.Undecodable; u != nil {
			return each(Item[T]{Poison: newPoison(u.Namespace, u.Name, u.UID, u.ResourceVersion, u.Err)})
		}
		return each(o.item(item.Object))
	})
	return &list, err
}

// kindCheck finds out whether a list has nothing but objects of another kind.
type kindCheck struct {
	other error // the first object of another kind
	right bool  // there is one that is not
}

// see takes note of an object, which is poisoned or nil.
func (k *kindCheck) see(p *Poison) {
	switch {
	case p == nil || !errors.Is(p, ErrOtherKind):
		k.right = true
	case k.other == nil:
		k.other = p
	}
}

func (k *kindCheck) check() error {
	if k.other == nil || k.right {
		return nil
	}
	return fmt.Errorf("the list has objects of another kind only; the first: %w", k.other)
}

// item accepts an object of a list.
func (o *objects[T]) item(object runtime.Object) Item[T] {
	accepted, err := acceptNamed(object, o.accept)
	if err != nil {
		return Item[T]{Poison: poisonOf(object, err)}
	}
	return Item[T]{Object: accepted}
}

func (o *objects[T]) Watch(ctx context.Context, options metav1.ListOptions) (Stream[T], error) {
	w, err := o.lw.WatchWithContext(ctx, options)
	if err != nil {
		return nil, err
	}
	if w == nil {
		return nil, errors.New("the watch function returned neither a watch nor an error")
	}
	return &objectStream[T]{watch: w, accept: o.accept}, nil
}

func (o *objects[T]) StreamsLists() bool {
	refuser, ok := o.lw.(interface{ IsWatchListSemanticsUnSupported() bool })
	return !ok || !refuser.IsWatchListSemanticsUnSupported()
}

func (o *objects[T]) Key(object T) Key {
	accessor, err := meta.Accessor(object)
	if err != nil {
		return Key{}
	}
	return Key{accessor.GetNamespace(), accessor.GetName()}
}

var errNoName = errors.New("it has no name")

// acceptNamed accepts an object if it has a name. (Whoever reads one that is none leniently finds an empty one.) A panic of
// accept, or of a method of the object, is an error.
func acceptNamed[T any](object runtime.Object, accept func(runtime.Object) (T, error)) (accepted T, err error) {
	defer Caught(&err)
	if accessor, err := meta.Accessor(object); err == nil && accessor.GetName() == "" {
		var none T
		return none, errNoName
	}
	return accept(object)
}

// pageOf is what a list says about itself.
func pageOf(list metav1.ListInterface) Page {
	page := Page{Version: list.GetResourceVersion(), Continue: list.GetContinue()}
	if remaining := list.GetRemainingItemCount(); remaining != nil {
		page.Remaining = *remaining
	}
	return page
}

// poisonOf is what can be told of an object that was not accepted.
func poisonOf(object runtime.Object, err error) *Poison {
	p, panicked := identified(object, err)
	if panicked != nil { // or it is none that could say
		return newPoison("", "", "", "", err)
	}
	return p
}

// identified asks the object which one it is.
func identified(object runtime.Object, reason error) (p *Poison, err error) {
	defer Caught(&err)
	accessor, err := meta.Accessor(object)
	if err != nil {
		return nil, err
	}
	return newPoison(accessor.GetNamespace(), accessor.GetName(), accessor.GetUID(), accessor.GetResourceVersion(), reason), nil
}
