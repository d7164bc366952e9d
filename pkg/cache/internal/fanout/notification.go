package fanout

// Kind says what a Notification tells.
type Kind uint8

const (
	// Add tells of an object that is new to the cache: New.
	Add Kind = iota + 1
	// InitialAdd is an Add for an object that was there when the handler came, or that the first list brought.
	InitialAdd
	// Update tells of a change from Old to New, or of a resync: then they are the same object.
	Update
	// Delete tells of an object that is gone. New is its final state, Old the state that was told last.
	Delete
	// DeleteUnknown tells of an object that is gone and whose final state is not known. New is the last state that was
	// seen.
	DeleteUnknown
	// synced is for the registration itself: all initial additions lie before it.
	synced
	// resynced is for the registration itself: the updates of one resync lie before it.
	resynced
)

func (k Kind) String() string {
	switch k {
	case Add:
		return "addition"
	case InitialAdd:
		return "initial addition"
	case Update:
		return "update"
	case Delete:
		return "deletion"
	case DeleteUnknown:
		return "deletion with unknown final state"
	default:
		return "mark"
	}
}

// adds reports whether an object appears.
func (k Kind) adds() bool { return k == Add || k == InitialAdd }

// deletes reports whether an object is gone.
func (k Kind) deletes() bool { return k == Delete || k == DeleteUnknown }

// marks reports whether the handler hears nothing of it.
func (k Kind) marks() bool { return k == synced || k == resynced }

// Notification is one change of the cache, as told to handlers.
type Notification[T any] struct {
	Kind Kind
	Key  string
	// Old is the object that was told last under this key; the zero value for additions.
	Old T
	// New is the object that there is to tell: the present state, or the last one of an object that is gone.
	New T
}

// Handler is told of changes, one call at a time. It must not modify the objects.
type Handler[T any] func(Notification[T])
