package cache

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Observe returns the informer with what it tells of itself. All informers of this package can; one of somebody else's
// make is an error.
func Observe(informer SharedInformer) (ObservedInformer, error) {
	for {
		switch i := informer.(type) {
		case ObservedInformer:
			return i, nil
		case interface{ unwrap() SharedIndexInformer }:
			informer = i.unwrap()
		default:
			return nil, fmt.Errorf("informer %T cannot be observed: it is not of this package", informer)
		}
	}
}

// HealthCheck returns a check for an HTTP handler such as /healthz or /readyz: nil while all informers are healthy, and
// else an error that says what is wrong with each of the others. It asks nobody but the informers.
func HealthCheck(options HealthOptions, informers ...SharedInformer) func(*http.Request) error {
	return func(*http.Request) error {
		var errs []error
		for _, informer := range informers {
			observed, err := Observe(informer)
			if err == nil {
				err = observed.Status().Check(time.Now(), options)
			}
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	}
}

// WaitForSync waits until the caches of all informers have synced, and returns nil; or until ctx is done. Then the error
// says of each informer that has not synced why: it joins an *UnsyncedError for each, so that for example
// apierrors.IsForbidden recognises the answer of the server, and errors.Is the cause of the context.
func WaitForSync(ctx context.Context, informers ...SharedInformer) error {
	var errs []error
	for _, informer := range informers {
		select {
		case <-informer.HasSyncedChecker().Done():
		case <-ctx.Done():
			if !informer.HasSynced() {
				errs = append(errs, unsynced(ctx, informer))
			}
		}
	}
	return errors.Join(errs...)
}

// unsynced says why an informer has not synced.
func unsynced(ctx context.Context, informer SharedInformer) error {
	err := &UnsyncedError{Informer: informer.HasSyncedChecker().Name(), Cause: context.Cause(ctx)}
	if observed, failed := Observe(informer); failed == nil {
		status := observed.Status()
		err.Informer, err.State = status.Name, status.State
		if status.LastError != nil {
			err.Last = status.LastError.Err
		}
	}
	return err
}

// UnsyncedError says why an informer has not synced.
type UnsyncedError struct {
	// Informer is its name, and State what it was doing.
	Informer string
	State    InformerState
	// Last is the last error of list or watch; nil if there was none: the server has not answered, or not to the end.
	Last error
	// Cause is why the wait has ended: that of its context.
	Cause error
}

// Error implements error.
func (e *UnsyncedError) Error() string {
	text := fmt.Sprintf("the cache of informer %s has not synced", e.Informer)
	if e.State != "" {
		text += fmt.Sprintf(" (%s)", e.State)
	}
	if e.Last != nil {
		return fmt.Sprintf("%s: %v: %v", text, e.Cause, e.Last)
	}
	return fmt.Sprintf("%s: %v", text, e.Cause)
}

// Unwrap returns Last, if there is one, and Cause.
func (e *UnsyncedError) Unwrap() []error {
	if e.Last == nil {
		return []error{e.Cause}
	}
	return []error{e.Last, e.Cause}
}
