package apiservertest_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/generated/kubernetes"
	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/rest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newClient(t testing.TB, config *rest.Config) kubernetes.Interface {
	t.Helper()
	httpClient, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(httpClient.CloseIdleConnections)
	client, err := kubernetes.NewForConfigAndClient(config, httpClient)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// TestTypedClientWorks goes once through what a program does with objects.
func TestTypedClientWorks(t *testing.T) {
	server := apiservertest.NewServerForTest(t)
	for name, contentType := range map[string]string{"json": "application/json", "protobuf": "application/vnd.kubernetes.protobuf"} {
		t.Run(name, func(t *testing.T) {
			config := server.Config()
			config.ContentType = contentType
			useConfigMaps(t, newClient(t, config), name)
		})
	}
}

func useConfigMaps(t *testing.T, client kubernetes.Interface, name string) {
	ctx := t.Context()
	configMaps := client.CoreV1().ConfigMaps("default")
	events, err := configMaps.Watch(ctx, metav1.ListOptions{FieldSelector: "metadata.name=" + name})
	if err != nil {
		t.Fatal(err)
	}
	defer events.Stop()
	created, err := configMaps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}, Data: map[string]string{"a": "1"}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	stale := created.DeepCopy()
	created.Data["a"] = "2"
	updated, err := configMaps.Update(ctx, created, metav1.UpdateOptions{})
	if err != nil || updated.Data["a"] != "2" || updated.ResourceVersion == stale.ResourceVersion {
		t.Fatalf("update: %v, %v", updated, err)
	}
	if _, err := configMaps.Update(ctx, stale, metav1.UpdateOptions{}); !apierrors.IsConflict(err) {
		t.Errorf("an update of what was changed in the meantime: %v", err)
	}
	if got, err := configMaps.Get(ctx, name, metav1.GetOptions{}); err != nil || got.Data["a"] != "2" {
		t.Errorf("get: %v, %v", got, err)
	}
	list, err := configMaps.List(ctx, metav1.ListOptions{FieldSelector: "metadata.name=" + name})
	if err != nil || len(list.Items) != 1 {
		t.Errorf("list: %v, %v", list, err)
	}
	if err := configMaps.Delete(ctx, name, metav1.DeleteOptions{}); err != nil {
		t.Error(err)
	}
	for _, want := range []watch.EventType{watch.Added, watch.Modified, watch.Deleted} {
		if event := <-events.ResultChan(); event.Type != want {
			t.Errorf("event %s %v, want %s", event.Type, event.Object, want)
		}
	}
}

// TestServerInABubble: all of it with fake time, HTTP/2 and no sockets.
func TestServerInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, err := apiservertest.NewServer(apiservertest.WithInMemoryNetwork())
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		client := newClient(t, server.Config())
		seconds := int64(60)
		begin := time.Now()
		events, err := client.CoreV1().ConfigMaps("").Watch(t.Context(), metav1.ListOptions{TimeoutSeconds: &seconds, ResourceVersion: "1"})
		if err != nil {
			t.Fatal(err)
		}
		for event := range events.ResultChan() {
			t.Errorf("event: %v", event)
		}
		if took := time.Since(begin); took != time.Minute {
			t.Errorf("a watch of a minute took %v", took)
		}
	})
}

func TestUsersAreKnownByTokenAndCertificate(t *testing.T) {
	server := apiservertest.NewServerForTest(t, apiservertest.WithAuthorizer(apiservertest.Rules{
		{Users: []string{"group:readers"}, Verbs: []string{"get", "list"}, Groups: []string{""}, Resources: []string{"configmaps"}},
	}))
	withCertificate, err := server.ConfigWithCertificate("jane", "readers")
	if err != nil {
		t.Fatal(err)
	}
	revoked := server.ConfigFor("joe", "readers")
	server.RevokeToken(revoked.BearerToken)
	anonymous := server.Config()
	anonymous.BearerToken = ""
	for name, test := range map[string]struct {
		config *rest.Config
		reads  func(error) bool
		writes func(error) bool
	}{
		"admin":       {server.Config(), isNil, isNil},
		"token":       {server.ConfigFor("joe", "readers"), isNil, apierrors.IsForbidden},
		"certificate": {withCertificate, isNil, apierrors.IsForbidden},
		"nobody":      {anonymous, apierrors.IsForbidden, apierrors.IsForbidden},
		"revoked":     {revoked, apierrors.IsUnauthorized, apierrors.IsUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			configMaps := newClient(t, test.config).CoreV1().ConfigMaps("default")
			if _, err := configMaps.List(t.Context(), metav1.ListOptions{}); !test.reads(err) {
				t.Errorf("list: %v", err)
			}
			if _, err := configMaps.Create(t.Context(), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{GenerateName: "x-"}}, metav1.CreateOptions{}); !test.writes(err) {
				t.Errorf("create: %v", err)
			}
		})
	}
}

func isNil(err error) bool { return err == nil }

func TestCloseEndsWatches(t *testing.T) {
	server, err := apiservertest.NewServer()
	if err != nil {
		t.Fatal(err)
	}
	client := newClient(t, server.Config())
	events, err := client.CoreV1().Pods("").Watch(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	for range events.ResultChan() { // whatever it says of the broken stream
	}
}

func TestOptionsThatMakeNoSenseAreErrors(t *testing.T) {
	_, err := apiservertest.NewServer(apiservertest.WithScheme(nil), apiservertest.WithHistory(0), apiservertest.WithClock(nil))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"WithScheme", "WithHistory", "WithClock"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not name %s: %v", want, err)
		}
	}
}

func TestDiscoveryNeedsNoUser(t *testing.T) {
	server := apiservertest.NewServerForTest(t)
	config := server.Config()
	config.BearerToken = ""
	httpClient, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	defer httpClient.CloseIdleConnections()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server.URL()+"/readyz", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := httpClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || string(body) != "ok" {
		t.Errorf("%s: %q, %v", resp.Status, body, err)
	}
}

// BenchmarkStart is from nothing to the first answer.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		server, err := apiservertest.NewServer()
		if err != nil {
			b.Fatal(err)
		}
		client := newClient(b, server.Config())
		if _, err := client.CoreV1().Namespaces().Get(b.Context(), "default", metav1.GetOptions{}); err != nil {
			b.Fatal(err)
		}
		server.Close()
	}
}
