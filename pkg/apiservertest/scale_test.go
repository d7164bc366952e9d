package apiservertest_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/apiservertest"
)

// populate creates n objects of about 2 kB.
func populate(t testing.TB, server *apiservertest.Server, n int) {
	t.Helper()
	for i := range n {
		c := configMap(fmt.Sprintf("c-%05d", i))
		c.Labels = map[string]string{"shard": fmt.Sprint(i % 10)}
		c.Data = map[string]string{"v": "0", "x": strings.Repeat("x", 1500)}
		if err := server.Seed(context.Background(), c); err != nil {
			t.Fatal(err)
		}
	}
}

// TestScale: some thousands of objects and some tens of watches, each of which hears everything once and in order.
func TestScale(t *testing.T) {
	const objects, watches, changes = 5000, 50, 200
	server := apiservertest.NewServerForTest(t)
	populate(t, server, objects)
	config := server.Config()
	config.ContentType = "application/vnd.kubernetes.protobuf"
	client := newClient(t, config).CoreV1().ConfigMaps("default")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	from := fmt.Sprint(server.Revision())
	var listening sync.WaitGroup
	for range watches {
		events, err := client.Watch(ctx, metav1.ListOptions{ResourceVersion: from})
		if err != nil {
			t.Fatal(err)
		}
		listening.Go(func() {
			defer events.Stop()
			for i := range changes {
				event := <-events.ResultChan()
				c, ok := event.Object.(*corev1.ConfigMap)
				if want := fmt.Sprintf("c-%05d", i); !ok || event.Type != watch.Modified || c.Name != want {
					t.Errorf("event %d is %s %v, want that of %s", i, event.Type, event.Object, want)
					return
				}
			}
		})
	}
	for i := range changes {
		c := configMap(fmt.Sprintf("c-%05d", i))
		if _, err := client.Update(ctx, c, metav1.UpdateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	listening.Wait()
	if got := countPages(t, server, 500); got != objects {
		t.Errorf("the pages have %d objects, want %d", got, objects)
	}
	list, err := client.List(ctx, metav1.ListOptions{LabelSelector: "shard=3"})
	if want := objects/10 - changes/10; err != nil || len(list.Items) != want {
		t.Errorf("the selector finds %d objects, %v; want %d", len(list.Items), err, want)
	}
}

func countPages(t testing.TB, server *apiservertest.Server, limit int64) int {
	t.Helper()
	client := newClient(t, server.Config()).CoreV1().ConfigMaps("")
	total := 0
	for o := (metav1.ListOptions{Limit: limit}); ; {
		list, err := client.List(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		total += len(list.Items)
		if o.Continue = list.Continue; o.Continue == "" {
			return total
		}
	}
}

// TestCompactionReleasesMemory: when objects are deleted and their history is compacted, what they took is free.
func TestCompactionReleasesMemory(t *testing.T) {
	server := apiservertest.NewServerForTest(t)
	client := newClient(t, server.Config()).CoreV1().ConfigMaps("default")
	fill := func(n int) int64 {
		populate(t, server, n)
		if got := countPages(t, server, 0); got != n {
			t.Fatalf("%d objects, want %d", got, n)
		}
		return heap()
	}
	empty := func() int64 {
		if err := client.DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := server.Compact(); err != nil {
			t.Fatal(err)
		}
		return heap()
	}
	fill(10) // what is made once only
	before := empty()
	full := fill(5000)
	after := empty()
	t.Logf("heap: %d kB before, %d kB with the objects, %d kB after them", before>>10, full>>10, after>>10)
	if after-before > (full-before)/4 {
		t.Errorf("of %d kB that the objects took %d kB are left", (full-before)>>10, (after-before)>>10)
	}
}

// heap is what is reachable. Two collections: finalizers and pools give back in the second what they have in the first.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

const (
	benchObjects = 50_000
	benchWatches = 200
)

// BenchmarkList lists all of 50,000 objects (100 MB), without network and client.
func BenchmarkList(b *testing.B) {
	server := apiservertest.NewServerForTest(b)
	populate(b, server, benchObjects)
	p := &probe{server, server.Config().BearerToken}
	for _, media := range []string{"application/json", "application/vnd.kubernetes.protobuf"} {
		for _, query := range []string{"", "?limit=500", "?labelSelector=shard%3D3"} {
			b.Run(strings.ReplaceAll(media, "/", "_")+query, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					w := p.request(b, "/api/v1/configmaps"+query, media)
					if b.SetBytes(int64(w.Body.Len())); w.Code != http.StatusOK {
						b.Fatal(w.Body)
					}
				}
			})
		}
	}
}

func (p *probe) request(tb testing.TB, path, accept string) *httptest.ResponseRecorder {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, path, http.NoBody)
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, r)
	return w
}

// BenchmarkFanOut changes one of 50,000 objects that 200 watches see, without network and client: until all have been told. An operation is one change;
// us/watch is its share of one watch.
func BenchmarkFanOut(b *testing.B) {
	server := apiservertest.NewServerForTest(b)
	populate(b, server, benchObjects)
	p := &probe{server, server.Config().BearerToken}
	ctx, cancel := context.WithCancel(b.Context())
	var watching sync.WaitGroup
	told := make(chan struct{}, benchWatches)
	for range benchWatches {
		watching.Go(func() {
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprint("/api/v1/configmaps?watch=1&resourceVersion=", server.Revision()), http.NoBody)
			r.Header.Set("Authorization", "Bearer "+p.token)
			server.Handler().ServeHTTP(&listener{told: told}, r)
		})
	}
	defer watching.Wait()
	defer cancel()
	for range benchWatches {
		<-told // the head
	}
	client := newClient(b, server.Config()).CoreV1().ConfigMaps("default")
	n := 0
	var latency time.Duration
	for b.Loop() {
		c := configMap(fmt.Sprintf("c-%05d", n%benchObjects))
		c.Data["n"] = fmt.Sprint(n)
		n++
		if _, err := client.Update(ctx, c, metav1.UpdateOptions{}); err != nil {
			b.Fatal(err)
		}
		answered := time.Now()
		for range benchWatches {
			<-told
		}
		latency += time.Since(answered)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/benchWatches, "us/watch")
	b.ReportMetric(float64(latency.Microseconds())/float64(b.N), "us-after-answer")
}

// listener is a client that tells when it was sent something.
type listener struct {
	told    chan struct{}
	header  http.Header
	pending atomic.Bool
}

func (l *listener) Header() http.Header {
	if l.header == nil {
		l.header = http.Header{}
	}
	return l.header
}

func (l *listener) WriteHeader(int) { l.pending.Store(true) }

func (l *listener) Write(p []byte) (int, error) {
	l.pending.Store(bytes.IndexByte(p, '\n') >= 0 || l.pending.Load())
	return len(p), nil
}

func (l *listener) Flush() {
	if l.pending.Swap(false) {
		l.told <- struct{}{}
	}
}
