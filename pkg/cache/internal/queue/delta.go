package queue

// Type says what kind of change a Delta is.
type Type uint8

const (
	// Added is an object that a watch reports as new. Whether it is new to the cache is decided when the delta is
	// applied, so Added and Updated are treated alike.
	Added Type = iota + 1
	// Updated is an object that a watch reports as changed.
	Updated
	// Deleted is an object that a watch reports as gone.
	Deleted
	// Replaced carries a complete list of the collection. What the store has and the list has not was deleted unseen.
	Replaced
	// Bookmark carries nothing but progress: the collection is unchanged up to its version.
	Bookmark
)

// Delta is one change of a collection.
type Delta[T any] struct {
	Type Type
	// Key and Object are what changed, in its state after the change (for Deleted: the last state before it).
	Key    string
	Object T
	// Keys and Objects are the complete list of a Replaced.
	Keys    []string
	Objects []T
	// Version is the resource version that the collection has reached with this change.
	Version string
}
