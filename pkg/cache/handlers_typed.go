package cache

// TypedResourceEventHandlerFuncs is a TypedResourceEventHandler of functions; those that are nil are not called.
type TypedResourceEventHandlerFuncs[T Object] struct {
	AddFunc    func(obj T)
	UpdateFunc func(oldObj, newObj T)
	DeleteFunc func(obj DeletedObject[T])
}

// OnAdd calls AddFunc, if set.
func (r TypedResourceEventHandlerFuncs[T]) OnAdd(obj T, isInInitialList bool) {
	if r.AddFunc != nil {
		r.AddFunc(obj)
	}
}

// OnUpdate calls UpdateFunc, if set.
func (r TypedResourceEventHandlerFuncs[T]) OnUpdate(oldObj, newObj T) {
	if r.UpdateFunc != nil {
		r.UpdateFunc(oldObj, newObj)
	}
}

// OnDelete calls DeleteFunc, if set.
func (r TypedResourceEventHandlerFuncs[T]) OnDelete(obj DeletedObject[T]) {
	if r.DeleteFunc != nil {
		r.DeleteFunc(obj)
	}
}

// TypedResourceEventHandlerDetailedFuncs is TypedResourceEventHandlerFuncs whose AddFunc is told whether the object is
// part of the initial list.
type TypedResourceEventHandlerDetailedFuncs[T Object] struct {
	AddFunc    func(obj T, isInInitialList bool)
	UpdateFunc func(oldObj, newObj T)
	DeleteFunc func(obj DeletedObject[T])
}

// OnAdd calls AddFunc, if set.
func (r TypedResourceEventHandlerDetailedFuncs[T]) OnAdd(obj T, isInInitialList bool) {
	if r.AddFunc != nil {
		r.AddFunc(obj, isInInitialList)
	}
}

// OnUpdate calls UpdateFunc, if set.
func (r TypedResourceEventHandlerDetailedFuncs[T]) OnUpdate(oldObj, newObj T) {
	if r.UpdateFunc != nil {
		r.UpdateFunc(oldObj, newObj)
	}
}

// OnDelete calls DeleteFunc, if set.
func (r TypedResourceEventHandlerDetailedFuncs[T]) OnDelete(obj DeletedObject[T]) {
	if r.DeleteFunc != nil {
		r.DeleteFunc(obj)
	}
}

// TypedFilteringResourceEventHandler is a FilteringResourceEventHandler for objects of type T. For a deletion the filter
// is given OptionalObj, which is the zero value of T if no state of the object was ever seen.
type TypedFilteringResourceEventHandler[T Object] struct {
	FilterFunc func(obj T) bool
	Handler    TypedResourceEventHandler[T]
}

// OnAdd passes on what passes the filter.
func (r TypedFilteringResourceEventHandler[T]) OnAdd(obj T, isInInitialList bool) {
	if r.FilterFunc(obj) {
		r.Handler.OnAdd(obj, isInInitialList)
	}
}

// OnUpdate passes on an addition, update or deletion, or nothing.
func (r TypedFilteringResourceEventHandler[T]) OnUpdate(oldObj, newObj T) {
	switch before, after := r.FilterFunc(oldObj), r.FilterFunc(newObj); {
	case before && after:
		r.Handler.OnUpdate(oldObj, newObj)
	case after:
		r.Handler.OnAdd(newObj, false)
	case before:
		r.Handler.OnDelete(DeletedObject[T]{OptionalObj: oldObj})
	}
}

// OnDelete passes on what passes the filter.
func (r TypedFilteringResourceEventHandler[T]) OnDelete(obj DeletedObject[T]) {
	if r.FilterFunc(obj.OptionalObj) {
		r.Handler.OnDelete(obj)
	}
}

// DeletedObject is an object that was deleted.
type DeletedObject[T Object] struct {
	// OptionalObj is the object in the last state that is known. It is the final state if FinalStateUnknown is nil, and
	// may be an older one, or the zero value of T, if not.
	OptionalObj T
	// FinalStateUnknown is set if the deletion itself was not seen. Its object is OptionalObj.
	FinalStateUnknown *DeletedFinalStateUnknown
}

// GetKey is the key under which the object was stored. It is always known.
func (d DeletedObject[T]) GetKey() string {
	if d.FinalStateUnknown != nil {
		return d.FinalStateUnknown.Key
	}
	return d.GetObjectName().String()
}

// GetObjectName is the namespace, if any, and the name of the object. It is always known.
func (d DeletedObject[T]) GetObjectName() ObjectName {
	var none T
	switch {
	case d.FinalStateUnknown != nil:
		name, err := ParseObjectName(d.FinalStateUnknown.Key)
		if err != nil {
			return NewObjectName("", d.FinalStateUnknown.Key)
		}
		return name
	case d.OptionalObj == none:
		return ObjectName{}
	default:
		return NewObjectName(d.OptionalObj.GetNamespace(), d.OptionalObj.GetName())
	}
}

// GetName is the name of the object.
func (d DeletedObject[T]) GetName() string { return d.GetObjectName().Name }

// GetNamespace is the namespace of the object; empty if it has none.
func (d DeletedObject[T]) GetNamespace() string { return d.GetObjectName().Namespace }
