package cache

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/klog/v2"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/informer"
	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
	"github.com/kubewright/kubewright/pkg/cache/internal/store"
)

// ErrInformerStopped says that an informer has run to its end.
var ErrInformerStopped = informer.ErrStopped

func (s *sharedInformer[T]) Status() InformerStatus {
	stats := s.engine.Stats()
	status := InformerStatus{
		Name:           s.name(),
		State:          InformerNotStarted,
		Synced:         s.HasSynced(),
		Version:        stats.Version,
		Lists:          stats.Lists,
		Objects:        stats.Objects,
		Backlog:        stats.Backlog,
		HandlerBacklog: stats.Handlers.Largest,
		HandlerDelay:   stats.Handlers.Waited,
		Panics:         stats.Panics,
		Dropped:        stats.Dropped,
	}
	quarantined, more := s.engine.Quarantine()
	status.QuarantinedMore = more
	for _, q := range quarantined {
		status.Quarantined = append(status.Quarantined, QuarantinedObject{
			Namespace: q.Namespace, Name: q.Name, UID: q.UID, Version: q.Version, Since: q.Since, Err: q.Err,
		})
	}
	if state, started := s.reflectorState(); started {
		status.State, status.Since = stateOf(state.Phase), state.Since
		status.Heard = state.LastSign
		status.Watches = state.Watches
		status.Failures = state.Failures
		if f := state.LastFailure; f != nil {
			status.LastError = s.failure(*f)
		}
		status.Streaming = !state.Stream.Off && state.Stream.Refused == nil
		if state.Stream.Refused != nil {
			status.StreamingRefused = state.Stream.Refused.Err
		}
		status.Differences = state.Differences
	}
	if s.engine.Stopped() {
		status.State = InformerStopped
	}
	return status
}

// reflectorState is the state of the reflector; false before the informer runs.
func (s *sharedInformer[T]) reflectorState() (reflector.State, bool) {
	r := s.runningReflector()
	if r == nil {
		return reflector.State{}, false
	}
	return r.state()
}

func stateOf(phase reflector.Phase) InformerState {
	switch phase {
	case reflector.Listing, reflector.Streaming, reflector.Replacing:
		return InformerListing
	case reflector.BackingOff:
		return InformerBackingOff
	case reflector.Stopped:
		return InformerStopped
	default:
		return InformerWatching
	}
}

func (s *sharedInformer[T]) Errors(ctx context.Context) iter.Seq[*InformerError] {
	return s.errors.Listen(ctx, func(n int) *InformerError {
		return &InformerError{Informer: s.name(), Time: time.Now(), Err: &MissedError{Count: n}}
	})
}

func (s *sharedInformer[T]) WaitForVersion(ctx context.Context, obj metav1.Object) error {
	key := NewObjectName(obj.GetNamespace(), obj.GetName()).String()
	if err := s.engine.WaitVersion(ctx, key, obj.GetResourceVersion()); err != nil {
		return fmt.Errorf("informer %s: %w", s.name(), err)
	}
	return nil
}

func (s *sharedInformer[T]) Size() int64 { return s.engine.Store().Size() }

// failure is a failure of the reflector in the words of this package.
func (s *sharedInformer[T]) failure(f reflector.Failure) *InformerError {
	err := &InformerError{Informer: s.name(), Stage: stageOf(f.Stage), Time: f.Time, RetryIn: f.RetryIn, Err: f.Err}
	if poison, ok := errors.AsType[*reflector.Poison](f.Err); ok && poison.Name != "" {
		err.Key = poison.Key().String()
	}
	return err
}

func stageOf(stage reflector.Stage) Stage {
	switch stage {
	case reflector.StageList, reflector.StageStream:
		return StageList
	case reflector.StageDecode:
		return StageDecode
	case reflector.StageApply:
		return StageApply
	case reflector.StageAudit:
		return StageAudit
	default:
		return StageWatch
	}
}

// onEngineError hears of what goes wrong behind the reflector.
func (s *sharedInformer[T]) onEngineError(ctx context.Context, err error) {
	e := &InformerError{Informer: s.name(), Stage: StageHandler, Time: time.Now(), Err: err}
	if panicked, ok := errors.AsType[*fanout.PanicError](err); ok {
		e.Key = panicked.Key
	} else if disorder, ok := errors.AsType[*informer.DisorderError](err); ok {
		e.Stage, e.Key = StageApply, disorder.Key
		defer s.listAgain(err)
	}
	s.report(ctx, e)
}

// listAgain makes the reflector list: only a list can tell what an event stands for that was dropped.
func (s *sharedInformer[T]) listAgain(reason error) {
	if r := s.runningReflector(); r != nil {
		r.listAgain(reason)
	}
}

// onIndexError hears of objects that cannot be indexed.
func (s *sharedInformer[T]) onIndexError(err *store.IndexError) {
	s.report(context.Background(), &InformerError{Informer: s.name(), Stage: StageIndex, Key: err.Key, Time: time.Now(), Err: err})
}

// report logs an error and tells those who listen. Errors of the reflector are logged by its WatchErrorHandler.
func (s *sharedInformer[T]) report(ctx context.Context, err *InformerError) {
	klog.FromContext(ctx).Error(err.Err, "Informer has a problem", "informer", err.Informer, "stage", err.Stage, "object", err.Key)
	s.errors.Publish(err)
}
