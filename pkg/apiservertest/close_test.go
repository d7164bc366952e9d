package apiservertest_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/rest"
)

// ofServer is in the stack of goroutines that are the server's. Those that net/http has for the frames of a connection end on
// their own when it is closed.
var ofServer = regexp.MustCompile(`apiservertest\.\(|apiservertest/(internal|fault|record)[/.]|net/http\.\(\*conn\)\.serve`)

// noneLeft fails the test if a goroutine of a server is there. It does not wait, Close has: it only lets goroutines return that have
// said already that they do.
func noneLeft(t *testing.T) {
	t.Helper()
	for range 100 {
		runtime.Gosched()
	}
	stacks := make([]byte, 64<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	left := 0
	for _, stack := range strings.Split(string(stacks), "\n\n") {
		if ofServer.MatchString(stack) && !strings.Contains(stack, "apiservertest_test.noneLeft") {
			if left++; left <= 3 {
				t.Errorf("a goroutine is left:\n%s", stack)
			}
		}
	}
	if left > 3 {
		t.Errorf("%d are left", left)
	}
}

func start(t *testing.T, opts ...apiservertest.Option) *apiservertest.Server {
	t.Helper()
	server, err := apiservertest.NewServer(opts...)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func TestCloseMayBeCalledTwiceAndAtOnce(t *testing.T) {
	server := start(t)
	var closing sync.WaitGroup
	for range 3 {
		closing.Go(server.Close)
	}
	closing.Wait()
	server.Close()
	noneLeft(t)
}

// TestCloseLeavesNoWatch: over HTTP/1.1 and HTTP/2, with many open watches that are busy.
func TestCloseLeavesNoWatch(t *testing.T) {
	for _, protocol := range []string{"http/1.1", "h2"} {
		t.Run(protocol, func(t *testing.T) {
			server := start(t)
			config := server.Config()
			config.NextProtos = []string{protocol}
			client := newClient(t, config)
			var watching sync.WaitGroup
			for range 50 {
				events, err := client.CoreV1().ConfigMaps("").Watch(t.Context(), metav1.ListOptions{})
				if err != nil {
					t.Fatal(err)
				}
				watching.Go(func() {
					for range events.ResultChan() { // until the stream breaks
					}
				})
			}
			if err := server.Seed(t.Context(), configMap("a"), configMap("b")); err != nil {
				t.Fatal(err)
			}
			server.Close()
			noneLeft(t)
			watching.Wait()
		})
	}
}

// TestCloseDuringRequests: requests that run meanwhile are answered or broken off, and none is left.
func TestCloseDuringRequests(t *testing.T) {
	for range 5 {
		server := start(t)
		client := newClient(t, server.Config())
		var working sync.WaitGroup
		begun := make(chan struct{}, 1000)
		for worker := range 8 {
			working.Go(func() {
				for i := 0; ; i++ {
					_, err := client.CoreV1().ConfigMaps("default").Create(t.Context(), configMap(fmt.Sprintf("a%d-%d", worker, i)), metav1.CreateOptions{})
					if err != nil {
						return
					}
					if _, err := client.CoreV1().ConfigMaps("").List(t.Context(), metav1.ListOptions{}); err != nil {
						return
					}
					select {
					case begun <- struct{}{}:
					default:
					}
				}
			})
		}
		<-begun
		server.Close()
		noneLeft(t)
		working.Wait()
	}
}

func TestSeedEndsWithTheServer(t *testing.T) {
	for range 5 {
		server := start(t)
		begun, done := make(chan struct{}), make(chan error)
		go func() {
			for i := 0; ; i++ {
				if i == 5 {
					close(begun)
				}
				if err := server.Seed(context.Background(), configMap(fmt.Sprint("a", i))); err != nil {
					done <- err
					return
				}
			}
		}()
		<-begun
		server.Close()
		if err := <-done; !strings.Contains(err.Error(), "closed") {
			t.Errorf("the error does not say why: %v", err)
		}
		noneLeft(t)
	}
}

func TestSeedOfADefinitionEndsWithTheServer(t *testing.T) {
	for range 5 {
		server := start(t)
		done := make(chan error)
		go func() { done <- server.SeedYAML(context.Background(), []byte(furniture)) }()
		runtime.Gosched()
		server.Close()
		<-done // done before, or broken off
		noneLeft(t)
	}
}

// TestCloseBreaksOffClientsThatNeverRead: their watches are stuck in a write.
func TestCloseBreaksOffClientsThatNeverRead(t *testing.T) {
	for _, protocol := range []string{"http/1.1", "h2"} {
		t.Run(protocol, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := start(t, apiservertest.WithInMemoryNetwork())
				config := server.Config()
				config.NextProtos = []string{protocol}
				httpClient, err := rest.HTTPClientFor(config)
				if err != nil {
					t.Fatal(err)
				}
				defer httpClient.CloseIdleConnections()
				for range 5 {
					resp := get(t, httpClient, server, "/api/v1/configmaps?watch=1")
					defer resp.Body.Close()
				}
				large := configMap("large")
				large.Data = map[string]string{"x": strings.Repeat("x", 1<<20)}
				for i := range 5 {
					large.Name = fmt.Sprint("large-", i)
					if err := server.Seed(t.Context(), large); err != nil {
						t.Fatal(err)
					}
				}
				synctest.Wait() // all are stuck
				server.Close()
				synctest.Wait()
				noneLeft(t)
			})
		})
	}
}

// TestClientsThatNeverReadHoldUpNobody: others get their events.
func TestClientsThatNeverReadHoldUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := start(t, apiservertest.WithInMemoryNetwork())
		defer server.Close()
		lazy := httpClientFor(t, server)
		for range 5 {
			defer get(t, lazy, server, "/api/v1/configmaps?watch=1").Body.Close()
		}
		events, err := newClient(t, server.Config()).CoreV1().ConfigMaps("").Watch(t.Context(), metav1.ListOptions{ResourceVersion: "1"})
		if err != nil {
			t.Fatal(err)
		}
		defer events.Stop()
		large := configMap("large")
		large.Data = map[string]string{"x": strings.Repeat("x", 1<<20)}
		for i := range 5 {
			large.Name = fmt.Sprint("large-", i)
			if err := server.Seed(t.Context(), large); err != nil {
				t.Fatal(err)
			}
			if event := <-events.ResultChan(); event.Object.(*corev1.ConfigMap).Name != large.Name {
				t.Errorf("%v", event.Type)
			}
		}
	})
}

// TestThousandConnections: each with a watch of its own, and one event for all.
func TestThousandConnections(t *testing.T) {
	const n = 1000
	server := start(t)
	defer server.Close()
	roots := x509.NewCertPool()
	config := server.Config()
	roots.AppendCertsFromPEM(config.CAData)
	address := strings.TrimPrefix(server.URL(), "https://")
	handshakes := make(chan struct{}, 16) // at once
	watching, heard := make(chan error, n), make(chan error, n)
	var clients sync.WaitGroup
	for range n {
		clients.Go(func() {
			handshakes <- struct{}{}
			conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12})
			if err == nil {
				_, err = fmt.Fprintf(conn, "GET /api/v1/configmaps?watch=1&resourceVersion=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", config.BearerToken)
			}
			<-handshakes
			if watching <- err; err != nil {
				return
			}
			defer conn.Close()
			heard <- readUntil(conn, `"name":"a"`)
			_, _ = io.Copy(io.Discard, conn) // until Close
		})
	}
	await(t, watching)
	if err := server.Seed(t.Context(), configMap("a")); err != nil {
		t.Fatal(err)
	}
	await(t, heard)
	server.Close()
	noneLeft(t)
	clients.Wait()
}

// await wants nil from all clients.
func await(t *testing.T, results chan error) {
	t.Helper()
	for range cap(results) {
		if err := <-results; err != nil {
			t.Fatal(err)
		}
	}
}

func readUntil(r io.Reader, text string) error {
	var got []byte
	for buffer := make([]byte, 4096); ; {
		n, err := r.Read(buffer)
		if got = append(got, buffer[:n]...); strings.Contains(string(got), text) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w after %q", err, got)
		}
	}
}

func configMap(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"}, Data: map[string]string{"k": "v"}}
}

func httpClientFor(t *testing.T, server *apiservertest.Server) *http.Client {
	t.Helper()
	client, err := rest.HTTPClientFor(server.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

func get(t *testing.T, client *http.Client, server *apiservertest.Server, path string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL()+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status)
	}
	return resp
}
