package informer

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

// MinResyncCheck is the least time between two looks at which handlers are due for a resync.
const MinResyncCheck = time.Second

// Options configure an Informer. Only Key is required.
type Options[T any] struct {
	// Key is the key of an object in the store. An object without one makes the reflector list again. Objects that could
	// not be decoded are namespace/name, or the name alone: Key should do the same.
	Key func(T) (string, error)
	// Identity tells UID and resource version of an object; what it has not is empty. It must depend on nothing but
	// the object. Nil: objects have neither, so that nothing can be told about their order, and objects with the
	// same key are the same.
	Identity func(T) Identity
	// Store configures the store.
	Store store.Options[T]
	// Resync is how often to look which handlers are due for a resync, unless a handler that was added before Run
	// wants it more often; never below MinResyncCheck. Zero: no resyncs at all, whatever handlers ask for.
	Resync time.Duration
	// SplitRecreated says how to tell that an object was deleted and made again, with another UID, without its deletion
	// being seen: as a deletion with unknown final state and an addition. By default it is one update.
	SplitRecreated bool
	// OnError hears what goes wrong in the informer: a *DisorderError for events that were dropped, at most one for all
	// that came together, and what fanout.Hooks says of handlers. It is called by the goroutine concerned, without a
	// lock, and should return soon. Nil: utilruntime.HandleErrorWithContext.
	OnError func(context.Context, error)
	// Entering, if set, is called by the writer for each object before it enters the store, before anybody else has it.
	Entering func(T)
	// Metrics are told how the writer fares.
	Metrics Metrics
}

// Identity tells one object from others with the same key, and its states from each other.
type Identity struct {
	UID     types.UID
	Version string
}

// Metrics are called by the writer for each batch. Those that are nil cost nothing.
type Metrics struct {
	// QueueDepth is how many entries the inbox has, before a batch is taken, when it is done, and in the end: changes, and
	// handlers that come or go.
	QueueDepth func(int)
	// Processing is how long a batch with changes took, from being taken until its notifications were queued for all
	// handlers.
	Processing func(time.Duration)
	// Version is the resource version that the store has reached with a batch with changes.
	Version func(string)
}
