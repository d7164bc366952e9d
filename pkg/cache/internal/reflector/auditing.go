package reflector

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/pkg/cache/internal/versions"
)

const (
	// auditPatience is for how long a watch must have been open for everything that the server had when it was asked to
	// have come, even if it says nothing of its version.
	auditPatience = 3 * time.Minute
	// auditTimeout bounds an audit.
	auditTimeout = 15 * time.Minute
	// auditLook is how often to look whether the sink has come far enough.
	auditLook = time.Second
	// maxDifferences bounds how many differences an error names.
	maxDifferences = 100
)

var errAuditTimeout = fmt.Errorf("the audit was not done after %v", auditTimeout)

// audit is one under way.
type audit struct {
	cancel context.CancelFunc // the audit is of no more use

	mu    sync.Mutex // guards moved
	moved map[string]struct{}
}

// move notes that an object changes while the audit is under way, so that it cannot be compared.
func (a *audit) move(key Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.moved[key.String()] = struct{}{}
}

// startAudits begins to audit, if that is wanted, and returns how to end it and wait for the end.
func (r *Reflector[T]) startAudits(ctx context.Context) (stop func()) {
	if r.options.Audit.Interval <= 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		for r.sleep(ctx, r.options.Audit.Interval/2+rand.N(r.options.Audit.Interval)) {
			if err := r.auditOnce(ctx); err != nil {
				r.tell(ctx, Failure{Stage: StageAudit, Err: err, Time: r.now()})
			}
		}
	})
	return func() {
		cancel()
		wg.Wait()
	}
}

// auditOnce compares once, unless there is no watch to compare with, or a list makes the comparison needless. It returns
// an error if it could not compare.
func (r *Reflector[T]) auditOnce(ctx context.Context) (err error) {
	defer Caught(&err)
	if r.State().Phase != Watching {
		return nil
	}
	useful, cancel := context.WithTimeoutCause(ctx, auditTimeout, errAuditTimeout)
	defer cancel()
	a := &audit{cancel: cancel, moved: map[string]struct{}{}}
	r.audit.Store(a) // from here on, what moves is noted
	defer r.audit.Store(nil)

	err = r.auditNow(useful, a)
	if useful.Err() == nil || errors.Is(context.Cause(useful), errAuditTimeout) {
		return err
	}
	return nil
}

// auditNow compares once, as long as ctx says that it is useful.
func (r *Reflector[T]) auditNow(ctx context.Context, a *audit) error {
	began := r.now()
	server := map[string]objectVersion{}
	version, err := r.options.Audit.Source.Versions(ctx, func(key string, uid types.UID, version string) {
		server[key] = objectVersion{uid, version}
	})
	if err != nil {
		return err
	}
	for r.caughtUp(ctx, version, began) {
		found := r.compare(a, server)
		if found == nil || r.interruptWatch(found) {
			return nil
		}
	}
	return fmt.Errorf("the sink did not reach version %s of the server: %w", version, context.Cause(ctx))
}

// abandonAudit ends the audit under way, if there is one: a list repairs whatever it could find.
func (r *Reflector[T]) abandonAudit() {
	if a := r.audit.Load(); a != nil {
		a.cancel()
	}
}

// caughtUp waits until the sink has what the server had when it listed version, and returns false if that will not come
// about. If the versions do not tell, a watch that was open long enough has brought it.
func (r *Reflector[T]) caughtUp(ctx context.Context, version string, began time.Time) bool {
	for ctx.Err() == nil {
		if s := r.State(); s.Phase == Watching {
			since := began
			if s.Since.After(began) {
				since = s.Since
			}
			if versions.Reached(r.options.Audit.Content.Version(), version) || r.now().Sub(since) >= auditPatience {
				return true
			}
		}
		r.sleep(ctx, auditLook)
	}
	return false
}

// interruptWatch makes the reflector repair what was found. It returns false if there is no watch to interrupt.
func (r *Reflector[T]) interruptWatch(found error) bool {
	r.mu.Lock()
	interrupt := r.interrupt
	r.mu.Unlock()
	if interrupt == nil {
		return false
	}
	interrupt(found)
	return true
}

type objectVersion struct {
	uid     types.UID
	version string
}

// compare returns how sink and server differ, or nil. Objects that have moved since the audit began are left out, and
// those of which the sink cannot have this version since it could not be decoded.
func (r *Reflector[T]) compare(a *audit, server map[string]objectVersion) error {
	sink := make(map[string]objectVersion, len(server))
	r.options.Audit.Content.Content(func(key string, uid types.UID, version string) {
		sink[key] = objectVersion{uid, version}
	})
	poisoned := r.quarantine.versions()

	a.mu.Lock() // after the content was read: whatever it shows of a change, the change is noted by now
	defer a.mu.Unlock()
	var differences []Difference
	for key, want := range server {
		if version, left := poisoned[key]; left && version == want.version {
			continue
		}
		if sink[key] != want {
			differences = append(differences, Difference{Key: key, Server: want.version, Sink: sink[key].version})
		}
	}
	for key, has := range sink {
		if _, exists := server[key]; !exists {
			differences = append(differences, Difference{Key: key, Sink: has.version})
		}
	}
	differences = slices.DeleteFunc(differences, func(d Difference) bool {
		_, moved := a.moved[d.Key]
		return moved
	})
	if len(differences) == 0 {
		return nil
	}
	slices.SortFunc(differences, func(a, b Difference) int { return strings.Compare(a.Key, b.Key) })
	return &DifferenceError{Differences: differences[:min(len(differences), maxDifferences)], Total: len(differences)}
}
