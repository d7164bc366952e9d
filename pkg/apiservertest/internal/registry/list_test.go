package registry_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

func (s *server) list(namespace string, o metav1.ListOptions) *registry.List {
	s.t.Helper()
	list, err := s.List(context.Background(), s.at("configmaps", namespace, ""), o)
	if err != nil {
		s.t.Fatalf("list: %v", err)
	}
	return list
}

func names(objects []kind.Object) string {
	var names []string
	for _, obj := range objects {
		names = append(names, obj.GetNamespace()+"/"+obj.GetName())
	}
	return strings.Join(names, " ")
}

// withConfigMaps has a, b, c in default, then x in kube-system; those in default have the label "tier" odd or even.
func withConfigMaps(t testing.TB) *server {
	s := newServer(t)
	for i, name := range []string{"a", "b", "c"} {
		in := configMap(name)
		in.Labels = map[string]string{"tier": []string{"even", "odd"}[i%2]}
		s.create("configmaps", "default", in)
	}
	in := configMap("x")
	in.Namespace = "kube-system"
	s.create("configmaps", "kube-system", in)
	return s
}

func TestListPagesAreOfOneRevision(t *testing.T) {
	for _, test := range []struct{ namespace, want, token string }{
		{"default", "default/a default/b default/c", `"start":"/a\u0000"`},
		{"", "default/a default/b default/c kube-system/x", `"start":"/default/a\u0000"`},
	} {
		t.Run(test.namespace, func(t *testing.T) {
			s := withConfigMaps(t)
			o := metav1.ListOptions{Limit: 1}
			var got []kind.Object
			first := s.list(test.namespace, o)
			for page := first; ; page = s.list(test.namespace, o) {
				got = append(got, page.Objects...)
				if page.Meta.ResourceVersion != first.Meta.ResourceVersion {
					t.Errorf("resourceVersion: got %s, want %s", page.Meta.ResourceVersion, first.Meta.ResourceVersion)
				}
				left := len(strings.Fields(test.want)) - len(got)
				if left == 0 {
					if page.Meta.Continue != "" || page.Meta.RemainingItemCount != nil {
						t.Errorf("last page: got %+v", page.Meta)
					}
					break
				}
				if page.Meta.RemainingItemCount == nil || *page.Meta.RemainingItemCount != int64(left) {
					t.Errorf("remainingItemCount: got %v, want %d", page.Meta.RemainingItemCount, left)
				}
				s.create("configmaps", "default", configMap(fmt.Sprintf("later-%d", left)))
				o.Continue = page.Meta.Continue
			}
			if names(got) != test.want {
				t.Errorf("got %s, want %s", names(got), test.want)
			}
			token, err := base64.RawURLEncoding.DecodeString(first.Meta.Continue)
			if err != nil || !strings.Contains(string(token), test.token) {
				t.Errorf("token: got %s, want %s", token, test.token)
			}
		})
	}
}

func TestListWithSelectorCountsNothing(t *testing.T) {
	s := withConfigMaps(t)
	first := s.list("", metav1.ListOptions{Limit: 1, LabelSelector: "tier=even"})
	if names(first.Objects) != "default/a" || first.Meta.Continue == "" || first.Meta.RemainingItemCount != nil {
		t.Errorf("first page: got %s, %+v", names(first.Objects), first.Meta)
	}
	second := s.list("", metav1.ListOptions{Limit: 1, LabelSelector: "tier=even", Continue: first.Meta.Continue})
	if names(second.Objects) != "default/c" || second.Meta.Continue == "" {
		t.Errorf("second page: got %s, %+v, want a token, since there is an object that may be selected", names(second.Objects), second.Meta)
	}
	third := s.list("", metav1.ListOptions{Limit: 1, LabelSelector: "tier=even", Continue: second.Meta.Continue})
	if len(third.Objects) != 0 || third.Meta.Continue != "" {
		t.Errorf("third page: got %s, %+v", names(third.Objects), third.Meta)
	}
	if got := s.list("", metav1.ListOptions{FieldSelector: "metadata.name=x"}); names(got.Objects) != "kube-system/x" {
		t.Errorf("by field: got %s", names(got.Objects))
	}
}

func TestListOfNothingIsNotNil(t *testing.T) {
	for _, selector := range []string{"", "a=b"} {
		if list := newServer(t).list("default", metav1.ListOptions{LabelSelector: selector}); list.Objects == nil || len(list.Objects) != 0 {
			t.Errorf("objects: got %v", list.Objects)
		}
	}
}

func TestListVersions(t *testing.T) {
	s := withConfigMaps(t)
	a, err := s.get("configmaps", "default", "a")
	if err != nil {
		t.Fatal(err)
	}
	old, now := a.GetResourceVersion(), strconv.FormatInt(s.store.Revision(), 10)
	const all, first = "default/a default/b default/c kube-system/x", "default/a"
	for _, test := range []struct {
		name    string
		options metav1.ListOptions
		want    string
		version string
		more    bool
	}{
		{"unset", metav1.ListOptions{}, all, now, false},
		{"any", metav1.ListOptions{ResourceVersion: "0"}, all, now, false},
		{"any has no pages", metav1.ListOptions{ResourceVersion: "0", Limit: 1}, all, now, false},
		{"a number alone is not older than", metav1.ListOptions{ResourceVersion: old}, all, now, false},
		{"a number and a limit are exact", metav1.ListOptions{ResourceVersion: old, Limit: 5}, first, old, false},
		{"exact", metav1.ListOptions{ResourceVersion: old, ResourceVersionMatch: "Exact"}, first, old, false},
		{"not older than, with a limit", metav1.ListOptions{ResourceVersion: old, ResourceVersionMatch: "NotOlderThan", Limit: 1}, first, now, true},
		{"a negative limit is none", metav1.ListOptions{Limit: -2}, all, now, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := s.list("", test.options)
			if names(got.Objects) != test.want || got.Meta.ResourceVersion != test.version || (got.Meta.Continue != "") != test.more {
				t.Errorf("got %s at %s, continue %q; want %s at %s", names(got.Objects), got.Meta.ResourceVersion, got.Meta.Continue, test.want, test.version)
			}
		})
	}
}

func TestListRefuses(t *testing.T) {
	s := withConfigMaps(t)
	now := s.store.Revision()
	next := s.list("", metav1.ListOptions{Limit: 1}).Meta.Continue
	tokenOf := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	tooLarge := fmt.Sprintf("Timeout: Too large resource version: 100000, current: %d", now)
	const invalid = `ListOptions.meta.k8s.io "" is invalid: `
	for _, test := range []struct {
		options metav1.ListOptions
		code    int32
		reason  metav1.StatusReason
		message string
	}{
		{metav1.ListOptions{ResourceVersion: "abc"}, 400, "BadRequest", `invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax`},
		{metav1.ListOptions{ResourceVersion: "100000"}, 504, "Timeout", tooLarge},
		{metav1.ListOptions{ResourceVersion: "100000", ResourceVersionMatch: "Exact"}, 504, "Timeout", tooLarge},
		{metav1.ListOptions{ResourceVersionMatch: "Exact"}, 422, "Invalid", invalid + "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided"},
		{metav1.ListOptions{ResourceVersionMatch: "Exact", ResourceVersion: "0"}, 422, "Invalid", invalid + `resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"`},
		{metav1.ListOptions{ResourceVersionMatch: "Foo", ResourceVersion: "5"}, 422, "Invalid", invalid + `resourceVersionMatch: Unsupported value: "Foo": supported values: "Exact", "NotOlderThan", ""`},
		{metav1.ListOptions{SendInitialEvents: new(true)}, 422, "Invalid", invalid + "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list"},
		{metav1.ListOptions{Continue: "abc"}, 400, "BadRequest", "invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value"},
		{metav1.ListOptions{Continue: tokenOf(`{"v":"meta.k8s.io/v2","rv":1,"start":"/a"}`)}, 400, "BadRequest", "invalid continue token: continue key is not valid: server does not recognize this encoded version meta.k8s.io/v2"},
		{metav1.ListOptions{Continue: tokenOf(`{"v":"meta.k8s.io/v1","rv":100000,"start":"/default/a"}`)}, 504, "Timeout", tooLarge},
		{metav1.ListOptions{Continue: next, ResourceVersion: "5"}, 400, "BadRequest", "specifying resource version is not allowed when using continue"},
		{metav1.ListOptions{FieldSelector: "foo=bar"}, 400, "BadRequest", `"foo" is not a known field selector: only "metadata.name", "metadata.namespace"`},
	} {
		t.Run(test.message, func(t *testing.T) {
			_, err := s.List(context.Background(), s.at("configmaps", "", ""), test.options)
			wantError(t, err, test.code, test.reason, test.message)
		})
	}
}

func TestTooLargeVersionHasItsCause(t *testing.T) {
	s := newServer(t)
	_, err := s.Get(context.Background(), s.at("configmaps", "default", "a"), metav1.GetOptions{ResourceVersion: "100000"})
	details := status(t, err).Details
	if details.RetryAfterSeconds != 1 || len(details.Causes) != 1 || details.Causes[0].Type != metav1.CauseTypeResourceVersionTooLarge {
		t.Errorf("details: got %+v", details)
	}
}

func TestGetRefuses(t *testing.T) {
	s := newServer(t)
	_, err := s.get("configmaps", "default", "nope")
	wantError(t, err, 404, "NotFound", `configmaps "nope" not found`)
	_, err = s.Get(context.Background(), s.at("configmaps", "default", "nope"), metav1.GetOptions{ResourceVersion: "abc"})
	wantError(t, err, 500, "", `resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax`)
}

func TestExpiredListsCanBeContinuedInconsistently(t *testing.T) {
	s := withConfigMaps(t)
	page := s.list("default", metav1.ListOptions{Limit: 1})
	s.create("configmaps", "default", configMap("aa"))
	if err := s.store.Compact(s.store.Revision()); err != nil {
		t.Fatal(err)
	}
	_, err := s.List(context.Background(), s.at("configmaps", "default", ""), metav1.ListOptions{Limit: 1, Continue: page.Meta.Continue})
	expired := status(t, err)
	if expired.Code != 410 || expired.Reason != metav1.StatusReasonExpired || expired.Continue == "" || !strings.HasPrefix(expired.Message, "The provided continue parameter is too old") {
		t.Fatalf("got %+v", expired)
	}
	rest := s.list("default", metav1.ListOptions{Continue: expired.Continue})
	if names(rest.Objects) != "default/aa default/b default/c" {
		t.Errorf("rest: got %s", names(rest.Objects))
	}
	_, err = s.List(context.Background(), s.at("configmaps", "default", ""), metav1.ListOptions{ResourceVersion: page.Meta.ResourceVersion, ResourceVersionMatch: "Exact"})
	wantError(t, err, 410, metav1.StatusReasonExpired, "The resourceVersion for the provided list is too old.")
}

func TestListIsSorted(t *testing.T) {
	s := withConfigMaps(t)
	if got := strings.Fields(names(s.list("", metav1.ListOptions{}).Objects)); !slices.IsSorted(got) {
		t.Errorf("got %v", got)
	}
}
