package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/flowcontrol"
)

// What client-go documents and no other test here names.

func TestIntoNilChecksTheAnswerOnly(t *testing.T) {
	code := http.StatusOK
	c := newTestClient(t, func(*http.Request) (*http.Response, error) {
		return respond(code, "text/plain", []byte("not an object")), nil
	}, nil)
	if err := c.Get().Do(t.Context()).Into(nil); err != nil {
		t.Errorf("success: %v", err)
	}
	code = http.StatusNotFound
	if err := c.Get().Do(t.Context()).Into(nil); err == nil {
		t.Error("a failure is no error")
	}
}

func TestParametersOfAnotherVersion(t *testing.T) {
	c := newTestClient(t, nil, nil)
	r := c.Get().Param("before", "1").SpecificallyVersionedParams(&metav1.ListOptions{LabelSelector: "a=b"}, testParameters, schema.GroupVersion{Version: "v1"})
	if got := r.URL().RawQuery; got != "before=1&labelSelector=a%3Db" || r.Error() != nil {
		t.Errorf("query %q, error %v", got, r.Error())
	}
	if err := c.Get().SpecificallyVersionedParams(&corev1.ConfigMap{}, testParameters, schema.GroupVersion{Group: "other", Version: "v9"}).Error(); err == nil || !strings.Contains(err.Error(), "other/v9") {
		t.Errorf("a version that has no such options: %v", err)
	}
}

// TestTheHandlerWithContextWins: WarningHandlerWithContext is preferred to WarningHandler, as Config says.
func TestTheHandlerWithContextWins(t *testing.T) {
	var with, without int
	c := newTestClient(t, func(*http.Request) (*http.Response, error) {
		return respond(http.StatusOK, "", nil, "Warning", `299 - "careful"`), nil
	}, func(config *Config) {
		config.WarningHandler = countingHandler{&without}
		config.WarningHandlerWithContext = countingContextHandler{&with}
	})
	if err := c.Get().Do(t.Context()).Error(); err != nil {
		t.Fatal(err)
	}
	if with != 1 || without != 0 {
		t.Errorf("with context: %d times, without: %d times", with, without)
	}
}

type countingHandler struct{ n *int }

func (c countingHandler) HandleWarningHeader(int, string, string) { *c.n++ }

type countingContextHandler struct{ n *int }

func (c countingContextHandler) HandleWarningHeaderWithContext(context.Context, int, string, string) {
	*c.n++
}

func TestIsRetryableErrorFuncCallsTheFunction(t *testing.T) {
	broken := errors.New("broken")
	f := IsRetryableErrorFunc(func(_ *http.Request, err error) bool { return errors.Is(err, broken) })
	if !f.IsErrorRetryable(nil, broken) || f.IsErrorRetryable(nil, context.Canceled) {
		t.Error("the function was not asked")
	}
}

// TestAnOwnLimiterWins: QPS and Burst are ignored if there is a RateLimiter.
func TestAnOwnLimiterWins(t *testing.T) {
	limiter := flowcontrol.NewFakeNeverRateLimiter()
	c := newTestClient(t, nil, func(config *Config) {
		config.QPS, config.Burst, config.RateLimiter = -1, -1, limiter
	})
	if c.GetRateLimiter() != limiter {
		t.Errorf("the limiter is %v", c.GetRateLimiter())
	}
	if got := (*RESTClient)(nil).GetRateLimiter(); got != nil {
		t.Errorf("no client has the limiter %v", got)
	}
}

func TestClientsOfAVersionNeedOne(t *testing.T) {
	config := testConfig("https://server.example")
	config.GroupVersion = nil
	if _, err := RESTClientForConfigAndClient(config, http.DefaultClient); !errors.Is(err, errNoGroupVersion) {
		t.Errorf("without GroupVersion: %v", err)
	}
	if _, err := UnversionedRESTClientForConfigAndClient(config, http.DefaultClient); err != nil {
		t.Errorf("unversioned: %v", err)
	}
}

func TestInClusterConfigOutsideOfACluster(t *testing.T) {
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	t.Setenv("KUBERNETES_SERVICE_PORT", "")
	if _, err := InClusterConfig(); !errors.Is(err, ErrNotInCluster) {
		t.Errorf("got %v", err)
	}
}

func TestRequestURIErrorsDoNotRepeatTheQuery(t *testing.T) {
	for _, uri := range []string{"/path?token=canary%zz", "path?token=canary", "https://server.example/path?token=canary", "/path/a%2Fb?token=canary"} {
		err := newTestClient(t, nil, nil).Get().RequestURI(uri).Error()
		if err == nil || strings.Contains(fmt.Sprintf("%+v", err), "canary") || !strings.Contains(err.Error(), "path") {
			t.Errorf("%s: got %v", uri, err)
		}
	}
}
