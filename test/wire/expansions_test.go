package wire

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1beta1 "k8s.io/api/events/v1beta1"
	policyv1 "k8s.io/api/policy/v1"
	policyv1beta1 "k8s.io/api/policy/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/utils/ptr"
)

// TestExpansions is about what hand-written methods of typed clients make of their arguments. TestTypedClients calls each
// of them, but for those that are here only.
func TestExpansions(t *testing.T) {
	text := reply(http.StatusOK, "text/plain", "line 1\nline 2\n")
	done := reply(http.StatusCreated, runtime.ContentTypeJSON, `{"kind":"Status","apiVersion":"v1","status":"Success"}`)
	list := reply(http.StatusOK, runtime.ContentTypeJSON, `{"kind":"EventList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"e"}}]}`)
	event := reply(http.StatusCreated, runtime.ContentTypeJSON, `{"kind":"Event","apiVersion":"v1","metadata":{"name":"e"}}`)
	betaEvent := reply(http.StatusCreated, runtime.ContentTypeJSON, `{"kind":"Event","apiVersion":"events.k8s.io/v1beta1","metadata":{"name":"e"}}`)
	gone := reply(http.StatusNotFound, runtime.ContentTypeJSON, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}`)
	busy := reply(http.StatusTooManyRequests, runtime.ContentTypeJSON, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"TooManyRequests","code":429,"details":{"causes":[{"reason":"DisruptionBudget"}]}}`)

	ctx := fresh(func() any { return quiet(context.Background()) })
	logs := &corev1.PodLogOptions{
		Container: "c", Follow: true, Previous: true, SinceSeconds: ptr.To[int64](5), SinceTime: ptr.To(metav1.NewTime(time.Unix(1_780_000_000, 0).UTC())),
		Timestamps: true, TailLines: ptr.To[int64](10), LimitBytes: ptr.To[int64](100), InsecureSkipTLSVerifyBackend: true, Stream: ptr.To("Stderr"),
	}
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: "ns", UID: "u"}}
	proxy := func(resource string, args ...any) steps {
		return chain(call(resource, "ns"), call("ProxyGet", args...), call("DoRaw", ctx))
	}
	search := func(namespace string, object any) steps {
		return chain(call("Events", namespace), call("SearchWithContext", ctx, scheme, object))
	}
	selector := func(args ...any) steps {
		return chain(call("Events", "ns"), call("GetFieldSelector", args...), call("String"))
	}
	inNamespace := metav1.ObjectMeta{Name: "a", Namespace: "ns"}
	for _, c := range []struct {
		name   string
		group  string
		steps  steps
		answer answer
	}{
		{"logs", "CoreV1", chain(call("Pods", "ns"), call("GetLogs", "a", logs), call("DoRaw", ctx)), text},
		{"logs as a stream", "CoreV1", chain(call("Pods", "ns"), call("GetLogs", "a", logs), call("Stream", ctx)), text},
		{"logs without options", "CoreV1", chain(call("Pods", "ns"), call("GetLogs", "a", &corev1.PodLogOptions{}), call("Stream", ctx)), text},
		{"logs of no pod", "CoreV1", chain(call("Pods", "ns"), call("GetLogs", "", logs), call("DoRaw", ctx)), text},
		{"logs in no namespace", "CoreV1", chain(call("Pods", ""), call("GetLogs", "a", logs), call("DoRaw", ctx)), text},
		{"logs that are not there", "CoreV1", chain(call("Pods", "ns"), call("GetLogs", "a", logs), call("Stream", ctx)), gone},

		{"proxy to a pod", "CoreV1", proxy("Pods", "", "a", "", "", nil), text},
		{"proxy to a port of a pod", "CoreV1", proxy("Pods", "", "a", "8080", "/metrics/", map[string]string{"k": "v w", "l": ""}), text},
		{"proxy with a scheme", "CoreV1", proxy("Pods", "https", "a", "", "x/y", map[string]string{}), text},
		{"proxy to a service", "CoreV1", proxy("Services", "https", "a", "web", "x", map[string]string{"k": "v"}), text},
		{"proxy to no name", "CoreV1", proxy("Services", "", "", "", "x", nil), text},
		{"proxy in no namespace", "CoreV1", chain(call("Pods", ""), call("ProxyGet", "", "a", "", "x", nil), call("DoRaw", ctx)), text},
		{"proxy as a stream", "CoreV1", chain(call("Services", "ns"), call("ProxyGet", "http", "a", "80", "x", nil), call("Stream", ctx)), text},

		{"evict from another namespace", "CoreV1", chain(call("Pods", "other"), call("EvictV1", ctx, &policyv1.Eviction{ObjectMeta: inNamespace})), done},
		{"evict from all namespaces", "CoreV1", chain(call("Pods", ""), call("EvictV1", ctx, &policyv1.Eviction{ObjectMeta: inNamespace})), done},
		{"evict a pod without a namespace", "CoreV1", chain(call("Pods", "ns"), call("EvictV1beta1", ctx, &policyv1beta1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: "a"}})), done},
		{"evict a pod without a name", "CoreV1", chain(call("Pods", "ns"), call("EvictV1", ctx, &policyv1.Eviction{})), done},
		{"evict what a budget protects", "CoreV1", chain(call("Pods", "ns"), call("EvictV1", ctx, &policyv1.Eviction{ObjectMeta: inNamespace})), busy},
		{"eviction from another namespace", "PolicyV1", chain(call("Evictions", "other"), call("Evict", ctx, &policyv1.Eviction{ObjectMeta: inNamespace})), done},
		{"eviction from all namespaces", "PolicyV1", chain(call("Evictions", ""), call("Evict", ctx, &policyv1.Eviction{ObjectMeta: inNamespace})), done},
		{"eviction without a namespace", "PolicyV1beta1", chain(call("Evictions", "ns"), call("Evict", ctx, &policyv1beta1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: "a"}})), done},
		{"bind in another namespace", "CoreV1", chain(call("Pods", "other"), call("Bind", ctx, &corev1.Binding{ObjectMeta: inNamespace}, metav1.CreateOptions{})), done},

		{"event from all namespaces", "CoreV1", chain(call("Events", ""), call("CreateWithEventNamespaceWithContext", ctx, &corev1.Event{ObjectMeta: inNamespace})), event},
		{"event from another namespace", "CoreV1", chain(call("Events", "other"), call("CreateWithEventNamespaceWithContext", ctx, &corev1.Event{ObjectMeta: inNamespace})), event},
		{"event without a namespace", "CoreV1", chain(call("Events", ""), call("CreateWithEventNamespaceWithContext", ctx, &corev1.Event{})), event},
		{"event update from all namespaces", "CoreV1", chain(call("Events", ""), call("UpdateWithEventNamespaceWithContext", ctx, &corev1.Event{ObjectMeta: inNamespace})), event},
		{"event update from another namespace", "CoreV1", chain(call("Events", "other"), call("UpdateWithEventNamespaceWithContext", ctx, &corev1.Event{ObjectMeta: inNamespace})), event},
		{"event patch from all namespaces", "CoreV1", chain(call("Events", ""), call("PatchWithEventNamespaceWithContext", ctx, &corev1.Event{ObjectMeta: inNamespace}, []byte("{}"))), event},
		{"event patch from another namespace", "CoreV1", chain(call("Events", "other"), call("PatchWithEventNamespaceWithContext", ctx, &corev1.Event{ObjectMeta: inNamespace}, []byte("{}"))), event},
		{"beta event from all namespaces", "EventsV1beta1", chain(call("Events", ""), call("CreateWithEventNamespace", &eventsv1beta1.Event{ObjectMeta: inNamespace})), betaEvent},
		{"beta event from another namespace", "EventsV1beta1", chain(call("Events", "other"), call("CreateWithEventNamespace", &eventsv1beta1.Event{ObjectMeta: inNamespace})), betaEvent},

		{"search for a pod", "CoreV1", search("ns", pod), list},
		{"search everywhere", "CoreV1", search("", pod), list},
		{"search for a reference", "CoreV1", search("ns", &corev1.ObjectReference{Namespace: "ns", Name: "a", Kind: "Node"}), list},
		{"search for a bare reference", "CoreV1", search("", &corev1.ObjectReference{Name: "a"}), list},
		{"search for a list", "CoreV1", search("", &corev1.PodList{}), list},
		{"search in another namespace", "CoreV1", search("other", pod), list},
		{"search for nothing", "CoreV1", search("ns", nil), list},
		{"search that fails", "CoreV1", search("ns", pod), gone},

		{"selector", "CoreV1", selector(ptr.To("a"), ptr.To("ns"), ptr.To("Pod"), ptr.To("u")), event},
		{"selector of a name", "CoreV1", selector(ptr.To("a"), nil, nil, nil), event},
		{"selector of nothing", "CoreV1", selector(nil, nil, nil, nil), event},
		{"selector of what is empty", "CoreV1", selector(ptr.To(""), ptr.To(""), ptr.To(""), ptr.To("")), event},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := func(s stack) outcome {
				return observe(t, []answer{c.answer}, func(_ context.Context, rt http.RoundTripper, o *outcome) error {
					clients, err := s.typed(options{contentType: runtime.ContentTypeJSON}, rt)
					if err != nil {
						return err
					}
					returned, err := c.steps.on(clients[c.group])
					if err != nil {
						return err
					}
					return o.noteReturned(returned, nil)
				})
			}
			ours, theirs := run(ours), run(theirs)
			sortTerms(ours)
			sortTerms(theirs)
			same(t, ours, theirs)
		})
	}
}

// sortTerms gives the terms of field selectors an order. With client-go they have none.
func sortTerms(o outcome) {
	sorted := func(selector string) string { return strings.Join(slices.Sorted(strings.SplitSeq(selector, ",")), ",") }
	for _, request := range o.requests {
		if selector := request.Query.Get("fieldSelector"); selector != "" {
			request.Query.Set("fieldSelector", sorted(selector))
		}
	}
	if text, ok := o.fields["text"].(string); ok {
		o.fields["text"] = sorted(text)
	}
}
