package registry_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

func (s *server) do(resource, name string, obj kind.Object) (registry.Result, error) {
	s.t.Helper()
	return s.Create(context.Background(), s.at(resource, "default", name), obj, metav1.CreateOptions{})
}

func binding(name, kind, node string) *corev1.Binding {
	return &corev1.Binding{ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{"k": "v"}}, Target: corev1.ObjectReference{Kind: kind, Name: node}}
}

func TestBinding(t *testing.T) {
	s := newServer(t)
	s.create("pods", "default", pod("p", ""))
	result, err := s.do("pods/binding", "p", binding("p", "Node", "n1"))
	if err != nil {
		t.Fatal(err)
	}
	if got := result.Object.(*metav1.Status); result.Code != 201 || got.Status != metav1.StatusSuccess {
		t.Errorf("answer: got %d %+v", result.Code, got)
	}
	obj, err := s.get("pods", "default", "p")
	if err != nil {
		t.Fatal(err)
	}
	if p := obj.(*corev1.Pod); p.Spec.NodeName != "n1" || p.Annotations["k"] != "v" || p.Status.Conditions[0].Type != corev1.PodScheduled {
		t.Errorf("pod: got %+v", p)
	}
	s.create("pods", "default", pod("q", ""))
	if _, err := s.do("bindings", "", binding("q", "Node", "n2")); err != nil {
		t.Errorf("as a resource of its own: %v", err)
	}
	if obj, err := s.get("pods", "default", "q"); err != nil || obj.(*corev1.Pod).Spec.NodeName != "n2" {
		t.Errorf("got %+v, %v", obj, err)
	}
	for _, test := range []struct {
		pod     string
		binding *corev1.Binding
		code    int32
		reason  metav1.StatusReason
		message string
	}{
		{"p", binding("p", "Node", "n1"), 409, "Conflict", `Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n1"`},
		{"p", binding("p", "Pod", "n1"), 500, "", `target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"`},
		{"p", binding("p", "Node", ""), 500, "", "target.name: Required value"},
		{"nope", binding("nope", "Node", "n1"), 404, "NotFound", `pods "nope" not found`},
		{"p", binding("zz", "Node", "n1"), 400, "BadRequest", "name in URL does not match name in Binding object"},
	} {
		_, err := s.do("pods/binding", test.pod, test.binding)
		wantError(t, err, test.code, test.reason, test.message)
	}
}

func TestEvictionAsksTheBudget(t *testing.T) {
	s := newServer(t)
	for _, name := range []string{"p", "q"} {
		in := pod(name, "")
		in.Labels = map[string]string{"app": "x"}
		s.create("pods", "default", in)
		s.mustMerge("pods/status", "default", name, `{"status":{"phase":"Running"}}`)
	}
	s.create("poddisruptionbudgets.policy", "default", &policyv1.PodDisruptionBudget{ObjectMeta: metav1.ObjectMeta{Name: "pdb"},
		Spec: policyv1.PodDisruptionBudgetSpec{Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "x"}}}})
	eviction := func(name string) *policyv1.Eviction {
		return &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: name}}
	}

	const refused = "Cannot evict pod as it would violate the pod's disruption budget."
	_, err := s.do("pods/eviction", "p", eviction("p"))
	wantError(t, err, 429, metav1.StatusReasonTooManyRequests, refused)
	if details := status(t, err).Details; details.RetryAfterSeconds != 10 || details.Causes[0].Type != policyv1.DisruptionBudgetCause || details.Causes[0].Message != "The disruption budget pdb is still being processed by the server." {
		t.Errorf("a budget that nobody has counted: got %+v", details)
	}
	s.mustMerge("poddisruptionbudgets.policy/status", "default", "pdb", `{"status":{"observedGeneration":1,"disruptionsAllowed":0,"currentHealthy":1,"desiredHealthy":1,"expectedPods":1}}`)
	_, err = s.do("pods/eviction", "p", eviction("p"))
	wantError(t, err, 429, metav1.StatusReasonTooManyRequests, refused)
	if details := status(t, err).Details; details.RetryAfterSeconds != 0 || details.Causes[0].Message != "The disruption budget pdb needs 1 healthy pods and has 1 currently" {
		t.Errorf("an empty budget: got %+v", details)
	}
	s.mustMerge("poddisruptionbudgets.policy/status", "default", "pdb", `{"status":{"disruptionsAllowed":1}}`)
	if result, err := s.do("pods/eviction", "p", eviction("p")); err != nil || result.Code != 201 || s.exists("pods", "default", "p") {
		t.Errorf("got %+v, %v, want the pod gone", result, err)
	}
	pdb, err := s.get("poddisruptionbudgets.policy", "default", "pdb")
	if err != nil {
		t.Fatal(err)
	}
	if got := pdb.(*policyv1.PodDisruptionBudget).Status; got.DisruptionsAllowed != 0 || len(got.DisruptedPods) != 1 || got.Conditions[0].Reason != policyv1.InsufficientPodsReason {
		t.Errorf("budget: got %+v", got)
	}
	marked := slices.ContainsFunc(s.store.Recorded(), func(e storage.Event) bool {
		p, ok := e.New.(*corev1.Pod)
		return ok && p.Name == "p" && slices.ContainsFunc(p.Status.Conditions, func(c corev1.PodCondition) bool { return c.Type == corev1.DisruptionTarget })
	})
	if !marked {
		t.Error("the pod's status has never said why it goes")
	}
	if _, err := s.do("pods/eviction", "q", eviction("q")); status(t, err).Code != 429 {
		t.Errorf("the next pod: got %v", err)
	}
	_, err = s.do("pods/eviction", "nope", eviction("nope"))
	wantError(t, err, 404, "NotFound", `pods "nope" not found`)
	_, err = s.do("pods/eviction", "q", eviction("other"))
	wantError(t, err, 400, "BadRequest", "name in URL does not match name in Eviction object")
}

func TestEphemeralContainersAndResizeWriteTheirPart(t *testing.T) {
	s := newServer(t)
	s.create("pods", "default", pod("p", "n"))
	got := s.mustMerge("pods/ephemeralcontainers", "default", "p", `{"metadata":{"labels":{"a":"b"}},"spec":{"nodeName":"m","ephemeralContainers":[{"name":"e","image":"i"}]}}`).(*corev1.Pod)
	if len(got.Spec.EphemeralContainers) != 1 || got.Spec.NodeName != "n" || got.Labels != nil || got.Generation != 2 {
		t.Errorf("ephemeralcontainers: got %+v", got)
	}
	got = s.mustMerge("pods/resize", "default", "p", `{"spec":{"containers":[{"name":"c","image":"z","resources":{"requests":{"cpu":"1"}}}]}}`).(*corev1.Pod)
	if c := got.Spec.Containers[0]; c.Image != "i" || c.Resources.Requests.Cpu().Value() != 1 || got.Generation != 3 {
		t.Errorf("resize: got %+v", got.Spec)
	}
}

func TestServiceAccountToken(t *testing.T) {
	s := newServer(t)
	account := s.create("serviceaccounts", "default", &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "sa"}})
	result, err := s.do("serviceaccounts/token", "sa", &authenticationv1.TokenRequest{})
	if err != nil {
		t.Fatal(err)
	}
	got := result.Object.(*authenticationv1.TokenRequest)
	if result.Code != 201 || got.Name != "sa" || *got.Spec.ExpirationSeconds != 3600 || got.Spec.Audiences[0] != "https://kubernetes.default.svc" {
		t.Errorf("got %d %+v", result.Code, got)
	}
	parts := strings.Split(got.Status.Token, ".")
	if len(parts) != 3 {
		t.Fatalf("token: got %q, want three parts", got.Status.Token)
	}
	data, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Subject    string `json:"sub"`
		Expires    int64  `json:"exp"`
		Issued     int64  `json:"iat"`
		Kubernetes struct {
			ServiceAccount struct{ UID string } `json:"serviceaccount"`
		} `json:"kubernetes.io"`
	}
	if err := json.Unmarshal(data, &claims); err != nil {
		t.Fatal(err)
	}
	if claims.Subject != "system:serviceaccount:default:sa" || claims.Expires-claims.Issued != 3600 || claims.Expires != got.Status.ExpirationTimestamp.Unix() ||
		claims.Kubernetes.ServiceAccount.UID != string(account.GetUID()) {
		t.Errorf("claims: got %s", data)
	}
	_, err = s.do("serviceaccounts/token", "sa", &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: new(int64(5))}})
	wantError(t, err, 422, metav1.StatusReasonInvalid, `TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes`)
	_, err = s.do("serviceaccounts/token", "sa", &authenticationv1.TokenRequest{ObjectMeta: metav1.ObjectMeta{Name: "b"}})
	wantError(t, err, 422, metav1.StatusReasonInvalid, `TokenRequest.authentication.k8s.io "sa" is invalid: metadata.name: Invalid value: "b": must match the service account name if specified`)
	_, err = s.do("serviceaccounts/token", "sa", &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{BoundObjectRef: &authenticationv1.BoundObjectReference{Kind: "Pod", Name: "none"}}})
	wantError(t, err, 404, "NotFound", `pods "none" not found`)
	_, err = s.do("serviceaccounts/token", "zz", &authenticationv1.TokenRequest{})
	wantError(t, err, 404, "NotFound", `serviceaccounts "zz" not found`)
}

func TestLogRefusesOptions(t *testing.T) {
	s := newServer(t)
	s.create("pods", "default", pod("p", "n"))
	for _, test := range []struct {
		options corev1.PodLogOptions
		want    string
	}{
		{corev1.PodLogOptions{TailLines: new(int64(-1))}, "tailLines: Invalid value: -1: must be greater than or equal to 0"},
		{corev1.PodLogOptions{LimitBytes: new(int64(0))}, "limitBytes: Invalid value: 0: must be greater than 0"},
		{corev1.PodLogOptions{SinceSeconds: new(int64(0))}, "sinceSeconds: Invalid value: 0: must be greater than 0"},
		{corev1.PodLogOptions{SinceSeconds: new(int64(1)), SinceTime: new(metav1.Now())}, "[]: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"},
	} {
		_, err := s.Log(context.Background(), s.at("pods", "default", "p"), &test.options)
		wantError(t, err, 422, metav1.StatusReasonInvalid, `PodLogOptions "p" is invalid: `+test.want)
	}
}

func TestLog(t *testing.T) {
	s := newServer(t)
	s.create("pods", "default", pod("p", "n"))
	two := pod("two", "n")
	two.Spec.Containers = append(two.Spec.Containers, corev1.Container{Name: "d", Image: "i"})
	s.create("pods", "default", two)
	for _, test := range []struct{ pod, container, want, refused string }{
		{"p", "", "log of container c of pod default/p\n", ""},
		{"two", "d", "log of container d of pod default/two\n", ""},
		{"two", "", "", "a container name must be specified for pod two, choose one of: [c d]"},
		{"p", "x", "", "container x is not valid for pod p"},
		{"nope", "", "", `pods "nope" not found`},
	} {
		r, err := s.Log(context.Background(), s.at("pods", "default", test.pod), &corev1.PodLogOptions{Container: test.container})
		if test.refused != "" {
			if err == nil || err.Error() != test.refused {
				t.Errorf("%s: got %v, want %s", test.pod, err, test.refused)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != test.want {
			t.Errorf("%s: got %q, %v", test.pod, got, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}
