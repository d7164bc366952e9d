package cache

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/klog/v2"
)

// InformerSynced says whether an informer, or anything else, has synced.
type InformerSynced func() bool

// syncPoll is how often an InformerSynced is asked; there is no other way to wait for one.
const syncPoll = 100 * time.Millisecond

// IsDone says, without waiting, whether an activity has ended.
func IsDone(checker DoneChecker) bool {
	select {
	case <-checker.Done():
		return true
	default:
		return false
	}
}

// WaitFor waits until all activities have ended, and returns true; or until ctx is done, and returns false. It does not
// poll. If what is not empty, the beginning and the end of the wait are logged with it.
func WaitFor(ctx context.Context, what string, checkers ...DoneChecker) bool {
	logger := klog.FromContext(ctx)
	if what == "" {
		logger = klog.Logger{}
	}
	logger.Info("Waiting", "for", what)
	for _, checker := range checkers {
		select {
		case <-checker.Done():
		case <-ctx.Done():
		}
	}
	if missing := missingNames(checkers); len(missing) > 0 {
		logger.Info("Gave up waiting", "for", what, "missing", missing, "reason", context.Cause(ctx))
		return false
	}
	logger.Info("Done waiting", "for", what)
	return true
}

// missingNames are the names of the activities that have not ended.
func missingNames(checkers []DoneChecker) []string {
	var names []string
	for _, checker := range checkers {
		if !IsDone(checker) {
			names = append(names, checker.Name())
		}
	}
	return names
}

// WaitForCacheSync waits until all caches have synced, and returns true; or until stopCh is closed, and returns false.
// WaitFor with HasSyncedChecker needs no polling.
func WaitForCacheSync(stopCh <-chan struct{}, cacheSyncs ...InformerSynced) bool {
	return waitForCacheSync(wait.ContextForChannel(stopCh), cacheSyncs)
}

// WaitForNamedCacheSync is WaitForCacheSync that logs who waits.
func WaitForNamedCacheSync(controllerName string, stopCh <-chan struct{}, cacheSyncs ...InformerSynced) bool {
	logger := klog.LoggerWithValues(klog.Background(), "controller", controllerName)
	return WaitForNamedCacheSyncWithContext(klog.NewContext(wait.ContextForChannel(stopCh), logger), cacheSyncs...)
}

// WaitForNamedCacheSyncWithContext is WaitForCacheSync with a context, that logs; the context's logger says who waits.
func WaitForNamedCacheSyncWithContext(ctx context.Context, cacheSyncs ...InformerSynced) bool {
	logger := klog.FromContext(ctx)
	logger.Info("Waiting for caches to sync")
	synced := waitForCacheSync(ctx, cacheSyncs)
	if synced {
		logger.Info("Caches are synced")
	} else {
		logger.Info("Caches did not sync", "reason", context.Cause(ctx))
	}
	return synced
}

func waitForCacheSync(ctx context.Context, cacheSyncs []InformerSynced) bool {
	err := wait.PollUntilContextCancel(ctx, syncPoll, true, func(context.Context) (bool, error) {
		return !slices.ContainsFunc(cacheSyncs, func(synced InformerSynced) bool { return !synced() }), nil
	})
	return err == nil
}

// SyncResult says which informers of a factory have synced.
type SyncResult struct {
	// Err is nil if all have, and else why the wait ended before.
	Err error
	// Synced holds for each type of object whether its informer has synced.
	Synced map[reflect.Type]bool
}

// AsError is nil if all informers have synced, and else an error that names the others and wraps Err.
func (c SyncResult) AsError() error {
	if c.Err == nil {
		return nil
	}
	var missing []string
	for objectType, synced := range c.Synced {
		if !synced {
			missing = append(missing, objectType.String())
		}
	}
	slices.Sort(missing)
	return fmt.Errorf("caches of %s have not synced: %w", strings.Join(missing, ", "), c.Err)
}

// activity is a DoneChecker made of its two parts.
type activity struct {
	name string
	done <-chan struct{}
}

func (a activity) Name() string          { return a.name }
func (a activity) Done() <-chan struct{} { return a.done }
