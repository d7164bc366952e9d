package fault

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/frame"
)

// Who asks for metadata gets metadata, also from effects that write themselves, or edit what the server writes.
func TestWhoAsksForMetadataGetsIt(t *testing.T) {
	asked := map[string]bool{"": false, ";g=meta.k8s.io;v=v1;as=PartialObjectMetadata": true, ";g=meta.k8s.io;v=v1;as=PartialObjectMetadataList": true}
	for parameters, metadata := range asked {
		serve := func(target string, effect Effect, server http.HandlerFunc) string {
			i := New(Options{Kind: func(schema.GroupVersionResource) string { return "Pod" }})
			i.Add(Rule{Effect: effect})
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, target, nil)
			r.Header.Set("Accept", "application/vnd.kubernetes.protobuf"+parameters)
			i.Wrap(server).ServeHTTP(w, r)
			return w.Body.String()
		}
		accept := serve(pods, EditList(func(map[string]any) {}), func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, r.Header.Get("Accept"))
		})
		if !strings.HasPrefix(accept, "application/json") || strings.HasSuffix(accept, "as=PartialObjectMetadataList") != metadata {
			t.Errorf("with %q the server is asked for %q", parameters, accept)
		}

		stream := serve(pods+"?watch=1", InsertFirst(Bookmark("7", true)), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusOK)
		})
		want := map[bool]metav1.TypeMeta{
			false: {APIVersion: "v1", Kind: "Pod"},
			true:  {APIVersion: "meta.k8s.io/v1", Kind: "PartialObjectMetadata"},
		}[metadata]
		e, err := frame.Decode(frame.JSON, []byte(stream))
		if err != nil {
			t.Fatal(err)
		}
		if o, err := frame.Object(frame.JSON, e.Object.Raw); err != nil || o.TypeMeta != want {
			t.Errorf("with %q a bookmark is %+v (%v), want %+v", parameters, o, err, want)
		}
	}
}
