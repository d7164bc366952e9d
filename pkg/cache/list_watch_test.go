package cache

import (
	"context"
	"errors"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
)

// recordingFuncs are the four functions of a ListWatch, which note that they were called.
func recordingFuncs(called *string) *ListWatch {
	return &ListWatch{
		ListFunc: func(options metav1.ListOptions) (runtime.Object, error) {
			*called = "list"
			return &corev1.ConfigMapList{ListMeta: metav1.ListMeta{RemainingItemCount: &options.Limit}}, nil
		},
		WatchFunc: func(metav1.ListOptions) (watch.Interface, error) {
			*called = "watch"
			return watch.NewEmptyWatch(), nil
		},
		ListWithContextFunc: func(_ context.Context, options metav1.ListOptions) (runtime.Object, error) {
			*called = "list with context"
			return &corev1.ConfigMapList{ListMeta: metav1.ListMeta{RemainingItemCount: &options.Limit}}, nil
		},
		WatchFuncWithContext: func(context.Context, metav1.ListOptions) (watch.Interface, error) {
			*called = "watch with context"
			return watch.NewEmptyWatch(), nil
		},
	}
}

func TestListWatchPrefersTheFunctionThatFits(t *testing.T) {
	var called string
	both := recordingFuncs(&called)
	old := &ListWatch{ListFunc: both.ListFunc, WatchFunc: both.WatchFunc}
	modern := &ListWatch{ListWithContextFunc: both.ListWithContextFunc, WatchFuncWithContext: both.WatchFuncWithContext}
	for _, c := range []struct {
		lw                                 *ListWatch
		list, watch, listContext, watchCtx string
	}{
		{both, "list", "watch", "list with context", "watch with context"},
		{old, "list", "watch", "list", "watch"},
		{modern, "list with context", "watch with context", "list with context", "watch with context"},
	} {
		for want, call := range map[string]func() error{
			c.list:        func() error { _, err := c.lw.List(metav1.ListOptions{}); return err },
			c.watch:       func() error { _, err := c.lw.Watch(metav1.ListOptions{}); return err },
			c.listContext: func() error { _, err := c.lw.ListWithContext(t.Context(), metav1.ListOptions{}); return err },
			c.watchCtx:    func() error { _, err := c.lw.WatchWithContext(t.Context(), metav1.ListOptions{}); return err },
		} {
			called = ""
			if err := call(); err != nil || called != want {
				t.Errorf("called %q, %v; want %q", called, err, want)
			}
		}
	}
}

func TestEmptyListWatchSaysWhatIsMissing(t *testing.T) {
	_, listErr := (&ListWatch{}).List(metav1.ListOptions{})
	_, watchErr := (&ListWatch{}).Watch(metav1.ListOptions{})
	if listErr == nil || !strings.Contains(listErr.Error(), "set ListWithContextFunc") {
		t.Errorf("list error = %v", listErr)
	}
	if watchErr == nil || !strings.Contains(watchErr.Error(), "set WatchFuncWithContext") {
		t.Errorf("watch error = %v", watchErr)
	}
}

func TestDisableChunking(t *testing.T) {
	var called string
	lw := recordingFuncs(&called)
	for _, disabled := range []bool{false, true} {
		lw.DisableChunking = disabled
		list, err := lw.ListWithContext(t.Context(), metav1.ListOptions{Limit: 500})
		must(t, err)
		if limit := *list.(*corev1.ConfigMapList).RemainingItemCount; (limit == 0) != disabled {
			t.Errorf("disabled %v: limit = %d", disabled, limit)
		}
	}
}

// oldLister has no methods with a context.
type oldLister struct{ err error }

func (o oldLister) List(metav1.ListOptions) (runtime.Object, error)   { return nil, o.err }
func (o oldLister) Watch(metav1.ListOptions) (watch.Interface, error) { return nil, o.err }

func TestToWithContext(t *testing.T) {
	lw := &ListWatch{}
	if ToListerWatcherWithContext(lw) != ListerWatcherWithContext(lw) || ToListerWithContext(lw) != ListerWithContext(lw) || ToWatcherWithContext(lw) != WatcherWithContext(lw) {
		t.Error("something that knows contexts was wrapped")
	}
	old := oldLister{errors.New("called")}
	_, err1 := ToListerWithContext(old).ListWithContext(t.Context(), metav1.ListOptions{})
	_, err2 := ToWatcherWithContext(old).WatchWithContext(t.Context(), metav1.ListOptions{})
	_, err3 := ToListerWatcherWithContext(old).ListWithContext(t.Context(), metav1.ListOptions{})
	_, err4 := ToListerWatcherWithContext(old).WatchWithContext(t.Context(), metav1.ListOptions{})
	for _, err := range []error{err1, err2, err3, err4} {
		if err != old.err {
			t.Errorf("error = %v, want that of the old method", err)
		}
	}
}

type refuser bool

func (r refuser) IsWatchListSemanticsUnSupported() bool { return bool(r) }

func TestToListWatcherWithWatchListSemantics(t *testing.T) {
	lw := &ListWatch{}
	for client, refuses := range map[any]bool{refuser(true): true, refuser(false): false, "client": false} {
		got := ToListWatcherWithWatchListSemantics(lw, client)
		if refusesWatchList(got) != refuses {
			t.Errorf("client %v: %T refuses %v, want %v", client, got, !refuses, refuses)
		}
		if _, ok := got.(ListerWatcherWithContext); !ok {
			t.Errorf("%T does not know contexts", got)
		}
	}
}

// oldRefuser is a ListerWatcher without contexts of a fake client.
type oldRefuser struct {
	ListerWatcher
	refuser
}

func TestRefusalOfStreamsSurvivesWrapping(t *testing.T) {
	for _, refuses := range []bool{true, false} {
		old := ToListerWatcherWithContext(oldRefuser{refuser: refuser(refuses)})
		items := itemListWatch{ListerWatcherWithContext: ToListWatcherWithWatchListSemantics(&ListWatch{}, refuser(refuses)).(ListerWatcherWithContext)}
		if refusesWatchList(old) != refuses || refusesWatchList(items) != refuses {
			t.Errorf("%T and %T do not say that streams are refused: %v", old, items, refuses)
		}
	}
}
