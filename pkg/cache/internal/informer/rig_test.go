package informer

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache/internal/fanout"
	"github.com/kubewright/kubewright/pkg/cache/internal/reflector"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// object has a key, perhaps a UID, and a version, written "key@version" or "key#uid@version".
type object string

func (o object) split() (key string, identity Identity) {
	name, version, _ := strings.Cut(string(o), "@")
	key, uid, _ := strings.Cut(name, "#")
	return key, Identity{types.UID(uid), version}
}

func key(o object) (string, error) {
	if !strings.Contains(string(o), "@") {
		return "", fmt.Errorf("%q has no key", o)
	}
	k, _ := o.split()
	return k, nil
}

func identity(o object) Identity {
	_, identity := o.split()
	return identity
}

// rig is an informer whose test is its reflector.
type rig struct {
	*Informer[object]
	sink reflector.Sink[object]
	stop context.CancelFunc
	done chan struct{}
	errs []error // that were reported
}

func newRig(resync time.Duration) *rig { return newRigWith(Options[object]{Resync: resync}) }

func newRigWith(options Options[object]) *rig {
	r := &rig{}
	options.Key, options.Identity = key, identity
	options.OnError = func(_ context.Context, err error) { r.errs = append(r.errs, err) }
	r.Informer = New(options)
	return r
}

// started is a rig that runs, with one handler. It must be stopped.
func started(t *testing.T, options Options[object]) (*rig, *log) {
	t.Helper()
	r, l := newRigWith(options), &log{}
	join(t, r, l)
	r.start(t)
	return r, l
}

// start runs the informer; it must be stopped.
func (r *rig) start(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r.stop, r.done = cancel, make(chan struct{})
	ready := make(chan struct{})
	go func() {
		defer close(r.done)
		err := r.Run(ctx, func(ctx context.Context, sink reflector.Sink[object]) {
			r.sink = sink
			close(ready)
			<-ctx.Done()
		})
		if err != nil {
			t.Error(err)
		}
	}()
	<-ready
}

func (r *rig) end() {
	r.stop()
	<-r.done
}

func (r *rig) apply(t *testing.T, kind watch.EventType, o object) {
	t.Helper()
	if err := r.sink.Apply(reflector.Event[object]{Type: kind, Object: o, Version: identity(o).Version}); err != nil {
		t.Error(err)
	}
}

func (r *rig) replace(t *testing.T, version string, objects ...object) {
	t.Helper()
	if err := r.sink.Replace(reflector.List[object]{Objects: objects, Version: version}); err != nil {
		t.Error(err)
	}
}

// log is a handler that remembers what it was told.
type log struct {
	mu    sync.Mutex // guards lines
	lines []string
}

func (l *log) handle(n fanout.Notification[object]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch n.Kind {
	case fanout.Add:
		l.lines = append(l.lines, "add "+string(n.New))
	case fanout.InitialAdd:
		l.lines = append(l.lines, "initial "+string(n.New))
	case fanout.Update:
		l.lines = append(l.lines, "update "+string(n.Old)+" "+string(n.New))
	case fanout.Delete:
		l.lines = append(l.lines, "delete "+string(n.New))
	case fanout.DeleteUnknown:
		l.lines = append(l.lines, "unknown "+n.Key+" "+string(n.New))
	}
}

func (l *log) take() []string {
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := l.lines
	l.lines = nil
	return lines
}

func (l *log) check(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, l.take()); diff != "" {
		t.Errorf("handler was told (-want +got):\n%s", diff)
	}
}

func join(t *testing.T, r *rig, l *log) *fanout.Registration[object] {
	t.Helper()
	registration, err := r.Join(l.handle, fanout.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return registration
}
