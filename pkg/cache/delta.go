package cache

// DeltaType is the kind of a change.
type DeltaType string

const (
	// Added is an object that is new.
	Added DeltaType = "Added"
	// Updated is an object that has changed.
	Updated DeltaType = "Updated"
	// Deleted is an object that is gone.
	Deleted DeltaType = "Deleted"
	// Replaced is an object of a complete list: the first one, or one that repairs what a broken watch has missed. The
	// object may or may not have changed. A DeltaFIFO says so only with EmitDeltaTypeReplaced, otherwise Sync.
	Replaced DeltaType = "Replaced"
	// ReplacedAll is a complete list in one delta, a ReplacedAllInfo, of queues that hand it over at once.
	ReplacedAll DeltaType = "ReplacedAll"
	// Sync is an object that is only to be processed again.
	Sync DeltaType = "Sync"
	// SyncAll asks to process all objects again, of queues that hand that over at once. Its object is a SyncAllInfo.
	SyncAll DeltaType = "SyncAll"
	// Bookmark is a resource version that was reached without a change, a BookmarkInfo.
	Bookmark DeltaType = "Bookmark"
)

// Delta is one change of one object.
type Delta struct {
	Type DeltaType
	// Object is the state after the change; for Deleted it is the last state before it, or a DeletedFinalStateUnknown.
	// Deltas that are not about one object say what theirs is.
	Object interface{}
}

// Deltas are the changes of one object, the oldest first.
type Deltas []Delta

// Oldest returns the first delta, or nil.
func (d Deltas) Oldest() *Delta {
	if len(d) == 0 {
		return nil
	}
	return &d[0]
}

// Newest returns the last delta, or nil.
func (d Deltas) Newest() *Delta {
	if len(d) == 0 {
		return nil
	}
	return &d[len(d)-1]
}

// plus returns the deltas with one more. Of two deletions in a row one is enough: the one that knows the final state.
func (d Deltas) plus(delta Delta) Deltas {
	last := d.Newest()
	if last == nil || last.Type != Deleted || delta.Type != Deleted {
		return append(d, delta)
	}
	if _, unknown := last.Object.(DeletedFinalStateUnknown); unknown {
		*last = delta
	}
	return d
}

// DeletedFinalStateUnknown stands for an object whose deletion was not seen, only that a later list does not have it.
// Obj is the last state that was seen, which need not be the final one.
type DeletedFinalStateUnknown struct {
	Key string
	Obj interface{}
}

// lastState is the object of a delta, or the last state of the object that it is a tombstone of.
func lastState(obj interface{}) interface{} {
	if deleted, ok := obj.(DeletedFinalStateUnknown); ok {
		return deleted.Obj
	}
	return obj
}

// ReplacedAllInfo is the object of a ReplacedAll delta.
type ReplacedAllInfo struct {
	// ResourceVersion is that of the list.
	ResourceVersion string
	// Objects are the list, transformed if the queue has a transform.
	Objects []interface{}
}

// SyncAllInfo is the object of a SyncAll delta.
type SyncAllInfo struct{}

// BookmarkInfo is the object of a Bookmark delta.
type BookmarkInfo struct {
	// ResourceVersion is the one that was reached.
	ResourceVersion string
}

// PopProcessFunc processes an entry of a queue, for a DeltaFIFO a Deltas.
type PopProcessFunc func(obj interface{}, isInInitialList bool) error

// ProcessFunc processes an entry of a queue.
type ProcessFunc func(obj interface{}, isInInitialList bool) error

// ProcessBatchFunc processes deltas of different objects. If some of them failed, the error is a TransactionError.
type ProcessBatchFunc func(deltas []Delta, isInInitialList bool) error
