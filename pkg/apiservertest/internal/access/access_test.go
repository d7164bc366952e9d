package access

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/pki"
)

var users = map[string]User{
	"root":  {Name: "root", UID: "0", Groups: []string{Masters}},
	"plain": {Name: "plain", UID: "plain"},
}

// ask sends a request through a handler with these rules, and returns the answer's status and message, and who it was let pass as.
func ask(t *testing.T, authorizer Authorizer, r *http.Request) (code int, message string, as *User) {
	t.Helper()
	handler := Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		u := UserOf(r.Context())
		as = &u
	}), NewAuthenticator(users, nil, time.Now), authorizer, func(_ http.ResponseWriter, _ *http.Request, err error) {
		var status apierrors.APIStatus
		if !errors.As(err, &status) {
			t.Fatalf("%v is no status", err)
		}
		code, message = int(status.Status().Code), status.Status().Message
	})
	handler.ServeHTTP(httptest.NewRecorder(), r)
	return code, message, as
}

func newRequest(target string, headers ...string) *http.Request {
	method := http.MethodGet
	if len(headers)%2 == 1 {
		method, headers = headers[0], headers[1:]
	}
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

// The texts are those of kube-apiserver v1.36.3.
func TestRefusals(t *testing.T) {
	const plain = "Bearer plain"
	for _, tc := range []struct {
		name string
		r    *http.Request
		code int
		want string
	}{
		{"wrong token", newRequest("/api/v1/pods", "Authorization", "Bearer wrong"), 401, "Unauthorized"},
		{"basic", newRequest("/api/v1/pods", "Authorization", "Basic Zm9vOmJhcg=="), 403, `pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope`},
		{"get", newRequest("/api/v1/namespaces/default/configmaps/a", "Authorization", plain), 403, `configmaps "a" is forbidden: User "plain" cannot get resource "configmaps" in API group "" in the namespace "default"`},
		{"watch", newRequest("/api/v1/namespaces/default/configmaps?watch=1", "Authorization", plain), 403, `configmaps is forbidden: User "plain" cannot watch resource "configmaps" in API group "" in the namespace "default"`},
		{"deletecollection", newRequest("/api/v1/namespaces/default/configmaps", "DELETE", "Authorization", plain), 403, `configmaps is forbidden: User "plain" cannot deletecollection resource "configmaps" in API group "" in the namespace "default"`},
		{"method without a meaning", newRequest("/apis/apps/v1/namespaces/default/deployments", "OPTIONS", "Authorization", plain), 403, `deployments.apps is forbidden: User "plain" cannot  resource "deployments" in API group "apps" in the namespace "default"`},
		{"subresource", newRequest("/apis/apps/v1/namespaces/default/deployments/x/scale", "Authorization", plain), 403, `deployments.apps "x" is forbidden: User "plain" cannot get resource "deployments/scale" in API group "apps" in the namespace "default"`},
		{"namespace", newRequest("/api/v1/namespaces/x", "Authorization", plain), 403, `namespaces "x" is forbidden: User "plain" cannot get resource "namespaces" in API group "" in the namespace "x"`},
		{"status of a node", newRequest("/api/v1/nodes/n/status", "PATCH", "Authorization", plain), 403, `nodes "n" is forbidden: User "plain" cannot patch resource "nodes/status" in API group "" at the cluster scope`},
		{"path", newRequest("/metrics", "Authorization", plain), 403, `forbidden: User "plain" cannot get path "/metrics"`},
		{"anonymous discovery", newRequest("/api"), 403, `forbidden: User "system:anonymous" cannot get path "/api"`},
		{"impersonation without a name", newRequest("/api", "Authorization", "Bearer root", "Impersonate-Group", "bob"), 400, `requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"bob"}, Extra:map[string][]string(nil)} without impersonating a user name`},
		{"impersonated", newRequest("/api/v1/namespaces/default/configmaps/a", "Authorization", "Bearer root", "Impersonate-User", "bob"), 403, `configmaps "a" is forbidden: User "bob" cannot get resource "configmaps" in API group "" in the namespace "default"`},
		{"impersonating", newRequest("/api/v1/namespaces/default/configmaps/a", "Authorization", plain, "Impersonate-User", "bob"), 403, `configmaps "a" is forbidden: User "plain" cannot impersonate-on:user-info:get resource "configmaps" in API group "" in the namespace "default"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, message, as := ask(t, Rules{}, tc.r)
			if code != tc.code || message != tc.want || as != nil {
				t.Errorf("got %d %s, %v\nwant %d %s", code, message, as, tc.code, tc.want)
			}
		})
	}
}

func TestWhoPassesAsWhom(t *testing.T) {
	for _, tc := range []struct {
		name       string
		authorizer Authorizer
		r          *http.Request
		want       User
	}{
		{"token", AllowKnown{}, newRequest("/api/v1/pods", "Authorization", "bearer plain"), User{Name: "plain", UID: "plain", Groups: []string{Authenticated}}},
		{"master", Rules{}, newRequest("/api/v1/pods", "Authorization", "Bearer root"), User{Name: "root", UID: "0", Groups: []string{Masters, Authenticated}}},
		{"anonymous health", Rules{}, newRequest("/healthz"), User{Name: Anonymous, Groups: []string{Unauthenticated}}},
		{"anonymous version", AllowKnown{}, newRequest("/version"), User{Name: Anonymous, Groups: []string{Unauthenticated}}},
		{"discovery", Rules{}, newRequest("/apis/apps/v1", "Authorization", "Bearer plain"), User{Name: "plain", UID: "plain", Groups: []string{Authenticated}}},
		{"impersonated", AllowKnown{}, newRequest("/api", "Authorization", "Bearer root", "Impersonate-User", "bob", "Impersonate-Group", "g", "Impersonate-Extra-Foo", "x"), User{Name: "bob", Groups: []string{"g", Authenticated}, Extra: map[string][]string{"foo": {"x"}}}},
		{"service account", AllowKnown{}, newRequest("/api", "Authorization", "Bearer root", "Impersonate-User", "system:serviceaccount:default:x"), User{Name: "system:serviceaccount:default:x", Groups: []string{"system:serviceaccounts", "system:serviceaccounts:default", Authenticated}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, message, as := ask(t, tc.authorizer, tc.r)
			if as == nil {
				t.Fatal(message)
			}
			if diff := cmp.Diff(tc.want, *as); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRules(t *testing.T) {
	rules := Rules{
		{Users: []string{"reader", "group:readers"}, Verbs: []string{"get", "list"}, Groups: []string{"", "apps"}, Resources: []string{"pods", "*/scale"}, Namespaces: []string{"a"}},
		{Users: []string{"one"}, Verbs: []string{"*"}, Groups: []string{""}, Resources: []string{"*"}, Names: []string{"x"}},
		{Users: []string{"one"}, Verbs: []string{"get"}, Paths: []string{"/metrics", "/logs/*"}},
	}
	pods := Attributes{Verb: "get", Resource: "pods", Namespace: "a", Name: "p"}
	for _, tc := range []struct {
		name string
		user User
		edit func(*Attributes)
		want bool
	}{
		{"as the rule says", User{Name: "reader"}, func(*Attributes) {}, true},
		{"by group", User{Name: "x", Groups: []string{"readers"}}, func(*Attributes) {}, true},
		{"nobody", User{Name: "x"}, func(*Attributes) {}, false},
		{"verb", User{Name: "reader"}, func(a *Attributes) { a.Verb = "delete" }, false},
		{"namespace", User{Name: "reader"}, func(a *Attributes) { a.Namespace = "b" }, false},
		{"all namespaces", User{Name: "reader"}, func(a *Attributes) { a.Namespace = "" }, false},
		{"resource", User{Name: "reader"}, func(a *Attributes) { a.Resource = "nodes" }, false},
		{"subresource", User{Name: "reader"}, func(a *Attributes) { a.Subresource = "status" }, false},
		{"any scale", User{Name: "reader"}, func(a *Attributes) { a.Group, a.Resource, a.Subresource = "apps", "deployments", "scale" }, true},
		{"name", User{Name: "one"}, func(a *Attributes) { a.Name = "x" }, true},
		{"other name", User{Name: "one"}, func(*Attributes) {}, false},
		{"path", User{Name: "one"}, func(a *Attributes) { *a = Attributes{Verb: "get", Path: "/metrics"} }, true},
		{"path below", User{Name: "one"}, func(a *Attributes) { *a = Attributes{Verb: "get", Path: "/logs/a"} }, true},
		{"other path", User{Name: "one"}, func(a *Attributes) { *a = Attributes{Verb: "get", Path: "/metrics/a"} }, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := pods
			tc.edit(&a)
			a.User = tc.user
			if got, _ := rules.Authorize(t.Context(), a); got != tc.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestClientCertificates(t *testing.T) {
	ours, err := pki.NewAuthority("ours", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := pki.NewAuthority("theirs", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	authenticator := NewAuthenticator(users, ours.Pool(), time.Now)
	with := func(authority *pki.Authority) *http.Request {
		data, _, err := authority.Client("alice", "devs")
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(data)
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		r := newRequest("/api", "Authorization", "Bearer plain")
		r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{cert}}
		return r
	}
	got, err := authenticator.Authenticate(with(ours))
	if err != nil {
		t.Fatal(err)
	}
	if id := got.Extra["authentication.kubernetes.io/credential-id"]; len(id) != 1 || len(id[0]) != len("X509SHA256=")+64 {
		t.Error(id)
	}
	got.Extra = nil
	if diff := cmp.Diff(User{Name: "alice", Groups: []string{"devs", Authenticated}}, got); diff != "" {
		t.Error(diff)
	}
	if got, err := authenticator.Authenticate(with(theirs)); err == nil {
		t.Errorf("a stranger is let in as %v", got)
	}
	authenticator.SetRoots(theirs.Pool())
	if got, err := authenticator.Authenticate(with(ours)); err == nil {
		t.Errorf("after rotation %v is let in", got)
	}
}

func TestTokensComeAndGo(t *testing.T) {
	a := NewAuthenticator(nil, nil, time.Now)
	a.SetToken("t", &User{Name: "u"})
	if u, ok := a.Token("t"); !ok || u.Name != "u" {
		t.Errorf("%v %v", u, ok)
	}
	a.SetToken("t", nil)
	if _, err := a.Authenticate(newRequest("/api", "Authorization", "Bearer t")); err == nil {
		t.Error("an expired token is good")
	}
}

func TestReviews(t *testing.T) {
	authenticator := NewAuthenticator(users, nil, time.Now)
	rules := Rules{{Users: []string{"bob"}, Verbs: []string{"get"}, Groups: []string{""}, Resources: []string{"pods"}}}
	now := func() time.Time { return time.Date(2026, 11, 20, 22, 44, 17, 0, time.UTC) }
	reviews := Reviews(authenticator, rules, now)
	pods := &authorizationv1.ResourceAttributes{Verb: "get", Resource: "pods"}
	group := func(name string) string {
		return map[bool]string{true: "authentication.k8s.io", false: "authorization.k8s.io"}[name == "selfsubjectreviews" || name == "tokenreviews"]
	}
	for _, tc := range []struct {
		name, resource string
		obj            kind.Object
		want, err      string
	}{
		{"oneself", "selfsubjectreviews", &authenticationv1.SelfSubjectReview{}, `{"metadata":{"creationTimestamp":"2026-11-20T22:44:17Z"},"status":{"userInfo":{"username":"plain","uid":"plain","groups":["system:authenticated"],"extra":{"k":["v"]}}}}`, ""},
		{"wrong token", "tokenreviews", &authenticationv1.TokenReview{Spec: authenticationv1.TokenReviewSpec{Token: "x"}}, `{"metadata":{},"spec":{"token":"x"},"status":{"user":{},"error":"invalid bearer token"}}`, ""},
		{"token", "tokenreviews", &authenticationv1.TokenReview{Spec: authenticationv1.TokenReviewSpec{Token: "root"}}, `{"metadata":{},"spec":{"token":"root"},"status":{"authenticated":true,"user":{"username":"root","uid":"0","groups":["system:masters","system:authenticated"]},"audiences":["https://kubernetes.default.svc"]}}`, ""},
		{"no token", "tokenreviews", &authenticationv1.TokenReview{}, "", "token is required for TokenReview in authentication"},
		{"own access", "selfsubjectaccessreviews", &authorizationv1.SelfSubjectAccessReview{Spec: authorizationv1.SelfSubjectAccessReviewSpec{ResourceAttributes: pods}}, `{"metadata":{},"spec":{"resourceAttributes":{"verb":"get","resource":"pods"}},"status":{"allowed":false}}`, ""},
		{"access to nothing", "selfsubjectaccessreviews", &authorizationv1.SelfSubjectAccessReview{}, "", `.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified`},
		{"another's access", "subjectaccessreviews", &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{User: "bob", ResourceAttributes: pods}}, `{"metadata":{},"spec":{"resourceAttributes":{"verb":"get","resource":"pods"},"user":"bob"},"status":{"allowed":true}}`, ""},
		{"nobody's access", "subjectaccessreviews", &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{ResourceAttributes: pods}}, "", `.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified`},
		{"access elsewhere", "localsubjectaccessreviews", &authorizationv1.LocalSubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{User: "bob", ResourceAttributes: &authorizationv1.ResourceAttributes{Namespace: "foo", Verb: "get", Resource: "pods"}}}, "", `.authorization.k8s.io "" is invalid: spec.resourceAttributes.namespace: Invalid value: "foo": must match metadata.namespace`},
		{"rules", "selfsubjectrulesreviews", &authorizationv1.SelfSubjectRulesReview{Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: "default"}}, `{"metadata":{},"spec":{},"status":{"resourceRules":[{"verbs":["create"],"apiGroups":["authorization.k8s.io"],"resources":["selfsubjectaccessreviews","selfsubjectrulesreviews"]},{"verbs":["create"],"apiGroups":["authentication.k8s.io"],"resources":["selfsubjectreviews"]}],"nonResourceRules":[{"verbs":["get"],"nonResourceURLs":["/healthz","/livez","/readyz","/version","/version/"]},{"verbs":["get"],"nonResourceURLs":["/api","/api/*","/apis","/apis/*","/openapi","/openapi/*"]}],"incomplete":false}}`, ""},
		{"rules of nowhere", "selfsubjectrulesreviews", &authorizationv1.SelfSubjectRulesReview{}, "", "no namespace on request"},
		{"other version", "tokenreviews", &authorizationv1.SelfSubjectRulesReview{}, "", "reviews are answered in version v1 only, not as a *v1.SelfSubjectRulesReview"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			review := reviews[schema.GroupResource{Group: group(tc.resource), Resource: tc.resource}]
			plain := User{Name: "plain", UID: "plain", Groups: []string{Authenticated}, Extra: map[string][]string{"k": {"v"}}}
			got, err := review(t.Context(), plain, "default", tc.obj)
			if tc.err != "" {
				if err == nil || err.Error() != tc.err {
					t.Errorf("got %v, want %s", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			data, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, string(data)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
