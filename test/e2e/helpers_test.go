package e2e

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubewright/kubewright/generated/kubernetes"
	"github.com/kubewright/kubewright/generated/samples"
	"github.com/kubewright/kubewright/pkg/clientcmd"
	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/test/apiserver"
)

// configFor returns the admin's configuration for a server of a cluster, without
// a rate limit.
func configFor(t *testing.T, server *apiserver.Server, users ...apiserver.User) *rest.Config {
	t.Helper()
	data, err := server.Kubeconfig(users...)
	if err != nil {
		t.Fatal(err)
	}
	config, err := clientcmd.RESTConfigFromKubeConfig(data)
	if err != nil {
		t.Fatal(err)
	}
	config.QPS = -1
	return config
}

// adminConfig is the admin's configuration for the shared cluster.
func adminConfig(t *testing.T) *rest.Config {
	t.Helper()
	return configFor(t, shared.Server(0), shared.Admin())
}

func kubeClient(t *testing.T, config *rest.Config) *kubernetes.Clientset {
	t.Helper()
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func samplesClient(t *testing.T, config *rest.Config) *samples.Clientset {
	t.Helper()
	client, err := samples.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// newNamespace makes a namespace for the test.
func newNamespace(t *testing.T, config *rest.Config) string {
	t.Helper()
	name := strings.ToLower(strings.NewReplacer("/", "-", "_", "-", " ", "-").Replace(t.Name())) + "-"
	namespace, err := kubeClient(t, config).CoreV1().Namespaces().Create(t.Context(),
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: name}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return namespace.Name
}

// recorder is a transport that remembers the requests that pass.
type recorder struct {
	next http.RoundTripper

	mu       sync.Mutex // guards requests
	requests []*http.Request
}

// record makes the clients of a configuration pass their requests through a recorder.
func record(config *rest.Config) *recorder {
	r := &recorder{}
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		r.next = next
		return r
	})
	return r
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	r.mu.Lock()
	r.requests = append(r.requests, request)
	r.mu.Unlock()
	return r.next.RoundTrip(request)
}

// count returns how many of the requests match.
func (r *recorder) count(match func(*http.Request) bool) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, request := range r.requests {
		if match(request) {
			n++
		}
	}
	return n
}

// isList says whether a request asks for a whole collection, which a watch can begin with, too.
func isList(r *http.Request) bool {
	query := r.URL.Query()
	return r.Method == http.MethodGet && (!query.Has("watch") || query.Get("sendInitialEvents") == "true")
}

func isWatch(r *http.Request) bool { return r.Method == http.MethodGet && r.URL.Query().Has("watch") }

// repository returns the root of the main module.
func repository(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// eventually repeats what fails until the server has caught up.
func eventually(t *testing.T, try func() error) {
	t.Helper()
	var last error
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, patience, true, func(context.Context) (bool, error) {
		last = try()
		return last == nil, nil
	})
	if err != nil {
		t.Fatalf("%v: %v", err, last)
	}
}
