package cache

import "github.com/kubewright/kubewright/pkg/cache/internal/fanout"

// untypedHandler calls a ResourceEventHandler for notifications.
func untypedHandler[T any](handler ResourceEventHandler) fanout.Handler[T] {
	return func(n fanout.Notification[T]) {
		switch n.Kind {
		case fanout.Add, fanout.InitialAdd:
			handler.OnAdd(n.New, n.Kind == fanout.InitialAdd)
		case fanout.Update:
			handler.OnUpdate(n.Old, n.New)
		case fanout.Delete:
			handler.OnDelete(n.New)
		case fanout.DeleteUnknown:
			handler.OnDelete(DeletedFinalStateUnknown{Key: n.Key, Obj: n.New})
		}
	}
}

// typedHandler calls a TypedResourceEventHandler for notifications.
func typedHandler[T Object](handler TypedResourceEventHandler[T]) fanout.Handler[T] {
	return func(n fanout.Notification[T]) {
		switch n.Kind {
		case fanout.Add, fanout.InitialAdd:
			handler.OnAdd(n.New, n.Kind == fanout.InitialAdd)
		case fanout.Update:
			handler.OnUpdate(n.Old, n.New)
		case fanout.Delete:
			handler.OnDelete(DeletedObject[T]{OptionalObj: n.New})
		case fanout.DeleteUnknown:
			handler.OnDelete(DeletedObject[T]{
				OptionalObj:       n.New,
				FinalStateUnknown: &DeletedFinalStateUnknown{Key: n.Key, Obj: n.New},
			})
		}
	}
}
