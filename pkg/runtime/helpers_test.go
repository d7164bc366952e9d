package runtime_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/pkg/runtime"
)

// sent is a request as it left the client.
type sent struct {
	Method, Path, Query, ContentType, Accept string
	Body                                     string
}

// server answers every request with one response and remembers the last request.
type server struct {
	status      int
	contentType string
	answer      string
	last        sent
}

func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	s.last = sent{
		Method:      r.Method,
		Path:        r.URL.EscapedPath(),
		Query:       r.URL.RawQuery,
		ContentType: r.Header.Get("Content-Type"),
		Accept:      r.Header.Get("Accept"),
	}
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		s.last.Body = strings.TrimSpace(string(body))
	}
	status, contentType := s.status, s.contentType
	if status == 0 {
		status = http.StatusOK
	}
	if contentType == "" {
		contentType = "application/json"
	}
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {contentType}},
		Body:       io.NopCloser(bytes.NewReader([]byte(s.answer))),
		Request:    r,
	}, nil
}

var coreV1 = runtime.NewAPI(corev1.SchemeGroupVersion, "/api", corev1.AddToScheme, autoscalingv1.AddToScheme)

func (s *server) restClient(t *testing.T) rest.Interface {
	t.Helper()
	client, err := coreV1.RESTClientFor(&rest.Config{Host: "https://server", Transport: s, QPS: -1})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

type configMaps = runtime.ClientWithList[*corev1.ConfigMap, *corev1.ConfigMapList]

func (s *server) configMaps(t *testing.T, namespace string, options ...runtime.Option[*corev1.ConfigMap]) *configMaps {
	t.Helper()
	return runtime.NewClientWithList("configmaps", s.restClient(t), coreV1.ParameterCodec(), namespace,
		func() *corev1.ConfigMap { return &corev1.ConfigMap{} },
		func() *corev1.ConfigMapList { return &corev1.ConfigMapList{} },
		options...)
}
