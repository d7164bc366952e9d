package testing_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/rest"
	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

// answers returns a reaction that notes that it was asked, and handles actions or not.
func answers(asked *[]string, name string, handled bool) clienttesting.ReactionFunc {
	return func(clienttesting.Action) (bool, runtime.Object, error) {
		*asked = append(*asked, name)
		return handled, configMap(name, ""), errors.New(name)
	}
}

func TestTheFirstReactorThatHandlesAnActionEndsIt(t *testing.T) {
	var asked []string
	f := &clienttesting.Fake{}
	f.AddReactor("get", "configmaps", answers(&asked, "second", true))
	f.AddReactor("*", "*", answers(&asked, "third", true))
	f.PrependReactor("get", "configmaps", answers(&asked, "first", false))
	f.PrependReactor("list", "configmaps", answers(&asked, "other", true))
	got, err := f.Invokes(clienttesting.NewGetAction(configMaps, "ns", "a"), configMap("default", ""))
	if err == nil || err.Error() != "second" || got.(*corev1.ConfigMap).Name != "second" {
		t.Errorf("answered %v, %v", got, err)
	}
	if want := []string{"first", "second"}; !slices.Equal(asked, want) {
		t.Errorf("asked %v, want %v", asked, want)
	}
}

func TestWhatNoReactorHandles(t *testing.T) {
	f := &clienttesting.Fake{}
	f.AddReactor("*", "*", answers(new([]string), "asks", false))
	f.AddWatchReactor("secrets", clienttesting.DefaultWatchReactor(nil, nil))
	f.PrependWatchReactor("*", func(clienttesting.Action) (bool, watch.Interface, error) { return false, nil, errors.New("ignored") })
	if got, err := f.Invokes(clienttesting.NewGetAction(configMaps, "ns", "a"), configMap("default", "")); err != nil || got.(*corev1.ConfigMap).Name != "default" {
		t.Errorf("answered %v, %v", got, err)
	}
	if w, err := f.InvokesWatch(clienttesting.NewWatchAction(configMaps, "ns", metav1.ListOptions{})); w != nil || err == nil || !strings.HasPrefix(err.Error(), "unhandled watch: testing.WatchActionImpl{") {
		t.Errorf("watch %v, %v", w, err)
	}
	if got := f.InvokesProxy(clienttesting.NewProxyGetAction(configMaps, "ns", "", "a", "", "", nil)); got != nil {
		t.Errorf("proxied %v", got)
	}
	if got := len(f.Actions()); got != 3 {
		t.Errorf("%d actions", got)
	}
	f.ClearActions()
	if got := f.Actions(); got == nil || len(got) != 0 {
		t.Errorf("actions %v after ClearActions", got)
	}
}

// body is the answer of a proxied request.
type body string

func (b body) DoRaw(context.Context) ([]byte, error) { return []byte(b), nil }
func (b body) Stream(context.Context) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(string(b))), nil
}

func TestProxyReactors(t *testing.T) {
	f := &clienttesting.Fake{}
	f.AddProxyReactor("services", func(a clienttesting.Action) (bool, rest.ResponseWrapper, error) {
		return true, body(a.(clienttesting.ProxyGetAction).GetPath()), nil
	})
	f.PrependProxyReactor("*", func(clienttesting.Action) (bool, rest.ResponseWrapper, error) {
		return true, nil, errors.New("is not handled")
	})
	got := f.InvokesProxy(clienttesting.NewProxyGetAction(corev1.SchemeGroupVersion.WithResource("services"), "ns", "http", "a", "80", "/metrics", nil))
	data, err := got.DoRaw(t.Context())
	if string(data) != "/metrics" || err != nil {
		t.Errorf("answered %s, %v", data, err)
	}
}

func TestReactorsAndTheLogHaveCopies(t *testing.T) {
	f := &clienttesting.Fake{}
	f.AddReactor("create", "*", func(a clienttesting.Action) (bool, runtime.Object, error) {
		a.(clienttesting.CreateAction).GetObject().(*corev1.ConfigMap).Data["value"] = "changed by the reactor"
		return false, nil, nil
	})
	cm := configMap("a", "sent")
	if _, err := f.Invokes(clienttesting.NewCreateAction(configMaps, "ns", cm), nil); err != nil {
		t.Fatal(err)
	}
	if cm.Data["value"] != "sent" {
		t.Errorf("the object of the caller is %q", cm.Data["value"])
	}
	cm.Data["value"] = "changed by the caller"
	if got := f.Actions()[0].(clienttesting.CreateAction).GetObject().(*corev1.ConfigMap).Data["value"]; got != "sent" {
		t.Errorf("the log has %q", got)
	}
}

// Reactors run without a lock, so that they may use the client themselves.
func TestReactorsMayCallTheClient(t *testing.T) {
	c := plain(t)
	c.PrependReactor("create", "configmaps", func(clienttesting.Action) (bool, runtime.Object, error) {
		c.list(t, metav1.ListOptions{})
		c.AddReactor("get", "secrets", answers(new([]string), "late", true))
		return false, nil, nil
	})
	c.create(t, configMap("a", ""))
	if got := len(c.Actions()); got != 2 {
		t.Errorf("%d actions", got)
	}
}

func TestFakeMayBeUsedConcurrently(t *testing.T) {
	c := plain(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			c.PrependReactor("*", "*", func(clienttesting.Action) (bool, runtime.Object, error) { return false, nil, nil })
			_, _ = c.configMaps("ns").Get(t.Context(), "a", metav1.GetOptions{})
			c.Actions()
		})
	}
	all.Wait()
	if got := len(c.Actions()); got != 8 {
		t.Errorf("%d actions", got)
	}
}
