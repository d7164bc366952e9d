package record

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/frame"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var podResource = schema.GroupResource{Resource: "pods"}

const pods = "/api/v1/namespaces/shop/pods"

// do calls a handler under a recorder.
func do(r *Recorder, method, target, body string, h http.HandlerFunc) {
	req := httptest.NewRequest(method, target, strings.NewReader(body))
	req.Header.Set("User-Agent", "test")
	defer func() { _ = recover() }() // as net/http does
	r.Wrap(h).ServeHTTP(httptest.NewRecorder(), req)
}

func entries(r *Recorder) []Entry { return slices.Collect(r.Entries(request.Match{})) }

func TestEntryTellsOfARequestAndItsAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Options{User: func(*http.Request) string { return "ann" }})
		start := time.Now()
		do(r, "PUT", pods+"/a?dryRun=All", "12345", func(w http.ResponseWriter, req *http.Request) {
			io.ReadAll(req.Body)
			time.Sleep(time.Minute)
			Note(req.Context(), "slow")
			Note(req.Context(), "odd")
			w.WriteHeader(http.StatusConflict)
			io.WriteString(w, "no")
			http.NewResponseController(w).Flush()
		})
		e := entries(r)[0]
		if e.ID != 1 || e.Verb != "update" || e.GroupResource() != podResource || e.Name != "a" || e.Query.Get("dryRun") != "All" || e.User != "ann" || e.UserAgent != "test" {
			t.Errorf("the request is %+v", e)
		}
		if e.Status != 409 || e.Received != 5 || e.Sent != 2 || e.Start != start || e.Duration != time.Minute || e.Ending != Complete || !slices.Equal(e.Faults, []string{"slow", "odd"}) {
			t.Errorf("the answer is %+v", e)
		}
		if e.Frames != nil || e.FrameCount != 0 {
			t.Errorf("frames of what is no watch: %+v", e.Frames)
		}
	})
}

func TestEndings(t *testing.T) {
	r := New(Options{})
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		want    Ending
		status  int
		handler http.HandlerFunc
	}{
		{Complete, 200, func(http.ResponseWriter, *http.Request) {}},
		{Complete, 200, func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush() }},
		{Aborted, http.StatusCreated, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusCreated)
			panic(http.ErrAbortHandler)
		}},
		{Aborted, 0, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		{Panicked, 0, func(http.ResponseWriter, *http.Request) { panic("no") }},
		{Running, 0, func(http.ResponseWriter, *http.Request) {
			if e := entries(r)[0]; e.Ending != Running || e.Duration != 0 {
				t.Errorf("while it runs: %+v", e)
			}
			panic("no")
		}},
	} {
		r.Reset()
		do(r, "GET", pods, "", c.handler)
		if e := entries(r)[0]; c.want != Running && (e.Ending != c.want || e.Status != c.status) {
			t.Errorf("%q with status %d, want %q with %d", e.Ending, e.Status, c.want, c.status)
		}
	}
	r.Reset()
	r.Wrap(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, pods, nil).WithContext(canceled))
	if e := entries(r)[0]; e.Ending != Canceled || e.Status != 404 || e.ID != 7 {
		t.Errorf("%+v", e)
	}
}

func TestPanicsGoOn(t *testing.T) {
	defer func() {
		if p := recover(); p != "no" {
			t.Errorf("%v", p)
		}
	}()
	New(Options{}).Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("no") })).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, pods, nil))
}

func TestNoteWithoutARecorderDoesNothing(t *testing.T) { Note(t.Context(), "x") }

func TestLimitKeepsTheNewest(t *testing.T) {
	r := New(Options{Limit: 3})
	for n := range 10 {
		do(r, "GET", fmt.Sprintf("%s/%d", pods, n), "", func(http.ResponseWriter, *http.Request) {})
	}
	var got []string
	for e := range r.Entries(request.Match{}) {
		got = append(got, e.Name)
	}
	if !slices.Equal(got, []string{"7", "8", "9"}) || r.Dropped() != 7 {
		t.Errorf("%v, dropped %d", got, r.Dropped())
	}
}

func TestOnlyWhatIsSelectedIsRecorded(t *testing.T) {
	r := New(Options{Limit: 1, User: func(*http.Request) string { return "ann" }, Of: request.Match{User: "ann", Verbs: []string{"list"}}})
	answered := 0
	for _, target := range []string{pods, pods + "/a"} {
		do(r, "GET", target, "", func(_ http.ResponseWriter, req *http.Request) {
			Note(req.Context(), "fault")
			answered++
		})
	}
	got := entries(r)
	if len(got) != 1 || got[0].Verb != "list" || !slices.Equal(got[0].Faults, []string{"fault"}) || r.Dropped() != 0 || answered != 2 {
		t.Errorf("%d answered, recorded %+v, dropped %d", answered, got, r.Dropped())
	}
}

// watch sends an event for each version of an object, and one more that is no event.
func watch(media frame.Media, versions ...int64) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", map[frame.Media]string{
			frame.JSON: "application/json", frame.Protobuf: "application/vnd.kubernetes.protobuf;stream=watch", frame.CBOR: "application/cbor-seq"}[media])
		for _, v := range versions {
			object := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "a", ResourceVersion: fmt.Sprint(v)}}
			raw, _ := frame.Bytes(media, object)
			b, _ := frame.Encode(media, metav1.WatchEvent{Type: "MODIFIED", Object: runtime.RawExtension{Raw: raw}})
			w.Write(b[:7])
			w.Write(b[7:])
		}
	}
}

func TestFramesOfWatchesAreKept(t *testing.T) {
	for _, media := range []frame.Media{frame.JSON, frame.Protobuf, frame.CBOR} {
		for _, c := range []struct {
			frames, count int
			want          string
		}{{0, 3, "[1 2 3]"}, {2, 3, "[2 3]"}, {-1, 3, "[]"}} {
			r := New(Options{Frames: c.frames})
			do(r, "GET", pods+"?watch=1", "", watch(media, 1, 2, 3))
			e := entries(r)[0]
			var versions []string
			size := 0
			for _, f := range e.Frames {
				if f.Type != "MODIFIED" || f.Namespace != "shop" || f.Name != "a" {
					t.Errorf("%+v", f)
				}
				versions = append(versions, f.ResourceVersion)
				size += f.Size
			}
			if e.FrameCount != c.count || fmt.Sprint(versions) != c.want || c.frames == 0 && media != frame.JSON && int64(size) != e.Sent {
				t.Errorf("%s, %d kept: %d frames: %v of %d bytes in %d", media, c.frames, e.FrameCount, versions, size, e.Sent)
			}
		}
	}
}

func TestFramesAreBounded(t *testing.T) {
	r := New(Options{Frames: 2})
	versions := make([]int64, 1000)
	do(r, "GET", pods+"?watch=1", "", watch(frame.JSON, versions...))
	if got := r.entries[0]; cap(got.Frames) > 8 || len(got.Frames) > 4 || got.FrameCount != 1000 {
		t.Errorf("%d of %d frames in memory for %d", got.FrameCount, len(got.Frames), cap(got.Frames))
	}
}

func TestGarbageInAWatchIsAFrameOfNoType(t *testing.T) {
	r := New(Options{})
	do(r, "GET", pods+"?watch=1", "", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"type":17}`+"\n")
	})
	if e := entries(r)[0]; e.FrameCount != 1 || e.Frames[0].Type != "" || e.Frames[0].Size != 12 {
		t.Errorf("%+v", e)
	}
}

func TestQueriesCount(t *testing.T) {
	r := New(Options{})
	for _, target := range []string{pods, pods + "?limit=1", pods + "?watch=1", "/apis/apps/v1/deployments", "/version"} {
		do(r, "GET", target, "", func(http.ResponseWriter, *http.Request) {})
	}
	if lists, watches, all := r.Count(Lists(podResource)), r.Count(Watches(podResource)), r.Count(request.Match{}); lists != 2 || watches != 1 || all != 5 {
		t.Errorf("%d lists, %d watches, %d requests", lists, watches, all)
	}
	for range r.Entries(request.Match{}) {
		break // an iteration may end
	}
}

func TestPeaksCountWhatRunsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Options{})
		release := make(chan struct{})
		call := func(agent string, block bool) {
			req := httptest.NewRequest(http.MethodGet, pods, nil)
			req.Header.Set("User-Agent", agent)
			r.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				if block {
					<-release
				}
			})).ServeHTTP(httptest.NewRecorder(), req)
		}
		for range 3 { // one after the other, in one instant
			call("one", false)
		}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { call("two", true) })
		}
		synctest.Wait()
		want := map[string]int{"one": 1, "two": 2}
		if diff := cmp.Diff(want, r.Peaks(Lists(podResource), UserAgent)); diff != "" {
			t.Error("while they run", diff)
		}
		close(release)
		wg.Wait()
		call("two", false)
		if diff := cmp.Diff(want, r.Peaks(Lists(podResource), UserAgent)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRateLeavesOutSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Options{})
		start := time.Now()
		for _, pause := range []time.Duration{0, 400 * time.Millisecond, 599 * time.Millisecond, time.Millisecond, 100 * time.Hour} {
			time.Sleep(pause)
			do(r, "GET", pods, "", func(http.ResponseWriter, *http.Request) {})
		}
		want := []Bucket{{start, 3}, {start.Add(time.Second), 1}, {start.Add(100*time.Hour + time.Second), 1}}
		if diff := cmp.Diff(want, r.Rate(Lists(podResource), time.Second)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWaitReturnsAtTheNthRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Options{})
		done := make(chan error, 1)
		go func() { done <- r.Wait(t.Context(), Lists(podResource), 2) }()
		do(r, "GET", pods, "", func(http.ResponseWriter, *http.Request) {})
		do(r, "GET", "/version", "", func(http.ResponseWriter, *http.Request) {})
		synctest.Wait()
		if len(done) != 0 {
			t.Fatal("returned after one")
		}
		do(r, "GET", pods, "", func(http.ResponseWriter, *http.Request) {})
		if err := <-done; err != nil {
			t.Error(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("enough"))
		if err := r.Wait(ctx, Lists(podResource), 3); err == nil || err.Error() != "2 of 3 requests have come: enough" {
			t.Error(err)
		}
	})
}

// changes are the history of the object a.
type changes []Change

func (c changes) History(resource schema.GroupResource, namespace, name string) []Change {
	if resource != podResource || namespace != "shop" || name != "a" {
		return nil
	}
	return c
}

func TestTraceJoinsFramesWithHistory(t *testing.T) {
	history := changes{{Revision: 5}, {Revision: 6}, {Revision: 9}}
	r := New(Options{})
	do(r, "GET", pods+"?watch=1", "", watch(frame.JSON, 5, 9, 4711))
	do(r, "GET", pods+"?watch=1", "", watch(frame.Protobuf, 9))
	do(r, "GET", "/api/v1/namespaces/shop/configmaps?watch=1", "", watch(frame.JSON, 5))
	got := r.Trace(history, podResource, "shop", "a")
	var seen [][]int64
	for _, step := range got.Steps {
		var by []int64
		for _, sighting := range step.Seen {
			by = append(by, sighting.Request)
		}
		seen = append(seen, by)
	}
	if diff := cmp.Diff([][]int64{{1}, nil, {1, 2}}, seen); diff != "" {
		t.Error(diff)
	}
	if len(got.Strange) != 1 || got.Strange[0].ResourceVersion != "4711" || got.Strange[0].UserAgent != "test" {
		t.Errorf("%+v", got.Strange)
	}
}

// TestManyRequestsAtOnce is for the race detector, and for what a real server adds.
func TestManyRequestsAtOnce(t *testing.T) {
	r := New(Options{Limit: 50, Frames: 2})
	server := httptest.NewUnstartedServer(r.Wrap(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if strings.HasSuffix(req.URL.RawQuery, "abort") {
			panic(http.ErrAbortHandler)
		}
		watch(frame.JSON, 1, 2, 3)(w, req)
	})))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, query := range []string{"?watch=1", "?watch=1&abort"} {
				for range 10 {
					if res, err := server.Client().Get(server.URL + pods + query); err == nil {
						io.Copy(io.Discard, res.Body)
						res.Body.Close()
					}
					r.Peaks(request.Match{}, UserAgent)
				}
			}
		})
	}
	wg.Wait()
	if n := r.Count(request.Match{}); n != 50 || r.Dropped() != 110 {
		t.Errorf("%d kept, %d dropped", n, r.Dropped())
	}
	for e := range r.Entries(request.Match{}) {
		if e.Proto != "HTTP/2.0" {
			t.Errorf("%+v", e)
		}
	}
}
