package e2e

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubewright/kubewright/generated/kubernetes/informers"
	typedcorev1 "github.com/kubewright/kubewright/generated/kubernetes/typed/core/v1"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/test/apiserver"
)

const (
	churnObjects  = 10_000
	churnWriters  = 20
	churnHandlers = 50
)

// view is what one handler knows of a collection, from what it was told: versions by name.
type view struct {
	mu       sync.Mutex // guards what follows
	versions map[string]string
	wrong    []string // what breaks the order add, update, ..., delete
}

func newView() *view { return &view{versions: map[string]string{}} }

func (v *view) handler() cache.Handler[*corev1.ConfigMap] {
	return cache.Handler[*corev1.ConfigMap]{
		Add: func(cm *corev1.ConfigMap, _ bool) { v.change(cm.Name, "", cm.ResourceVersion) },
		Update: func(before, after *corev1.ConfigMap) {
			v.change(after.Name, before.ResourceVersion, after.ResourceVersion)
		},
		Delete: func(last *corev1.ConfigMap, _ bool) { v.change(last.Name, "*", "") },
	}
}

// change notes a change from one version to another; "" is no object, and "*" is any.
func (v *view) change(name, before, after string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if known := v.versions[name]; known != before && (before != "*" || known == "") {
		v.wrong = append(v.wrong, fmt.Sprintf("%s was at %q and is told to go from %q to %q", name, known, before, after))
	}
	if after == "" {
		delete(v.versions, name)
	} else {
		v.versions[name] = after
	}
}

// check says what was wrong, and returns the versions.
func (v *view) check(t *testing.T) map[string]string {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.wrong) > 0 {
		t.Errorf("%d changes were told out of order, the first: %s", len(v.wrong), v.wrong[0])
	}
	return maps.Clone(v.versions)
}

// insist repeats a write until the server has answered it, whatever happens to the server.
func insist(ctx context.Context, write func() error) error {
	for {
		err := write()
		var status apierrors.APIStatus
		switch {
		case err == nil, apierrors.IsAlreadyExists(err), apierrors.IsNotFound(err): // maybe by the try before
			return nil
		case ctx.Err() != nil:
			return err
		case errors.As(err, &status) && status.Status().Code < 500 && status.Status().Code != 429:
			return err
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

// churn makes, changes and removes the objects of one writer, and ends with about three quarters of them.
func churn(ctx context.Context, client typedcorev1.ConfigMapInterface, writer int) error {
	random := rand.New(rand.NewPCG(1, uint64(writer)))
	const own = churnObjects / churnWriters
	object := func(i, step int) *corev1.ConfigMap {
		return &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("w%02d-%04d", writer, i), Labels: map[string]string{"step": fmt.Sprint(step)}},
			Data:       map[string]string{"step": fmt.Sprint(step)},
		}
	}
	create := func(i, step int) error {
		return insist(ctx, func() error {
			_, err := client.Create(ctx, object(i, step), metav1.CreateOptions{})
			return err
		})
	}
	for i := range own {
		if err := create(i, 0); err != nil {
			return err
		}
	}
	for step := range own {
		i := random.IntN(own)
		err := insist(ctx, func() error {
			if random.IntN(2) == 0 {
				return client.Delete(ctx, object(i, step).Name, metav1.DeleteOptions{})
			}
			_, err := client.Update(ctx, object(i, step+1), metav1.UpdateOptions{})
			return err
		})
		if err == nil && random.IntN(4) == 0 {
			err = create(i, step+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// TestCacheHandlersAndServerAgreeAfterAChurn lets 20 writers change 10,000 objects while 50 handlers come and go, and the
// server is killed and loses its history.
func TestCacheHandlersAndServerAgreeAfterAChurn(t *testing.T) {
	cluster := apiserver.StartForTest(t, apiserver.Options{})
	server := cluster.Server(0)
	config := configFor(t, server)
	namespace := newNamespace(t, config)
	client := kubeClient(t, config).CoreV1().ConfigMaps(namespace)

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	factory := informers.NewSharedInformerFactoryWithOptions(kubeClient(t, config), 0, informers.WithNamespace(namespace))
	defer factory.Shutdown()
	defer cancel()
	configMaps := factory.Core().V1().ConfigMaps()
	informer := configMaps.TypedInformer()
	stays := newView()
	if _, err := informer.AddTypedEventHandler(stays.handler()); err != nil {
		t.Fatal(err)
	}
	factory.StartWithContext(ctx)

	var writers sync.WaitGroup
	for writer := range churnWriters {
		writers.Go(func() {
			if err := churn(ctx, client, writer); err != nil {
				t.Errorf("writer %d: %v", writer, err)
			}
		})
	}
	churned := make(chan struct{})
	go func() {
		defer close(churned)
		writers.Wait()
	}()

	views := make([]*view, churnHandlers)
	var handlers sync.WaitGroup
	for i := range views {
		handlers.Go(func() { views[i] = comeAndGo(t, informer, churned, i) })
	}

	for round := range 3 {
		time.Sleep(2 * time.Second) // of churn; how much is not important
		server.Kill()
		if round > 0 {
			if _, err := cluster.CompactNow(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if err := server.Start(ctx); err != nil {
			t.Fatal(err)
		}
	}
	handlers.Wait()

	list, err := client.List(ctx, metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, cm := range list.Items {
		want[cm.Name] = cm.ResourceVersion
	}
	t.Logf("%d objects are left", len(want))
	eventually(t, func() error {
		cached, err := configMaps.Lister().List(labels.Everything())
		if err != nil {
			return err
		}
		got := map[string]string{}
		for _, cm := range cached {
			got[cm.Name] = cm.ResourceVersion
		}
		if !maps.Equal(want, got) {
			return fmt.Errorf("the cache differs from the server (-server +cache):\n%s", cmp.Diff(want, got))
		}
		return nil
	})
	for _, v := range append(views, stays) {
		eventually(t, func() error {
			if told := v.check(t); !maps.Equal(want, told) {
				return fmt.Errorf("a handler differs from the server (-server +handler):\n%s", cmp.Diff(want, told))
			}
			return nil
		})
	}
}

// comeAndGo adds and removes handlers until the churn is over, and returns the view of the last one, which stays.
func comeAndGo(t *testing.T, informer cache.TypedSharedIndexInformer[*corev1.ConfigMap], over <-chan struct{}, seed int) *view {
	random := rand.New(rand.NewPCG(2, uint64(seed)))
	for {
		v := newView()
		registration, err := informer.AddTypedEventHandler(v.handler())
		if err != nil {
			t.Error(err)
			return v
		}
		select {
		case <-over:
			return v
		case <-time.After(time.Duration(random.IntN(1000)) * time.Millisecond):
		}
		if err := cache.ShutDownEventHandler(informer, registration); err != nil {
			t.Error(err)
			return v
		}
		before := v.check(t)
		if random.IntN(10) == 0 {
			time.Sleep(100 * time.Millisecond)
			if after := v.check(t); !maps.Equal(before, after) {
				t.Errorf("told after ShutDownEventHandler:\n%s", cmp.Diff(before, after))
			}
		}
	}
}
