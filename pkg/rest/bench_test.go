package rest

import (
	"context"
	"net/http"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// A GET of a small object over a transport that does nothing: what the client itself costs.
func BenchmarkGet(b *testing.B) {
	for _, mediaType := range []string{"application/json", "application/vnd.kubernetes.protobuf"} {
		b.Run(mediaType, func(b *testing.B) {
			body := encoded(b, mediaType, configMap())
			c := newTestClient(b, func(*http.Request) (*http.Response, error) { return respond(200, mediaType, body), nil }, func(c *Config) {
				c.BearerToken, c.UserAgent = "token", "agent"
			})
			b.ReportAllocs()
			for b.Loop() {
				var cm corev1.ConfigMap
				err := c.Get().UseProtobufAsDefault().Namespace("ns").Resource("configmaps").Name("cm").Do(context.Background()).Into(&cm)
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
