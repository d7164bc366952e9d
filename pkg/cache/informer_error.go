package cache

import (
	"fmt"
	"strings"
	"time"
)

// Stage says what an informer was doing when something went wrong.
type Stage string

const (
	// StageList is asking the server for the collection, in pages or as the beginning of a watch.
	StageList Stage = "list"
	// StageWatch is opening a watch, or reading its events; errors that the server sends as events belong to it.
	StageWatch Stage = "watch"
	// StageDecode is decoding or transforming one object, which is then quarantined: see InformerStatus.Quarantined.
	StageDecode Stage = "decode"
	// StageApply is taking a list or an event into the cache: an object without a key, or an event that is older than
	// what the cache has.
	StageApply Stage = "apply"
	// StageIndex is indexing one object, which is then missing from that index.
	StageIndex Stage = "index"
	// StageHandler is a handler that panicked.
	StageHandler Stage = "handler"
	// StageAudit is comparing the cache with the server: differences that were found, or why there is no comparison.
	StageAudit Stage = "audit"
)

// InformerError is something that went wrong in an informer. The informer goes on and repairs what can be repaired;
// errors.As finds the server's answer, if it was one, for example for apierrors.IsForbidden. No object is part of it, only
// its identity.
type InformerError struct {
	// Informer is the informer's name; see InformerStatus.
	Informer string
	// Stage is what it was doing.
	Stage Stage
	// Key is the key of the object that the error is about, if it is about one.
	Key string
	// Time is when it happened.
	Time time.Time
	// RetryIn is how long the informer waits before it tries again; zero if there is nothing to try.
	RetryIn time.Duration
	// Err is what happened.
	Err error
}

// Error implements error.
func (e *InformerError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "informer %s: %s", e.Informer, e.Stage)
	if e.Key != "" {
		fmt.Fprintf(&b, " of %q", e.Key)
	}
	fmt.Fprintf(&b, ": %v", e.Err)
	if e.RetryIn > 0 {
		fmt.Fprintf(&b, " (trying again in %v)", e.RetryIn.Round(time.Millisecond))
	}
	return b.String()
}

// Unwrap returns Err.
func (e *InformerError) Unwrap() error { return e.Err }

// MissedError is the Err of an InformerError that stands for errors which a listener was too slow to hear.
type MissedError struct {
	// Count is how many there were.
	Count int
}

// Error implements error.
func (e *MissedError) Error() string {
	return fmt.Sprintf("%d earlier errors were dropped, since nobody took them", e.Count)
}
