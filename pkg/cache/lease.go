package cache

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"sync"
)

// ErrFactoryShutDown says that a factory of informers was shut down, so that it starts no informers any more.
var ErrFactoryShutDown = errors.New("the factory of informers was shut down")

// InformerLease keeps an informer of a factory running; see InformerFactory.Acquire.
type InformerLease struct {
	informer SharedIndexInformer
	ended    <-chan struct{}
	release  func()
}

// Informer is the informer. After the release it may have stopped; ask the factory for it again, and for its lister.
func (l *InformerLease) Informer() SharedIndexInformer { return l.informer }

// Release ends the lease without waiting. Of the last lease it stops the informer, unless the factory itself was
// started with it, and the factory forgets it. Releasing again does nothing.
func (l *InformerLease) Release() { l.release() }

// Ended is closed when the informer has come to its end: nothing of it is running any more.
func (l *InformerLease) Ended() <-chan struct{} { return l.ended }

// Acquire keeps one informer of the factory running until its lease is released or ctx is done, whichever comes first.
// informer returns it, by a method of this factory, for example
//
//	lease, err := factory.Acquire(ctx, factory.Stable().V1().CronTabs().Informer)
//
// It is called without a lock, possibly more than once. The informer is started if it does not run. Others may hold
// leases of the same informer: it stops with the last one, and whoever asks the factory then gets a new informer, with
// an empty cache and no handlers. That is for resources which come and go, such as those of a
// CustomResourceDefinition. An informer that StartWithContext has started runs as long as the context of that call,
// whatever becomes of its leases.
//
// Acquire does not wait for the cache to sync. It returns ErrFactoryShutDown after Shutdown.
func (f *InformerFactory[C]) Acquire(ctx context.Context, informer func() SharedIndexInformer) (*InformerLease, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("informer was not acquired: %w", err)
	}
	var before SharedIndexInformer
	for {
		wanted := informer()
		if wanted == before {
			return nil, fmt.Errorf("informer was not acquired: %T is none of this factory: return what its methods return", wanted)
		}
		lease, err := f.hold(ctx, wanted)
		if lease != nil || err != nil {
			return lease, err
		}
		before = wanted // a release has come between: the factory makes a new one
	}
}

// hold makes a lease of an informer; nil if the factory does not have it.
func (f *InformerFactory[C]) hold(ctx context.Context, informer SharedIndexInformer) (*InformerLease, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.shuttingDown {
		return nil, fmt.Errorf("informer was not acquired: %w", ErrFactoryShutDown)
	}
	m := f.memberOf(informer)
	if m == nil {
		return nil, nil
	}
	if m.informer.IsStopped() {
		return nil, errors.New("informer was not acquired: it has stopped, since the context that the factory was started with is done")
	}
	if m.ended == nil {
		run, stop := context.WithCancel(context.WithoutCancel(ctx))
		m.stop = stop
		f.run(run, m)
	}
	m.holders++
	drop := sync.OnceFunc(func() { f.drop(m) })
	forget := context.AfterFunc(ctx, drop)
	return &InformerLease{informer: informer, ended: m.ended, release: func() {
		forget()
		drop()
	}}, nil
}

// drop takes one holder away from an informer.
func (f *InformerFactory[C]) drop(m *member) {
	f.mu.Lock()
	defer f.mu.Unlock()
	m.holders--
	if m.holders > 0 || m.stop == nil {
		return
	}
	m.stop()
	if !m.started {
		maps.DeleteFunc(f.members, func(_ reflect.Type, other *member) bool { return other == m })
	}
}

// memberOf finds an informer. The caller holds mu.
func (f *InformerFactory[C]) memberOf(informer SharedIndexInformer) *member {
	for _, m := range f.members {
		if m.informer == informer {
			return m
		}
	}
	return nil
}
