package rig

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/generated/kubernetes"
	typedcorev1 "github.com/kubewright/kubewright/generated/kubernetes/typed/core/v1"
	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/apiservertest/record"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
)

// Resource is what everything here is about: config maps have no fields that a server would care for.
var Resource = schema.GroupResource{Resource: "configmaps"}

// Namespaces are those in which a World writes.
var Namespaces = []string{"one", "two"}

// Apps are the values of the label "app".
var Apps = []string{"x", "y", "z"}

// held is a finalizer: who has it is first marked as deleted, and goes when it is taken off.
const held = "example.com/held"

// token is that of all informers.
const token = check.Canary + "token"

// TB is what is needed of a testing.TB.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Context() context.Context
}

// World is a server and all that is written to it. Its methods may be called concurrently, but for Restore.
type World struct {
	TB
	*apiservertest.Server
	client kubernetes.Interface
	http   *http.Client // that of client
	// Slack is added to the time in which an informer must tell something: a machine that is busy needs some.
	Slack time.Duration

	mu       sync.Mutex // guards what follows
	keys     map[string]bool
	restores []check.Restore
	values   int
	// state is what the server had at a version; nothing at "".
	state        check.Objects
	stateVersion string
}

// NewWorld starts a server with the namespaces, which remembers everything. It is closed by Server.Close.
func NewWorld(t TB, options ...apiservertest.Option) *World {
	t.Helper()
	return newWorld(t, append(options,
		apiservertest.WithCompleteHistory(),
		apiservertest.WithRecord(record.Options{Limit: 100_000, Frames: -1, Of: byInformers})))
}

// NewForgetfulWorld is NewWorld with a server whose memory is bounded: there is no History.
func NewForgetfulWorld(t TB, options ...apiservertest.Option) *World {
	t.Helper()
	return newWorld(t, append(options,
		apiservertest.WithHistory(500),
		apiservertest.WithRecord(record.Options{Limit: 100, Frames: -1, Of: byInformers})))
}

// byInformers selects what is recorded: those who write to the server make many more requests.
var byInformers = request.Match{UserAgent: UserAgents}

func newWorld(t TB, options []apiservertest.Option) *World {
	t.Helper()
	users := apiservertest.WithUsers(map[string]apiservertest.User{token: {Name: "informer"}})
	server, err := apiservertest.NewServer(append(options, users)...)
	if err != nil {
		t.Fatalf("%v", err)
	}
	w := &World{TB: t, Server: server, keys: map[string]bool{}}
	for _, namespace := range Namespaces {
		if err := server.Seed(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}); err != nil {
			t.Fatalf("%v", err)
		}
	}
	w.client, w.http = direct(t, server)
	return w
}

// direct returns a client whose requests reach the server without a connection.
func direct(t TB, server *apiservertest.Server) (kubernetes.Interface, *http.Client) {
	t.Helper()
	config := server.Config()
	config.UserAgent = "world"
	config.ContentType = runtime.ContentTypeProtobuf
	transport, err := rest.HTTPWrappersForConfig(config, handlerTransport{server.Handler()})
	if err != nil {
		t.Fatalf("%v", err)
	}
	httpClient := &http.Client{Transport: transport}
	client, err := kubernetes.NewForConfigAndClient(config, httpClient)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return client, httpClient
}

// handlerTransport hands requests to a handler.
type handlerTransport struct{ handler http.Handler }

func (h handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

// ConfigMaps is a client for the objects that reaches the server whatever happens to the network. Who writes by it has to
// tell Wrote.
func (w *World) ConfigMaps(namespace string) typedcorev1.ConfigMapInterface {
	return w.client.CoreV1().ConfigMaps(namespace)
}

// Wrote says that there is, or was, an object of this key.
func (w *World) Wrote(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keys[key] = true
}

// value returns one that no object has had.
func (w *World) value() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.values++
	return fmt.Sprint(check.Canary, w.values)
}

// Split takes a key apart.
func Split(key string) (namespace, name string) {
	namespace, name, _ = strings.Cut(key, "/")
	return namespace, name
}

// Key is the key of an object.
func Key(o metav1.Object) string { return o.GetNamespace() + "/" + o.GetName() }

// Create creates an object, with the value of the label app, or fails the test.
func (w *World) Create(key, app string, change ...func(*corev1.ConfigMap)) *corev1.ConfigMap {
	w.Helper()
	namespace, name := Split(key)
	c := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"app": app}},
		Data:       map[string]string{"v": w.value()},
	}
	for _, f := range change {
		f(c)
	}
	w.Wrote(key)
	made, err := w.ConfigMaps(namespace).Create(w.Context(), c, metav1.CreateOptions{})
	if err != nil {
		w.Fatalf("create %s: %v", key, err)
	}
	return made
}

// Update changes an object, its value at least, or fails the test.
func (w *World) Update(key string, change ...func(*corev1.ConfigMap)) *corev1.ConfigMap {
	w.Helper()
	namespace, name := Split(key)
	c, err := w.ConfigMaps(namespace).Get(w.Context(), name, metav1.GetOptions{})
	if err != nil {
		w.Fatalf("update %s: %v", key, err)
	}
	c.Data = map[string]string{"v": w.value()}
	for _, f := range change {
		f(c)
	}
	updated, err := w.ConfigMaps(namespace).Update(w.Context(), c, metav1.UpdateOptions{})
	if err != nil {
		w.Fatalf("update %s: %v", key, err)
	}
	return updated
}

// App is a change of the label app.
func App(app string) func(*corev1.ConfigMap) {
	return func(c *corev1.ConfigMap) { c.Labels = map[string]string{"app": app} }
}

// Delete deletes an object, or fails the test.
func (w *World) Delete(key string) {
	w.Helper()
	namespace, name := Split(key)
	if err := w.ConfigMaps(namespace).Delete(w.Context(), name, metav1.DeleteOptions{}); err != nil {
		w.Fatalf("delete %s: %v", key, err)
	}
}

// Churn makes n writes, to a few objects, at random: creations, changes of value and label, deletions, also such that wait
// for a finalizer. Others may write at the same time.
func (w *World) Churn(random *rand.Rand, n int) {
	w.Helper()
	for range n {
		w.write(random)
	}
}

// Names is how many names there are in each namespace for Churn.
const Names = 6

// write does one random thing that changes something, unless others get in the way.
func (w *World) write(random *rand.Rand) {
	namespace, name := Namespaces[random.IntN(len(Namespaces))], fmt.Sprint("c", random.IntN(Names))
	w.Wrote(namespace + "/" + name)
	client, ctx := w.ConfigMaps(namespace), w.Context()
	app := Apps[random.IntN(len(Apps))]
	c, err := client.Get(ctx, name, metav1.GetOptions{})
	switch n := random.IntN(10); {
	case apierrors.IsNotFound(err):
		c = &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"app": app}}, Data: map[string]string{"v": w.value()}}
		if random.IntN(6) == 0 {
			c.Finalizers = []string{held}
		}
		_, err = client.Create(ctx, c, metav1.CreateOptions{})
	case err != nil:
	case c.DeletionTimestamp != nil && n < 5:
		c.Finalizers = nil
		_, err = client.Update(ctx, c, metav1.UpdateOptions{})
	case n < 3:
		err = client.Delete(ctx, name, metav1.DeleteOptions{})
	case n < 5:
		App(app)(c)
		fallthrough
	default:
		c.Data = map[string]string{"v": w.value(), "tags": strings.Join(Apps[:random.IntN(len(Apps)+1)], " ")}
		_, err = client.Update(ctx, c, metav1.UpdateOptions{})
	}
	if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsAlreadyExists(err) && !apierrors.IsConflict(err) {
		w.Errorf("random write to %s/%s: %v", namespace, name, err)
	}
}

// Restore sets the server back to a revision, as a backup does that is restored. Nobody may write at the same time.
func (w *World) Restore(revision int64) {
	w.Helper()
	counts := map[string]int{}
	for key, changes := range w.changes() {
		counts[key] = len(changes)
	}
	if err := w.Server.Restore(revision); err != nil {
		w.Fatalf("%v", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.restores = append(w.restores, check.Restore{Revision: revision, Changes: counts})
	w.state, w.stateVersion = nil, "" // versions are given again
}

// Compact makes the server forget its history.
func (w *World) Compact() {
	w.Helper()
	if err := w.Server.Compact(); err != nil {
		w.Fatalf("%v", err)
	}
}

// changes are all of all keys.
func (w *World) changes() map[string][]record.Change {
	w.mu.Lock()
	keys := slices.Collect(maps.Keys(w.keys))
	w.mu.Unlock()
	all := map[string][]record.Change{}
	for _, key := range keys {
		namespace, name := Split(key)
		all[key] = w.Server.History(Resource, namespace, name)
	}
	return all
}

// History is what has happened until now.
func (w *World) History() *check.History {
	changes := w.changes()
	w.mu.Lock()
	defer w.mu.Unlock()
	return check.NewHistory(changes, w.restores)
}

// State is what the server has now, not to be modified. It lists only if that is not known from the last time: whoever waits for
// something asks again and again.
func (w *World) State() check.Objects {
	w.Helper()
	now := strconv.FormatInt(w.Revision(), 10)
	w.mu.Lock()
	state, version := w.state, w.stateVersion
	w.mu.Unlock()
	if version == now {
		return state
	}
	list, err := w.ConfigMaps("").List(w.Context(), metav1.ListOptions{})
	if err != nil {
		w.Fatalf("%v", err)
	}
	state = make(check.Objects, len(list.Items))
	for i := range list.Items {
		state[Key(&list.Items[i])] = &list.Items[i]
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state, w.stateVersion = state, list.ResourceVersion
	return state
}

// Keys are those of the objects that the server has now, sorted.
func (w *World) Keys() []string {
	w.Helper()
	return slices.Sorted(maps.Keys(w.State()))
}
