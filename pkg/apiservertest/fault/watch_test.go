package fault

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/frame"
)

var contentTypes = map[frame.Media]string{
	frame.JSON:     "application/json",
	frame.Protobuf: "application/vnd.kubernetes.protobuf;stream=watch",
	frame.CBOR:     "application/cbor-seq",
}

// watchHandler is what a watch gets that calls the handler of a server with one rule.
func watchHandler(t *testing.T, effect Effect, media frame.Media) (body string, aborted bool) {
	r := &rig{t: t, Injector: New(Options{Seed: 2})}
	r.Add(Rule{Effect: effect})
	w := httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodGet, pods+"?watch=1", nil)
	req.Header.Set("Accept", contentTypes[media])
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			body, aborted = w.Body.String(), true
		} else if p != nil {
			panic(p)
		}
	}()
	r.Wrap(http.HandlerFunc(r.api)).ServeHTTP(w, req)
	return w.Body.String(), false
}

func TestWatches(t *testing.T) {
	added := func(names string) []string {
		var all []string
		for _, n := range names {
			all = append(all, "ADDED "+string(n)+"@"+string(n-'a'+'1'))
		}
		return all
	}
	all := func(parts ...[]string) []string { return slices.Concat(parts...) }
	c := Events{Name: "c"}
	for name, test := range map[string]struct {
		effect Effect
		want   []string
	}{
		"as it is":               {EachEvent(func(s *Stream, e Event) error { return s.Send(e.Frame) }), added("abcde")},
		"no editor":              {EditWatch(func(*Stream) Editor { return Editor{} }), added("abcde")},
		"drop one":               {Drop(c), added("abde")},
		"drop some":              {Drop(Events{Namespace: "shop", Types: []string{"ADDED"}, Skip: 1, Times: 2}), added("ade")},
		"drop where":             {Drop(Events{Where: func(e Event) bool { return e.Object.ResourceVersion > "3" }}), added("abc")},
		"drop none":              {Drop(Events{Types: []string{"DELETED"}}), added("abcde")},
		"duplicate":              {Duplicate(c, 2), added("abcccde")},
		"replay":                 {Replay(c, 2), added("abcabde")},
		"replay what there is":   {Replay(Events{Name: "b"}, 9), added("abacde")},
		"lag of one":             {Lag(c, 1), added("abdec")},
		"lag of all":             {Lag(Events{}, 2), added("abcde")},
		"bookmark before":        {InsertBefore(c, Bookmark("99", false)), all(added("ab"), []string{"BOOKMARK @99"}, added("cde"))},
		"bookmark after":         {InsertAfter(c, Bookmark("", true)), all(added("abc"), []string{"BOOKMARK @3"}, added("de"))},
		"no object but a Status": {Replace(c, StatusEvent("ADDED", metav1.Status{})), all(added("ab"), []string{"ADDED Status @"}, added("de"))},
		"unknown type":           {Replace(c, Retyped("EXPLODED")), all(added("ab"), []string{"EXPLODED c@3"}, added("de"))},
		"expired":                {StopAfter(c, Clean, Expired()), all(added("abc"), []string{"ERROR Status @"})},
		"expired at once":        {InsertFirst(Expired()), all([]string{"ERROR Status @"}, added("abcde"))},
		"stop before":            {StopBefore(c, Clean), added("ab")},
		"stop after":             {StopAfter(c, Clean), added("abc")},
		"raw":                    {InsertAfter(Events{Name: "e"}, Raw([]byte(" \n"))), added("abcde")},
		"wrong kind":             {Replace(c, Poisoned(WrongKind)), all(added("ab"), []string{"ADDED Poison c@3"}, added("de"))},
		"no metadata":            {Replace(c, Poisoned(NoMetadata)), all(added("ab"), []string{"ADDED @"}, added("de"))},
		"two effects":            {Then(Drop(c), Duplicate(Events{Name: "b"}, 1)), added("abbde")},
		"random order of all":    {Reorder(Events{}, 5), nil},
	} {
		for media := range contentTypes {
			if name == "raw" && media != frame.JSON {
				continue // white space is nothing in JSON alone
			}
			body, aborted := watchHandler(t, test.effect, media)
			got := events(media, body)
			if name == "random order of all" {
				if slices.Equal(got, added("abcde")) {
					t.Errorf("%s is the same order", media)
				}
				test.want = added("abcde")
				slices.Sort(got)
			}
			if !slices.Equal(got, test.want) || aborted {
				t.Errorf("%s, %s: %q, want %q; aborted %v", name, media, got, test.want, aborted)
			}
		}
	}
}

func TestInitialEventsEndInABookmark(t *testing.T) {
	for media := range contentTypes {
		body, _ := watchHandler(t, InsertFirst(Bookmark("7", true)), media)
		s := frame.NewSplitter(media)
		var first *metav1.PartialObjectMetadata
		s.Write([]byte(body), func(b []byte) error {
			e, _ := frame.Decode(media, b)
			first, _ = frame.Object(media, e.Object.Raw)
			return errors.New("enough")
		})
		if first.ResourceVersion != "7" || first.Annotations[metav1.InitialEventsAnnotationKey] != "true" {
			t.Errorf("%s: %+v", media, first)
		}
	}
}

func TestPoisonOfAWatchIsUndecodable(t *testing.T) {
	for media := range contentTypes {
		for _, poison := range []Poison{Undecodable, Null} {
			body, _ := watchHandler(t, Replace(Events{Name: "c"}, Poisoned(poison)), media)
			var third metav1.WatchEvent
			n := 0
			err := frame.NewSplitter(media).Write([]byte(body), func(b []byte) (err error) {
				if n++; n == 3 {
					third, err = frame.Decode(media, b)
				}
				return err
			})
			if err != nil || n != 5 || third.Type != "ADDED" {
				t.Fatalf("%s, %s: %d events, the third %+v, %v", poison, media, n, third, err)
			}
			raw := third.Object.Raw
			if poison == Null {
				if text := string(raw); text != "" && text != "null" && text != "\xf6" {
					t.Errorf("%s: %q is an object", media, raw)
				}
				continue
			}
			switch media {
			case frame.Protobuf:
				if _, err := frame.Object(media, raw); err == nil {
					t.Error("protobuf can be decoded")
				}
			case frame.JSON:
				if !strings.Contains(string(raw), `"labels":"poison"`) || !strings.Contains(string(raw), `"name":"c"`) {
					t.Errorf("%s", raw)
				}
			case frame.CBOR:
				if o, err := frame.Object(media, raw); err != nil || o.Name != "c" {
					t.Errorf("%+v, %v", o, err)
				}
			}
		}
	}
}

func TestClaimedLengthIsNeverThere(t *testing.T) {
	for media := range contentTypes {
		body, _ := watchHandler(t, StopAfter(Events{Name: "b"}, Clean, Claim(1<<30)), media)
		if got := events(media, body); len(got) != 3 || !strings.HasPrefix(got[2], "rest of") {
			t.Errorf("%s: %q", media, got)
		}
	}
}

func TestInflatedEventKeepsItsName(t *testing.T) {
	for media := range contentTypes {
		body, _ := watchHandler(t, Replace(Events{Name: "c"}, Inflated(1<<20)), media)
		if got := events(media, body); len(body) < 1<<20 || len(got) != 5 || got[2] != "ADDED c@3" {
			t.Errorf("%s: %d bytes, %q", media, len(body), got)
		}
	}
}

func TestReorderIsTheSameForTheSameSeed(t *testing.T) {
	one, _ := watchHandler(t, Reorder(Events{}, 5), frame.JSON)
	two, _ := watchHandler(t, Reorder(Events{}, 5), frame.JSON)
	if one != two {
		t.Errorf("%q and %q", events(frame.JSON, one), events(frame.JSON, two))
	}
}

func TestStopWithinAFrameAtEveryByte(t *testing.T) {
	for media, contentType := range contentTypes {
		before := len(slices.Concat(encode(media, "ADDED", pod(0)), encode(media, "ADDED", pod(1))))
		size := len(encode(media, "ADDED", pod(2)))
		sweep := func(t *testing.T, r *rig) {
			for n := range size + 1 {
				end := []End{Clean, Abort, Close}[n%3]
				f := r.Add(Rule{Effect: StopWithin(Events{Name: "c"}, n, end)})
				a := r.request(t.Context(), "GET", pods+"?watch=1&stay=1", http.Header{"Accept": {contentType}})
				if len(a.body) != before+n || (a.err == nil) != (end == Clean) {
					t.Fatalf("%s, %s after %d bytes of %d: %d bytes, %v", media, end, n, size, len(a.body)-before, a.err)
				}
				f.Remove()
			}
			r.again()
		}
		bubble(t, false, sweep)
		bubble(t, true, sweep)
	}
}

func TestSilentWatchIgnoresItsTimeout(t *testing.T) {
	for name, c := range map[string]struct {
		effect Effect
		want   int
	}{
		"from the begin":  {Silent(), 0},
		"from an event":   {StopBefore(Events{Name: "c"}, Silence), 2},
		"within an event": {StopWithin(Events{Name: "a"}, 10, Silence), 1},
	} {
		for _, http2 := range []bool{false, true} {
			bubble(t, http2, func(t *testing.T, r *rig) {
				r.Add(Rule{Effect: c.effect})
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				start := time.Now()
				a := r.request(ctx, "GET", pods+"?watch=1&stay=1", nil)
				if a.code != 200 || !errors.Is(a.err, context.DeadlineExceeded) || time.Since(start) != time.Hour || len(events(frame.JSON, a.body)) != c.want {
					t.Errorf("%s: %+v", name, a)
				}
				r.again()
			})
		}
	}
}

func TestOnlyWatchesAreEdited(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		r.Add(Rule{Effect: Drop(Events{})})
		if a := r.get("/version"); a.body != version || a.err != nil {
			t.Errorf("%+v", a)
		}
		if a := r.get(pods); len(names(a.body)) != 5 {
			t.Errorf("%+v", a)
		}
		if a := r.get(pods + "?watch=1"); a.code != 200 || a.body != "" || a.err != nil {
			t.Errorf("%+v", a)
		}
		r.again()
	})
}

func TestAWatchEndsWithWhatIsHeldBack(t *testing.T) {
	everywhere(t, func(t *testing.T, r *rig) {
		r.Add(Rule{Effect: Lag(Events{Name: "a"}, 5)})
		if got := events(frame.JSON, r.get(pods+"?watch=1").body); len(got) != 5 || got[4] != "ADDED a@1" {
			t.Errorf("%q", got)
		}
		r.again()
	})
}

func TestFramesThatAreNoEventsPass(t *testing.T) {
	i := New(Options{})
	i.Add(Rule{Effect: Drop(Events{Types: []string{"ADDED"}})})
	w := httptest.NewRecorder()
	i.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"type":17}` + "\n"))
		w.Write(encode(frame.JSON, "ADDED", &corev1.Pod{}))
		w.Write([]byte(`{"type":`))
	})).ServeHTTP(w, httptest.NewRequest(http.MethodGet, pods+"?watch=1", nil))
	if got := w.Body.String(); got != `{"type":17}`+"\n"+`{"type":` {
		t.Errorf("%q", got)
	}
}
