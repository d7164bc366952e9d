package informer

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/queue"
	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

var (
	// ErrStopped says that an informer has run to its end, so that nothing can be added to it any more.
	ErrStopped = errors.New("the informer has stopped")
	// ErrStarted says that an informer was run before. An informer runs once.
	ErrStarted = errors.New("the informer was started before; make a new one instead")
)

// MinResyncCheck is the least time between two looks at which handlers are due for a resync.
const MinResyncCheck = time.Second

// Options configure an Informer.
type Options[T any] struct {
	// Key is the key of an object in the store. An object without one makes the reflector list again.
	Key func(T) (string, error)
	// Store configures the store.
	Store store.Options[T]
	// Resync is how often to look which handlers are due for a resync, unless a handler that was added before Run
	// wants it more often; never below MinResyncCheck. Zero: no resyncs at all, whatever handlers ask for.
	Resync time.Duration
}

// Informer is a store that follows a collection, and tells handlers of each change. Its methods may be called from any
// goroutine.
type Informer[T any] struct {
	key    func(T) (string, error)
	resync time.Duration
	store  *store.Store[T]
	inbox  *queue.Queue[entry[T]]
	synced chan struct{} // closed when the first list was applied and distributed

	mu            sync.Mutex // guards the fields below
	started       bool
	fastestResync time.Duration // the shortest period asked for before Run

	writer writer[T] // owned by the goroutine of Run
}

// entry is what the inbox holds: a change, or a handler that comes or goes.
type entry[T any] struct {
	delta queue.Delta[T]
	join  *fanout.Registration[T]
	leave *fanout.Registration[T]
}

// New makes an informer.
func New[T any](options Options[T]) *Informer[T] {
	i := &Informer[T]{
		key:    options.Key,
		resync: options.Resync,
		store:  store.New(options.Store),
		inbox:  queue.New[entry[T]](),
		synced: make(chan struct{}),
	}
	i.writer = writer[T]{store: i.store, synced: i.synced}
	return i
}

// Store is the informer's store. Who writes to it besides the informer has to know why.
func (i *Informer[T]) Store() *store.Store[T] { return i.store }

// Synced is closed when the store has taken the first complete list.
func (i *Informer[T]) Synced() <-chan struct{} { return i.synced }

// Join adds a handler, before, while or after the store is filled; see fanout.Registration for what it is told.
// Join does not wait for the writer. It returns ErrStopped when the informer has stopped.
func (i *Informer[T]) Join(handler fanout.Handler[T], options fanout.Options) (*fanout.Registration[T], error) {
	r := fanout.NewRegistration(handler, options, fanout.Hooks[T]{})
	if !i.inbox.Push(entry[T]{join: r}) {
		return nil, ErrStopped
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if options.Resync > 0 && (i.fastestResync == 0 || options.Resync < i.fastestResync) {
		i.fastestResync = options.Resync
	}
	return r, nil
}

// Leave removes a handler without waiting: a call that is running goes on, what is queued is dropped.
// The registration's Done tells when the handler will not be called again. Leaving again has no effect.
func (i *Informer[T]) Leave(r *fanout.Registration[T]) {
	r.Stop()
	i.inbox.Push(entry[T]{leave: r}) // if the informer has stopped there is nothing to leave
}

// Stopped reports whether Run has come to its end, or is about to: nothing can be added any more.
func (i *Informer[T]) Stopped() bool { return i.inbox.Closed() }

// Run feeds the store until ctx is done. produce is called in a goroutine of its own with the sink for what it finds;
// it must return soon when ctx is done. Run returns when all of its goroutines have ended, also those that call
// handlers. It returns ErrStarted, and does nothing, if it was called before.
func (i *Informer[T]) Run(ctx context.Context, produce func(context.Context, reflector.Sink[T])) error {
	i.mu.Lock()
	again := i.started
	i.started = true
	check := i.resyncCheck()
	i.mu.Unlock()
	if again {
		return ErrStarted
	}

	var wg sync.WaitGroup
	wg.Go(func() { produce(ctx, &sink[T]{key: i.key, inbox: i.inbox}) })
	i.writer.run(ctx, i.inbox, check)
	wg.Wait()
	return nil
}

// resyncCheck is how often to look which handlers are due. The caller holds mu.
func (i *Informer[T]) resyncCheck() time.Duration {
	check := i.resync
	if check <= 0 {
		return 0
	}
	if i.fastestResync > 0 {
		check = min(check, i.fastestResync)
	}
	return max(check, MinResyncCheck)
}
