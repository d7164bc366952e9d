package rest

import (
	"context"
	"fmt"
	"io"
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

// An event of an object of some 9 kB: framing and envelope are what the client adds to the decoding of the object.
func BenchmarkWatchEvent(b *testing.B) {
	cm := configMap()
	for i := range 300 {
		cm.Data[fmt.Sprintf("key-%d", i)] = "a value of some length"
	}
	for _, contentType := range []string{jsonStream, protobufStream} {
		b.Run(contentType, func(b *testing.B) {
			frame := frameOf(b, contentType, "MODIFIED", cm)
			c := newTestClient(b, func(*http.Request) (*http.Response, error) { return respond(200, contentType, nil), nil }, nil)
			resp := respond(200, contentType, nil)
			at := 0
			resp.Body = io.NopCloser(readerFunc(func(p []byte) (int, error) { // the frame, over and over
				n := copy(p, frame[at:])
				at = (at + n) % len(frame)
				return n, nil
			}))
			events, err := newEventReader(&c.content, resp)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(frame)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := events.next(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
