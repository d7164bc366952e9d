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
	// Delete tells of an object that is gone; Old is its final state.
	Delete
	// DeleteUnknown tells of an object that was found missing in a list; Old is the last state that was seen.
	DeleteUnknown
	// synced is for the registration itself: all initial additions lie before it.
	synced
	// resynced is for the registration itself: the updates of one resync lie before it.
	resynced
)

// Notification is one change of the cache, as told to handlers.
type Notification[T any] struct {
	Kind     Kind
	Key      string
	Old, New T
}

// Handler is told of changes, one call at a time. It must not modify the objects.
type Handler[T any] func(Notification[T])
