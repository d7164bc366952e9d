// Package compiled runs what the generators made for their golden cases: against an HTTP server, and against objects in
// a cache.
package compiled

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	builtinset "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/builtin/generated/kubernetes"
	corev1 "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/core/apis/core/v1"
	coreset "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/core/generated/versioned"
	monitoringv1 "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/crd/apis/monitoring/v1"
	stablev1 "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/crd/apis/stable/v1"
	"github.com/kubewright/kubewright/cmd/internal/codegen/testdata/crd/generated/clientset/versioned"
	crdscheme "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/crd/generated/clientset/versioned/scheme"
	applyv1 "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/fakes/applyconfiguration/shop/v1"
	shopset "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/fakes/generated/versioned"
	methodsv1 "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/methods/apis/methods/v1"
	methodsset "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/methods/generated/versioned"
	namesset "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/names/generated/versioned"
	verbsset "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/verbs/generated/versioned"
	"github.com/kubewright/kubewright/pkg/rest"
)

// recorder is a server that answers every request with the same object, and keeps what it was asked.
type recorder struct {
	*httptest.Server
	mu          sync.Mutex // guards what follows
	request     string     // the last request
	contentType string     // of its body
}

func newRecorder(t *testing.T) *recorder {
	r := &recorder{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.request, r.contentType = request.Method+" "+request.URL.RequestURI(), request.Header.Get("Content-Type")
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"metadata":{"name":"answer"},"items":[]}`) // an object, or a list
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *recorder) config() *rest.Config { return &rest.Config{Host: r.URL} }

// last returns the last request.
func (r *recorder) last() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.request
}

// lastContentType returns the content type of the body of the last request.
func (r *recorder) lastContentType() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.contentType
}

func TestClientsSendWhatTheTagsSay(t *testing.T) {
	server := newRecorder(t)
	crd := versioned.NewForConfigOrDie(server.config())
	core := coreset.NewForConfigOrDie(server.config())
	verbs := verbsset.NewForConfigOrDie(server.config())
	names := namesset.NewForConfigOrDie(server.config())
	shop := shopset.NewForConfigOrDie(server.config())
	ctx := t.Context()
	for want, call := range map[string]func() error{
		"GET /apis/stable.example.com/v1/namespaces/ns/crontabs/a": func() error {
			_, err := crd.StableV1().CronTabs("ns").Get(ctx, "a", metav1.GetOptions{})
			return err
		},
		"GET /apis/stable.example.com/v1beta1/crontabs?labelSelector=x%3Dy": func() error {
			_, err := crd.StableV1beta1().CronTabs("").List(ctx, metav1.ListOptions{LabelSelector: "x=y"})
			return err
		},
		"PUT /apis/stable.example.com/v1/namespaces/ns/crontabs/a/status": func() error {
			_, err := crd.StableV1().CronTabs("ns").UpdateStatus(ctx, &stablev1.CronTab{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, metav1.UpdateOptions{})
			return err
		},
		"POST /apis/stable.example.com/v1/crontabclasses": func() error {
			_, err := crd.StableV1().CronTabClasses().Create(ctx, &stablev1.CronTabClass{}, metav1.CreateOptions{})
			return err
		},
		"DELETE /apis/coreos.example.com/v1/namespaces/ns/prometheis/a": func() error {
			return crd.MonitoringV1().Prometheuses("ns").Delete(ctx, "a", metav1.DeleteOptions{})
		},
		"DELETE /apis/coreos.example.com/v1/namespaces/ns/endpoints": func() error {
			return crd.MonitoringV1().Endpoints("ns").DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{})
		},
		"POST /apis/coreos.example.com/v1/namespaces/ns/networkpolicies": func() error {
			_, err := crd.MonitoringV1().NetworkPolicies("ns").Create(ctx, &monitoringv1.NetworkPolicy{}, metav1.CreateOptions{})
			return err
		},
		"PUT /api/v1/namespaces/ns/widgets/a": func() error {
			_, err := core.CoreV1().Widgets("ns").Update(ctx, &corev1.Widget{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, metav1.UpdateOptions{})
			return err
		},
		"PATCH /custom-apis/verbs.example.com/v1/namespaces/ns/skiplists/a/sub": func() error {
			_, err := verbs.VerbsV1().SkipLists("ns").Patch(ctx, "a", types.MergePatchType, []byte(`{}`), metav1.PatchOptions{}, "sub")
			return err
		},
		"GET /apis/hyphen-group.example.com/v1alpha1/namespaces/ns/mixedcases/a": func() error {
			_, err := names.HyphenGroupV1alpha1().MixedCASEs("ns").Get(ctx, "a", metav1.GetOptions{})
			return err
		},
		"PATCH /apis/shop.example.com/v1/namespaces/ns/orders/a?fieldManager=me&force=true": func() error {
			_, err := shop.ShopV1().Orders("ns").Apply(ctx, applyv1.Order("a", "ns"), metav1.ApplyOptions{FieldManager: "me", Force: true})
			return err
		},
		"PATCH /apis/shop.example.com/v1/namespaces/ns/orders/a/status?fieldManager=me&force=false": func() error {
			_, err := shop.ShopV1().Orders("ns").ApplyStatus(ctx, applyv1.Order("a", "ns"), metav1.ApplyOptions{FieldManager: "me"})
			return err
		},
		"PATCH /apis/shop.example.com/v1/namespaces/ns/orders/b/first-item?fieldManager=me&force=false": func() error {
			_, err := shop.ShopV1().Orders("ns").ApplyItem(ctx, "b", applyv1.Item("i"), metav1.ApplyOptions{FieldManager: "me"})
			return err
		},
		"PATCH /apis/shop.example.com/v1/items/i?fieldManager=me&force=false": func() error {
			_, err := shop.ShopV1().Items().Apply(ctx, applyv1.Item("i"), metav1.ApplyOptions{FieldManager: "me"})
			return err
		},
		"GET /apis/meta.example.com/v1/funcs/a": func() error {
			_, err := names.MetaV1().Funcs().Get(ctx, "a", metav1.GetOptions{})
			return err
		},
	} {
		t.Run(want, func(t *testing.T) {
			if err := call(); err != nil {
				t.Error(err)
			}
			if got := server.last(); got != want {
				t.Errorf("sent %q", got)
			}
		})
	}
	if got := verbs.VerbsV1().Alls("ns").Answer(); got != 42 {
		t.Errorf("the method written by hand answers %d", got)
	}
}

func TestPrefersProtobuf(t *testing.T) {
	server := newRecorder(t)
	leases := builtinset.NewForConfigOrDie(server.config()).CoordinationV1().Leases("ns")
	if _, err := leases.Create(t.Context(), &coordinationv1.Lease{}, metav1.CreateOptions{}); err != nil {
		t.Error(err)
	}
	if got, want := server.lastContentType(), "application/vnd.kubernetes.protobuf"; got != want {
		t.Errorf("sent %q, want %q", got, want)
	}
	cronTabs := versioned.NewForConfigOrDie(server.config()).StableV1().CronTabs("ns")
	if _, err := cronTabs.Create(t.Context(), &stablev1.CronTab{}, metav1.CreateOptions{}); err != nil {
		t.Error(err)
	}
	if got, want := server.lastContentType(), "application/json"; got != want {
		t.Errorf("sent %q, want %q", got, want)
	}
}

func TestAdditionalMethodsSendWhatTheTagsSay(t *testing.T) {
	server := newRecorder(t)
	set := methodsset.NewForConfigOrDie(server.config())
	ctx := t.Context()
	things, owns := set.MethodsV1().Things("ns"), set.MethodsV1().Owns()
	thing := &methodsv1.Thing{ObjectMeta: metav1.ObjectMeta{Name: "a"}}
	own := &methodsv1.Own{ObjectMeta: metav1.ObjectMeta{Name: "o"}}
	scale := &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Name: "s"}}
	const base = " /apis/methods.example.com/v1/namespaces/ns/things"
	check := func(want string, result interface{ GetName() string }, err error) {
		t.Helper()
		if got := server.last(); err != nil || got != want || result != nil && result.GetName() != "answer" {
			t.Errorf("sent %q, want %q; result %v, error %v", got, want, result, err)
		}
	}

	result, err := things.CreatePlain(ctx, thing, metav1.CreateOptions{})
	check("POST"+base, result, err)
	result, err = things.CreateSub(ctx, "b", thing, metav1.CreateOptions{})
	check("POST"+base+"/b/sub", result, err)
	result2, err := things.CreateOwn(ctx, own, metav1.CreateOptions{})
	check("POST"+base, result2, err)
	result3, err := things.CreateOtherSub(ctx, "b", scale, metav1.CreateOptions{})
	check("POST"+base+"/b/sub", result3, err)

	result, err = things.UpdatePlain(ctx, thing, metav1.UpdateOptions{})
	check("PUT"+base+"/a", result, err)
	result2, err = things.UpdateOwnSub(ctx, "b", own, metav1.UpdateOptions{DryRun: []string{"All"}})
	check("PUT"+base+"/b/sub?dryRun=All", result2, err)
	result3, err = things.UpdateOther(ctx, scale, metav1.UpdateOptions{})
	check("PUT"+base+"/s", result3, err)

	result, err = things.GetPlain(ctx, "b", metav1.GetOptions{ResourceVersion: "5"})
	check("GET"+base+"/b?resourceVersion=5", result, err)
	result2, err = things.GetOwnSub(ctx, "b", metav1.GetOptions{})
	check("GET"+base+"/b/sub", result2, err)
	result3, err = things.GetOtherSub(ctx, "b", metav1.GetOptions{})
	check("GET"+base+"/b/sub", result3, err)

	_, err = things.ListPlain(ctx, metav1.ListOptions{Limit: 3})
	check("GET"+base+"?limit=3", nil, err)
	_, err = things.ListOwnSub(ctx, "b", metav1.ListOptions{})
	check("GET"+base+"/b/sub", nil, err)
	_, err = things.ListOther(ctx, metav1.ListOptions{})
	check("GET"+base, nil, err)

	result, err = things.PatchPlain(ctx, "b", types.JSONPatchType, []byte(`[]`), metav1.PatchOptions{})
	check("PATCH"+base+"/b", result, err)
	result, err = things.PatchSub(ctx, "b", types.JSONPatchType, []byte(`[]`), metav1.PatchOptions{})
	check("PATCH"+base+"/b/sub", result, err)
	result2, err = things.PatchOwn(ctx, "b", types.JSONPatchType, []byte(`[]`), metav1.PatchOptions{}, "given")
	check("PATCH"+base+"/b/given", result2, err)

	result2, err = owns.Update(ctx, own, metav1.UpdateOptions{})
	check("PUT /apis/methods.example.com/v1/owns/o", result2, err)
}

func TestClientsetSharesTheHTTPClient(t *testing.T) {
	server := newRecorder(t)
	config := server.config()
	var sent []string
	httpClient := &http.Client{Transport: roundTripper(func(request *http.Request) (*http.Response, error) {
		sent = append(sent, request.URL.Path)
		return http.DefaultTransport.RoundTrip(request)
	})}
	set, err := versioned.NewForConfigAndClient(config, httpClient)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := set.StableV1().CronTabs("ns").Get(t.Context(), "a", metav1.GetOptions{}); err != nil {
		t.Error(err)
	}
	if _, err := set.MonitoringV1().Endpoints("ns").Get(t.Context(), "b", metav1.GetOptions{}); err != nil {
		t.Error(err)
	}
	want := []string{"/apis/stable.example.com/v1/namespaces/ns/crontabs/a", "/apis/coreos.example.com/v1/namespaces/ns/endpoints/b"}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Errorf("sent through the given client (-want +got):\n%s", diff)
	}
	if config.UserAgent != "" || config.RateLimiter != nil || config.GroupVersion != nil {
		t.Errorf("the config was changed: %+v", config)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (r roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return r(request) }

func TestClientsetRefusesABadConfig(t *testing.T) {
	for name, config := range map[string]*rest.Config{
		"nothing":            nil,
		"a QPS without room": {Host: "http://localhost", QPS: 5, Burst: -1},
	} {
		if set, err := versioned.NewForConfig(config); err == nil {
			t.Errorf("%s: got %v and no error", name, set)
		}
	}
}

func TestSchemeKnowsTheTypesOfAllGroups(t *testing.T) {
	for _, gvk := range []string{"stable.example.com/v1 CronTab", "stable.example.com/v1beta1 CronTabList", "coreos.example.com/v1 Prometheus"} {
		apiVersion, kind, _ := strings.Cut(gvk, " ")
		object := fmt.Sprintf(`{"apiVersion":%q,"kind":%q}`, apiVersion, kind)
		if _, _, err := crdscheme.Codecs.UniversalDeserializer().Decode([]byte(object), nil, nil); err != nil {
			t.Errorf("%s: %v", gvk, err)
		}
	}
}
