package cache_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/generated/kubernetes"
	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/pkg/rest"
)

// R8, R9, R19, rows 11 and 25, over HTTP: how an informer comes to its first list, with what requests, and after what
// time, from servers that stream lists, refuse to, or only seem to.
func TestFirstListOfAnInformer(t *testing.T) {
	const stream, list, watch = "stream ", "list 0", "watch"
	const json, protobuf = runtime.ContentTypeJSON, runtime.ContentTypeProtobuf
	bookmarks := fault.Events{Types: []string{"BOOKMARK"}}
	b := fault.Events{Name: "b", Times: 1}
	type faults = map[string]fault.Effect // by verb
	fellBack := []string{stream, stream, stream, list, watch}
	for name, c := range map[string]struct {
		faults   faults
		media    string // JSON and protobuf, if empty
		requests []string
		names    string
		errors   int
		after    time.Duration
	}{
		"streamed":     {nil, "", []string{stream}, "a b c", 0, 0},
		"not streamed": {faults{"watch": refuseStreams}, "", []string{stream, list, watch}, "a b c", 0, 0},
		"no end":       {faults{"watch": fault.Drop(bookmarks)}, "", []string{stream, list, watch}, "a b c", 0, time.Minute},
		"bookmark as any other": {faults{"watch": fault.Replace(fault.Events{Types: []string{"BOOKMARK"}, Times: 1}, fault.Bookmark("", false))}, "",
			[]string{stream, list, watch}, "a b c", 0, time.Minute},
		"early bookmark":         {faults{"watch": fault.InsertFirst(fault.Bookmark("2", false))}, "", []string{stream}, "a b c", 0, 0},
		"poison in the stream":   {faults{"watch": fault.Replace(b, fault.Poisoned(fault.Undecodable))}, json, []string{stream}, "a c", 1, 0},
		"poison of another kind": {faults{"watch": fault.Replace(b, fault.Poisoned(fault.WrongKind))}, "", []string{stream}, "a c", 1, 0},
		"poison without a name":  {faults{"watch": fault.Replace(b, fault.Poisoned(fault.NoMetadata))}, "", fellBack, "a b c", 3, 5 * time.Second},
		"nothing readable":       {faults{"watch": fault.Replace(b, fault.Poisoned(fault.Undecodable))}, protobuf, fellBack, "a b c", 3, 5 * time.Second},
		"poison in the list":     {faults{"watch": refuseStreams, "list": fault.PoisonItem(1, fault.Undecodable)}, "", []string{stream, list, watch}, "a c", 1, 0},
		"null in the list":       {faults{"watch": refuseStreams, "list": fault.PoisonItem(1, fault.Null)}, "", []string{stream, list, watch}, "a c", 1, 0},
	} {
		for _, media := range []string{json, protobuf} {
			if c.media != "" && c.media != media {
				continue
			}
			t.Run(name+" "+media, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					server, err := apiservertest.NewServer(apiservertest.WithInMemoryNetwork())
					if err != nil {
						t.Fatal(err)
					}
					defer server.Close()
					for _, name := range []string{"a", "b", "c"} {
						if err := server.Seed(t.Context(), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: name}}); err != nil {
							t.Fatal(err)
						}
					}
					for verb, effect := range c.faults {
						server.Faults().Add(fault.Rule{Match: request.Match{Verbs: []string{verb}}, Effect: effect})
					}
					requests := server.Record().Count(request.Match{})
					informer, errs := runInformer(t, server, media)

					began := time.Now()
					if !cache.WaitFor(t.Context(), "", informer.HasSyncedChecker()) {
						t.Fatal("did not sync")
					}
					if took := time.Since(began); took < c.after || took > c.after+10*time.Second {
						t.Errorf("synced after %v, want %v", took, c.after)
					}
					synctest.Wait()
					var made []string
					for entry := range server.Record().Entries(request.Match{}) {
						if requests--; requests < 0 {
							made = append(made, requestLine(entry.Info))
						}
					}
					if diff := cmp.Diff(c.requests, made); diff != "" {
						t.Errorf("requests (-want +got):\n%s", diff)
					}
					keys := informer.GetStore().ListKeys()
					slices.Sort(keys)
					if got := strings.ReplaceAll(strings.Join(keys, " "), "default/", ""); got != c.names {
						t.Errorf("the store has %q, want %q", got, c.names)
					}
					if len(*errs) != c.errors {
						t.Errorf("reported %v, want %d errors", *errs, c.errors)
					}
				})
			})
		}
	}
}

// refuseStreams answers as a server before 1.27 does.
func refuseStreams(x *fault.Exchange) {
	if x.Info.Query.Get("sendInitialEvents") != "" {
		fault.Status(http.StatusUnprocessableEntity, "")(x)
		return
	}
	x.Serve()
}

// requestLine is a request in short.
func requestLine(info request.Info) string {
	switch {
	case info.Query.Get("sendInitialEvents") == "true":
		return "stream " + info.Query.Get("resourceVersion")
	case info.Verb == "list":
		return "list " + info.Query.Get("resourceVersion")
	}
	return fmt.Sprint(info.Verb)
}

// runInformer runs an informer until the end of the test, and notes what it reports.
func runInformer(t *testing.T, server *apiservertest.Server, media string) (cache.TypedSharedIndexInformer[*corev1.ConfigMap], *[]error) {
	config := server.Config()
	config.ContentType = media
	httpClient, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	client, err := kubernetes.NewForConfigAndClient(config, httpClient)
	if err != nil {
		t.Fatal(err)
	}
	informer := cache.NewClientInformer(client.CoreV1().ConfigMaps("default"), corev1.SchemeGroupVersion.WithResource("configmaps"), &corev1.ConfigMap{}, cache.ClientInformerOptions{})
	errs := &[]error{}
	if err := informer.SetWatchErrorHandler(func(_ *cache.Reflector, err error) { *errs = append(*errs, err) }); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		informer.RunWithContext(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		httpClient.CloseIdleConnections()
	})
	return informer, errs
}
