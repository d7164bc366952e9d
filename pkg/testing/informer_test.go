package testing_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/cache"
	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

// refuses is what a generated fake clientset says of streaming lists; one that was generated long ago does not.
type refuses bool

func (r refuses) IsWatchListSemanticsUnSupported() bool { return bool(r) }

// informer returns one of the config maps, as generated code makes it, that runs until the end of the test.
func (c *clientset) informer(t *testing.T, unsupported bool) cache.SharedIndexInformer {
	client := c.configMaps("")
	lw := cache.ToListWatcherWithWatchListSemantics(&cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, opts metav1.ListOptions) (runtime.Object, error) {
			return client.List(ctx, opts)
		},
		WatchFuncWithContext: func(ctx context.Context, opts metav1.ListOptions) (watch.Interface, error) {
			return client.Watch(ctx, opts)
		},
	}, refuses(unsupported))
	informer := cache.NewSharedIndexInformer(lw, &corev1.ConfigMap{}, 0, cache.Indexers{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); informer.RunWithContext(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	return informer
}

// same compares what an informer has with what is stored.
func (c *clientset) same(t *testing.T, informer cache.SharedIndexInformer) {
	t.Helper()
	var have []*corev1.ConfigMap
	for _, object := range informer.GetStore().List() {
		have = append(have, object.(*corev1.ConfigMap))
	}
	slices.SortFunc(have, func(a, b *corev1.ConfigMap) int { return strings.Compare(a.Name, b.Name) })
	var want []*corev1.ConfigMap
	list, err := c.tracker.List(configMaps, configMapKind, "")
	if err != nil {
		t.Fatal(err)
	}
	for i := range list.(*corev1.ConfigMapList).Items {
		want = append(want, &list.(*corev1.ConfigMapList).Items[i])
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Fatalf("the informer (-stored +cached):\n%s", diff)
	}
}

func (c *clientset) lists() (n int) {
	for _, action := range c.Actions() {
		if action.GetVerb() == "list" {
			n++
		}
	}
	return n
}

// Hours of changes, over the ends of many watches: the informer is in step at any time, and needs one list.
func TestInformersStayInStep(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		synctest.Test(t, func(t *testing.T) {
			c := start(t, configMap("0", "seed"), versioned(configMap("1", "seed"), "3"))
			informer := c.informer(t, true)
			var added, updated, deleted atomic.Int64
			if _, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
				AddFunc:    func(any) { added.Add(1) },
				UpdateFunc: func(any, any) { updated.Add(1) },
				DeleteFunc: func(object any) {
					if _, final := object.(*corev1.ConfigMap); !final {
						t.Errorf("a deletion was missed: %T", object)
					}
					deleted.Add(1)
				},
			}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			c.same(t, informer)
			random := rand.New(rand.NewPCG(1, 2))
			creations, updates, deletions := int64(2), int64(0), int64(0)
			for i := range 2000 {
				name := strconv.Itoa(random.IntN(10))
				_, err := c.tracker.Get(configMaps, "ns", name)
				switch {
				case apierrors.IsNotFound(err):
					c.create(t, configMap(name, strconv.Itoa(i)))
					creations++
				case random.IntN(3) == 0:
					c.delete(t, name)
					deletions++
				default:
					c.update(t, configMap(name, strconv.Itoa(i)))
					updates++
				}
				if i%20 == 0 {
					time.Sleep(time.Duration(random.IntN(200)) * time.Second)
					synctest.Wait()
					c.same(t, informer)
				}
			}
			synctest.Wait()
			c.same(t, informer)
			if added.Load() != creations || updated.Load() != updates || deleted.Load() != deletions {
				t.Errorf("told of %d creations, %d updates and %d deletions, want %d, %d and %d",
					added.Load(), updated.Load(), deleted.Load(), creations, updates, deletions)
			}
			watches := len(c.Actions()) - int(creations+updates+deletions) + 2 - c.lists()
			if c.lists() != 1 || watches < 10 {
				t.Errorf("%d lists, %d watches", c.lists(), watches)
			}
		})
	})
}

// F3 (k8s#129408): fakes that were generated before streaming lists do not say that they have none.
func TestInformersOfOldFakesFallBackAtOnce(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		synctest.Test(t, func(t *testing.T) {
			c := start(t, configMap("a", "1"))
			informer := c.informer(t, false)
			began := time.Now()
			synctest.Wait()
			if !informer.HasSynced() || !time.Now().Equal(began) {
				t.Error("the informer has not synced at once")
			}
			c.create(t, configMap("b", "1"))
			synctest.Wait()
			c.same(t, informer)
		})
	})
}

// F2 (k8s#141528): what is deleted between the list and the watch of an informer.
func TestInformersSeeWhatIsDeletedBeforeTheirWatch(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		synctest.Test(t, func(t *testing.T) {
			c := start(t, configMap("a", "1"), configMap("b", "1"))
			var once atomic.Bool
			c.PrependWatchReactor("*", func(clienttesting.Action) (bool, watch.Interface, error) {
				if !once.Swap(true) {
					c.delete(t, "a")
					c.create(t, configMap("c", "1"))
				}
				return false, nil, nil
			})
			informer := c.informer(t, true)
			synctest.Wait()
			c.same(t, informer)
		})
	})
}

// A watch that fails while it is under way, as the one of a reactor of a test.
func TestInformersRecoverFromWatchesOfReactors(t *testing.T) {
	both(t, func(t *testing.T, start func(testing.TB, ...runtime.Object) *clientset) {
		synctest.Test(t, func(t *testing.T) {
			c := start(t, configMap("a", "1"))
			broken := watch.NewFake()
			var once atomic.Bool
			c.PrependWatchReactor("*", func(clienttesting.Action) (bool, watch.Interface, error) {
				return !once.Swap(true), broken, nil
			})
			informer := c.informer(t, true)
			synctest.Wait()
			c.update(t, configMap("a", "2"))
			c.delete(t, "a")
			c.create(t, configMap("b", "1"))
			broken.Stop()
			time.Sleep(time.Minute)
			synctest.Wait()
			c.same(t, informer)
		})
	})
}
