package storage

import (
	"errors"
	"fmt"
)

var (
	// ErrCompacted is what every *CompactedError wraps.
	ErrCompacted = errors.New("history is compacted")
	// ErrFuture is what every *FutureError wraps.
	ErrFuture = errors.New("revision is in the future")
	// ErrClosed is the end of a watch that was stopped, whose store was closed or reset, and the answer of a store
	// that is closed.
	ErrClosed = errors.New("storage is closed")
)

// CompactedError says that the history after a revision is not there any more.
type CompactedError struct {
	Requested int64 // the revision that was asked for, or up to which a watch has seen everything
	Compacted int64 // the oldest revision that may be asked for
}

func (e *CompactedError) Error() string {
	return fmt.Sprintf("history after revision %d is compacted, the oldest revision is %d: list again", e.Requested, e.Compacted)
}

func (e *CompactedError) Unwrap() error { return ErrCompacted }

// FutureError says that a revision has not come yet.
type FutureError struct {
	Requested int64
	Current   int64 // the newest revision
}

func (e *FutureError) Error() string {
	return fmt.Sprintf("revision %d is in the future, the newest is %d: ask again later", e.Requested, e.Current)
}

func (e *FutureError) Unwrap() error { return ErrFuture }
