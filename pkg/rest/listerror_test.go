package rest

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestAnswerThatIsNoListIsAnError(t *testing.T) {
	failure := &metav1.Status{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Status"},
		Status:   metav1.StatusFailure, Message: "too old", Reason: metav1.StatusReasonExpired, Code: 410,
	}
	success := &metav1.Status{TypeMeta: failure.TypeMeta, Status: metav1.StatusSuccess}
	services := &corev1.ServiceList{Items: []corev1.Service{{ObjectMeta: metav1.ObjectMeta{Name: "s"}}}}
	good := jsonList(`{"metadata":{"name":"a"}}`)
	goodProtobuf := protobufList(t, marshalled(t, configMap()))
	const typed, untyped, both = 1, 2, 3
	for _, test := range []struct {
		name, mediaType, body string
		lists                 int
		want                  string
	}{
		{"nothing", jsonType, "", both, "0-length response"},
		{"HTML", jsonType, "<html>", both, "not a list"},
		{"a string", jsonType, `"x"`, both, "not a list"},
		{"an array", jsonType, `[]`, both, "not a list"},
		{"two lists", jsonType, string(good) + string(good), both, "not a list"},
		{"text behind it", jsonType, string(good) + " x", both, "not a list"},
		{"items twice", jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","items":[],"items":[]}`, both, "not a list"},
		{"items twice, once in other letters", jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","items":[],"\u0069tems":[]}`, both, "not a list"},
		{"items of a wrong type", jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","items":{}}`, both, "not a list"},
		{"items that are text", jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","items":"a"}`, both, "not a list"},
		{"no comma between items", jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","items":[{} {}]}`, both, "not a list"},
		{"a comma too many", jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","items":[{},]}`, both, "not a list"},
		{"a comma too early", jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","items":[,{}]}`, both, "not a list"},
		{"an item that is no JSON", jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","items":[{"metadata":{"name":"a"}x}]}`, both, "not a list"},
		{"an item that is nearly JSON", jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","items":[{"metadata":[{]}}]}`, both, "not a list"},
		{"an item that is no word", jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","items":[nul]}`, both, "not a list"},
		{"no colon", jsonType, `{"kind" "ConfigMapList"}`, both, "not a list"},
		{"no name", jsonType, `{5:5}`, both, "not a list"},
		{"no value", jsonType, `{"kind":}`, both, "not a list"},
		{"no comma", jsonType, `{"kind":"ConfigMapList" "a":1}`, both, "not a list"},
		{"a rest that is no JSON", jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","x":tru,"items":[]}`, both, "unable to decode"},
		{"a rest that is no list", jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","metadata":5,"items":[]}`, typed, "cannot unmarshal number"},
		{"no kind and no items", jsonType, `{}`, both, `an object of kind "" where a list was expected`},
		{"an object", jsonType, `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}`, typed, "*v1.ConfigMap where *v1.ConfigMapList was expected"},
		{"an object", jsonType, `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}`, untyped, `an object of kind "ConfigMap" where`},
		{"a list of something else", jsonType, string(encodedList(t, jsonType, services)), typed, "*v1.ServiceList where *v1.ConfigMapList was expected"},
		{"a list of something unknown", jsonType, `{"kind":"XList","apiVersion":"x/v1","items":[]}`, typed, "no kind \"XList\" is registered"},
		{"a list without a kind", jsonType, `{"items":[]}`, untyped, "Object 'Kind' is missing"},
		{"a table", jsonType, `{"kind":"Table","apiVersion":"meta.k8s.io/v1","rows":[{"object":{}}]}`, typed, "no kind \"Table\" is registered"},
		{"a table", jsonType, `{"kind":"Table","apiVersion":"meta.k8s.io/v1","rows":[{"object":{}}]}`, untyped, `kind "Table" where`},
		{"a failure", jsonType, string(encodedList(t, jsonType, failure)), both, "too old"},
		{"a success", jsonType, string(encodedList(t, jsonType, success)), typed, "*v1.Status where"},
		{"a success", jsonType, string(encodedList(t, jsonType, success)), untyped, `kind "Status" where`},

		{"nothing", protobufType, "", typed, "0-length response"},
		{"HTML", protobufType, "<html>", typed, "not a list"},
		{"HTML that is short", protobufType, "<", typed, "not a list"},
		{"just the prefix", protobufType, "k8s\x00", typed, "broke off after 4 bytes"},
		{"just a kind", protobufType, "k8s\x00\x0a\x13\x0a\x02v1\x12\x0dConfigMapList", typed, "broke off after 25 bytes"},
		{"an illegal tag", protobufType, "k8s\x00\x07", typed, "not a list"},
		{"field 0", protobufType, "k8s\x00\x00\x00", typed, "not a list"},
		{"a tag without end", protobufType, "k8s\x00" + strings.Repeat("\xff", 11), typed, "not a list"},
		{"two lists", protobufType, string(goodProtobuf) + "\x12\x00", typed, "not a list"},
		{"an item beyond the list", protobufType, "k8s\x00\x12\x02\x12\x05hello", typed, "not a list"},
		{"a tag beyond the list", protobufType, "k8s\x00\x12\x01\xff\x01", typed, "not a list"},
		{"a field 2 that is no message", protobufType, "k8s\x00\x12\x02\x10\x05", typed, "wrong wireType"},
		{"a field 2 in disguise", protobufType, "k8s\x00\x12\x09\x92\x80\x80\x80\x80\x01\x02\x0a\x00", typed, "not a list"},
		{"a list of something else", protobufType, string(encodedList(t, protobufType, services)), typed, "*v1.ServiceList where *v1.ConfigMapList was expected"},
		{"a failure", protobufType, string(encodedList(t, protobufType, failure)), typed, "too old"},
		{"a success", protobufType, string(encodedList(t, protobufType, success)), typed, "*v1.Status where"},
		{"a text", "text/html", "<html>", both, "no serializer"},
		{"a failure", yamlType, string(encodedList(t, yamlType, failure)), typed, "too old"},
		{"a failure", cborType, string(encodedList(t, cborType, failure)), typed, "too old"},
	} {
		for bit, list := range map[int]runtime.Object{typed: &corev1.ConfigMapList{}, untyped: &unstructured.UnstructuredList{}} {
			if test.lists&bit == 0 {
				continue
			}
			t.Run(fmt.Sprintf("%s in %s as %T", test.name, test.mediaType, list), func(t *testing.T) {
				_, err := eachOf(t, listClient(t, test.mediaType, []byte(test.body)), list)
				if err == nil || !strings.Contains(canary.Err(t, err).Error(), test.want) {
					t.Errorf("error %v, want one with %q", err, test.want)
				}
				if test.name == "a failure" && !apierrors.IsResourceExpired(err) {
					t.Errorf("the failure became %#v", err)
				}
			})
		}
	}
}

func TestListsThatSayLittleAreLists(t *testing.T) {
	for _, test := range []struct {
		mediaType, body string
		want            int
	}{
		{jsonType, `{"items":[]}`, 0},
		{jsonType, `{"metadata":{},"items":null}`, 0},
		{jsonType, `{"items":[{"metadata":{"name":"a"}}]}`, 1},
		{jsonType, `{"apiVersion":"v1","items":[{"metadata":{"name":"a"}}],"kind":"ConfigMapList"}`, 1},
		{jsonType, `{"kind":"ConfigMapList","apiVersion":"v1"}`, 0},
		{jsonType, "\n{ \"x\" : [ { \"items\" : [ 1 ] } ] ,\t\"items\" : [ {\"metadata\":{\"name\":\"a\"}} , {\"metadata\":{\"name\":\"b\"}} ] , \"y\" : -1.5e3 }\n ", 2},
		{jsonType, `{"\u0069tems":[{"metadata":{"name":"a"}}]}`, 1},
		{protobufType, "k8s\x00\x12\x00", 0},
		{protobufType, "k8s\x00\x12\x08\x12\x06\x0a\x04\x0a\x02ab", 1},
		{protobufType, "k8s\x00\x1a\x00\x12\x12\x18\x05\x12\x06\x0a\x04\x0a\x02ab\x2d\x00\x00\x00\x00\x32\x01x\x22\x00", 1}, // with fields that nobody knows
	} {
		items, err := eachOf(t, listClient(t, test.mediaType, []byte(test.body)), &corev1.ConfigMapList{})
		if err != nil || len(items) != test.want {
			t.Errorf("%q: %d items, error %v", test.body, len(items), err)
		}
	}
}

// An answer that is cut anywhere is an error that says so, and each item of it that came before is whole.
func TestListCutAtEveryByteIsAnError(t *testing.T) {
	for mediaType, body := range map[string][]byte{
		jsonType:     jsonList(`{"metadata":{"name":"a"}}`, `null`, `{"metadata":{"name":"\"b\""}}`),
		protobufType: protobufList(t, marshalled(t, configMap()), nil, marshalled(t, configMap())),
	} {
		whole, err := eachOf(t, listClient(t, mediaType, body), &corev1.ConfigMapList{})
		if err != nil || len(whole) != 3 {
			t.Fatal(whole, err)
		}
		for n := 1; n < len(body); n++ {
			for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, errors.New("connection reset")} {
				calls := 0
				c := newTestClient(t, func(*http.Request) (*http.Response, error) {
					calls++
					resp := respond(200, mediaType, nil)
					resp.Body = stream(body[:n], end)
					return resp, nil
				}, nil)
				items, err := eachOf(t, c, &corev1.ConfigMapList{})
				if mediaType == protobufType && (n == len(body)-2 || n == len(body)-4) && end == io.EOF {
					continue // one or two fields without a value are all that is missing
				}
				if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("broke off after %d bytes", n)) || calls != 1 {
					t.Fatalf("%s, cut after %d bytes: error %v after %d calls", mediaType, n, err, calls)
				}
				if len(items) > len(whole) {
					t.Errorf("%d items", len(items))
				}
				for i, item := range items {
					if item.Size != whole[i].Size || (item.Object == nil) != (whole[i].Object == nil) {
						t.Errorf("%s, cut after %d bytes: item %d is %+v", mediaType, n, i, item)
					}
				}
			}
		}
	}
}

func TestEachItemClosesTheAnswer(t *testing.T) {
	stop := errors.New("stop")
	for name, test := range map[string]struct {
		code     int
		typ      string
		body     []byte
		each     error
		panics   bool
		want     string
		warnings int
	}{
		"read to its end":      {code: 200, typ: jsonType, body: jsonList(`{"metadata":{"name":"a"}}`), warnings: 1},
		"read whole":           {code: 200, typ: yamlType, body: []byte("kind: ConfigMapList\napiVersion: v1\nitems:\n- metadata: {name: a}\n"), warnings: 1},
		"an error of each":     {code: 200, typ: jsonType, body: jsonList(`{"metadata":{"name":"a"}}`, `x`), each: stop, want: "stop", warnings: 1},
		"an error, read whole": {code: 200, typ: yamlType, body: []byte("kind: ConfigMapList\napiVersion: v1\nitems:\n- metadata: {name: a}\n"), each: stop, want: "stop", warnings: 1},
		"a panic":              {code: 200, typ: jsonType, body: jsonList(`{"metadata":{"name":"a"}}`), panics: true, want: "panic", warnings: 1},
		"no list":              {code: 200, typ: jsonType, body: []byte("x"), want: "not a list", warnings: 1},
		"a refusal":            {code: 403, typ: "text/plain", body: []byte("no"), want: "no", warnings: 1},
	} {
		t.Run(name, func(t *testing.T) {
			closed := 0
			c := newTestClient(t, func(*http.Request) (*http.Response, error) {
				resp := respond(test.code, test.typ, test.body, "Warning", `299 - "w"`)
				resp.Body = closeFunc{resp.Body, func() { closed++ }}
				return resp, nil
			}, nil)
			var warnings recordedWarnings
			err := func() (err error) {
				defer func() {
					if r := recover(); r != nil {
						err = fmt.Errorf("panic: %v", r)
					}
				}()
				return c.Get().Resource("configmaps").WarningHandlerWithContext(&warnings).EachItem(t.Context(), &corev1.ConfigMapList{}, func(ListItem) error {
					if test.panics {
						panic("x")
					}
					return test.each
				})
			}()
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) || test.each != nil && err != test.each {
				t.Errorf("error %v", err)
			}
			if closed != 1 || len(warnings) != test.warnings {
				t.Errorf("the body was closed %d times, with %d warnings", closed, len(warnings))
			}
		})
	}
}

func TestEachItemRepeatsAttemptsUntilOneIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		c := newTestClient(t, func(*http.Request) (*http.Response, error) {
			switch calls++; calls {
			case 1:
				return respond(503, "", nil, "Retry-After", "1"), nil
			case 2:
				return nil, io.ErrUnexpectedEOF
			}
			return respond(200, jsonType, jsonList(`{"metadata":{"name":"a"}}`)), nil
		}, nil)
		if items, err := eachOf(t, c, &corev1.ConfigMapList{}); err != nil || len(items) != 1 || calls != 3 {
			t.Errorf("%d items after %d calls, error %v", len(items), calls, err)
		}
	})
}

// R13: a list has a deadline, and the time for which each holds it up counts.
func TestR13EachItemHasTheDeadlineOfDo(t *testing.T) {
	for name, test := range map[string]struct {
		request func(*Request) *Request
		want    time.Duration
	}{
		"default":        {func(r *Request) *Request { return r }, defaultTimeout},
		"timeout":        {func(r *Request) *Request { return r.Timeout(time.Minute) }, time.Minute},
		"timeoutSeconds": {func(r *Request) *Request { return r.Param("timeoutSeconds", "60") }, time.Minute + timeoutSlack},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newTestClient(t, func(req *http.Request) (*http.Response, error) {
					resp := respond(200, jsonType, nil)
					begin := stream(jsonList(`{"metadata":{"name":"a"}}`)[:100], nil)
					resp.Body = io.NopCloser(readerFunc(func(p []byte) (int, error) {
						if n, _ := begin.Read(p); n > 0 {
							return n, nil
						}
						<-req.Context().Done()
						return 0, req.Context().Err()
					}))
					return resp, nil
				}, nil)
				begin := time.Now()
				err := test.request(c.Get().Resource("configmaps")).EachItem(t.Context(), &corev1.ConfigMapList{}, func(ListItem) error { return nil })
				if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != test.want {
					t.Errorf("error %v after %v, want one after %v", err, time.Since(begin), test.want)
				}
			})
		})
	}
}

// Nothing of a list is held beyond what one object may have, compressed or claimed.
func TestListsAreBounded(t *testing.T) {
	for name, test := range map[string]struct {
		mediaType, begin, want string
	}{
		"an item":              {jsonType, `{"kind":"ConfigMapList","apiVersion":"v1","items":[{"data":{"a":"`, "has an object, or something besides its objects, of more than"},
		"an item in protobuf":  {protobufType, "k8s\x00\x12\x80\x80\x80\x80\x08\x12\x80\x80\x80\x20", "has an object"},
		"a claim in protobuf":  {protobufType, "k8s\x00\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x12\xff\xff\xff\xff\xff\xff\xff\x7f", "has an object"},
		"metadata in protobuf": {protobufType, "k8s\x00\x12\x80\x80\x80\x80\x08\x0a\x80\x80\x80\x20", "something besides its objects"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newServerClient(t, func(w http.ResponseWriter, _ *http.Request) { bomb(w, 200, test.mediaType, test.begin) })
			n := allocated(func() {
				if _, err := eachOf(t, c, &corev1.ConfigMapList{}); err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v, want one with %q", err, test.want)
				}
			})
			if n > 16*maxFrameBytes { // server included
				t.Errorf("%d bytes were allocated", n)
			}
		})
	}
}

// A list has at most maxBodyBytes, decompressed, however small its objects are.
func TestBoundedBody(t *testing.T) {
	for _, size := range []int{0, 9, 10, 11, 100} {
		b := &boundedBody{source: strings.NewReader(strings.Repeat("x", size)), max: 10}
		data, err := io.ReadAll(b)
		if errors.Is(err, errBodyTooLarge) != (size > 10) || len(data) < min(size, 10) {
			t.Errorf("%d bytes: %d were read, error %v", size, len(data), err)
		}
		if n, err := b.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Errorf("%d bytes: %d after the end, error %v", size, n, err)
		}
	}
	c := listClient(t, jsonType, nil)
	l := &listReader{request: c.Get().Resource("configmaps"), body: &boundedBody{}}
	if err := l.explain(errBodyTooLarge); !strings.Contains(err.Error(), "read a list in pages") {
		t.Error(err)
	}
}

func TestCompressedListIsRead(t *testing.T) {
	body := jsonList(`{"metadata":{"name":"a"}}`, `{"metadata":{"name":"b"}}`)
	c := newServerClient(t, func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(body)
		_ = z.Close()
	})
	list := &corev1.ConfigMapList{}
	if items, err := eachOf(t, c, list); err != nil || len(items) != 2 || list.ResourceVersion != "9" {
		t.Errorf("%d items, error %v", len(items), err)
	}
}
