package cache

// Handler handles the changes of Ts; functions that are nil are not called. It is for AddTypedEventHandler, and what new
// programs should use: a deletion is always told with an object, never with something else in its place.
//
//	informer.AddTypedEventHandler(cache.Handler[*corev1.Pod]{
//		Add:    func(pod *corev1.Pod, initial bool) { … },
//		Delete: func(pod *corev1.Pod, final bool) { … },
//	})
//
// The contract is that of ResourceEventHandler: one call at a time, in order, and the objects must not be modified.
type Handler[T Object] struct {
	// Add tells of a new object. initial says that it was there before the handler came, or came with the first list.
	Add func(obj T, initial bool)
	// Update tells of a change, or of a resync: then both are the same object.
	Update func(before, after T)
	// Delete tells that an object is gone. final says whether last is its final state; if not then the deletion was not
	// seen, and last is the state that was seen last.
	Delete func(last T, final bool)
}

// OnAdd calls Add, if set.
func (h Handler[T]) OnAdd(obj T, isInInitialList bool) {
	if h.Add != nil {
		h.Add(obj, isInInitialList)
	}
}

// OnUpdate calls Update, if set.
func (h Handler[T]) OnUpdate(oldObj, newObj T) {
	if h.Update != nil {
		h.Update(oldObj, newObj)
	}
}

// OnDelete calls Delete, if set. Informers of this package always have an object to give it.
func (h Handler[T]) OnDelete(obj DeletedObject[T]) {
	if h.Delete != nil {
		h.Delete(obj.OptionalObj, obj.FinalStateUnknown == nil)
	}
}
