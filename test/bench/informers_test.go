package bench

import (
	"context"
	"errors"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/watch"
)

// podInformer is an informer of pods of one stack, with all that reads from it.
type podInformer struct {
	run     func(context.Context)
	synced  <-chan struct{} // closed when the cache is full
	indexer podIndexer
	lister  podLister
	// handle adds a handler.
	handle func(podHandler) (podRegistration, error)
}

// podHandler is what all handlers do: none looks at what was deleted. Its functions may be nil.
type podHandler struct {
	added   func(obj any)
	updated func(oldObj, newObj any)
}

type podRegistration struct {
	synced <-chan struct{} // closed when the handler has seen what was there when it came
	remove func() error
}

// podIndexer are the methods of an Indexer that are the same type in all stacks.
type podIndexer interface {
	Add(obj any) error
	Update(obj any) error
	Replace(objects []any, resourceVersion string) error
	ListKeys() []string
	ByIndex(name, value string) ([]any, error)
}

// podLister is a lister without the types of its stack.
type podLister struct {
	list        func(labels.Selector) ([]*corev1.Pod, error)
	inNamespace func(string) podNamespaceLister
}

type podNamespaceLister interface {
	List(labels.Selector) ([]*corev1.Pod, error)
	Get(name string) (*corev1.Pod, error)
}

// indexFuncs are index functions by the names of their indexes.
type indexFuncs = map[string]func(any) ([]string, error)

// localPods is a typed client of pods that need neither encoding nor network.
type localPods struct {
	pods    []*corev1.Pod
	changes chan watch.Event // that a watch delivers
}

func (l *localPods) List(context.Context, metav1.ListOptions) (*corev1.PodList, error) {
	list := &corev1.PodList{ListMeta: metav1.ListMeta{ResourceVersion: strconv.Itoa(listVersion)}, Items: make([]corev1.Pod, len(l.pods))}
	for i, pod := range l.pods {
		list.Items[i] = *pod
	}
	return list, nil
}

func (l *localPods) Watch(context.Context, metav1.ListOptions) (watch.Interface, error) {
	return watch.NewProxyWatcher(l.changes), nil
}

// IsWatchListSemanticsUnSupported says that there are no streaming lists.
func (l *localPods) IsWatchListSemanticsUnSupported() bool { return true }

// syncTimeout is how long the slowest informer may take to fill its cache.
const syncTimeout = 2 * time.Minute

// start runs an informer until stop is called, which waits for its end. It waits until the cache is full.
func (i podInformer) start(ctx context.Context) (stop func(), err error) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		i.run(ctx)
	}()
	stop = func() {
		cancel()
		<-ended
	}
	select {
	case <-i.synced:
		return stop, nil
	case <-time.After(syncTimeout):
		stop()
		return nil, errors.New("the informer has not synced")
	}
}
