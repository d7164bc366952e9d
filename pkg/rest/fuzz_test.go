package rest

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/internal/watchcause"
)

// FuzzWatchStream checks that what a watch delivers does not depend on how the stream is cut into chunks, and that events
// come before the error that ends it, never after.
func FuzzWatchStream(f *testing.F) {
	for i, contentType := range []string{jsonStream, protobufStream, cborStream} {
		good := append(frameOf(f, contentType, "ADDED", configMap()), frameOf(f, contentType, "DELETED", configMap())...)
		f.Add(i, good, 5)
		f.Add(i, good[:len(good)-4], 40)
		f.Add(i, bytes.Replace(good, []byte("DELETED"), []byte("RENAMED"), 1), 9)
	}
	f.Add(0, []byte(`{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","data":{"k":1}}}`), 3)
	f.Add(0, []byte(`{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","code":410}} {"type":"BOOKMARK"}`), 30)
	f.Add(1, []byte("\xff\xff\xff\xff"), 1)
	f.Add(1, []byte("\x00\x00\x00\x00\x00\x00\x00\x01"), 4)
	f.Fuzz(func(t *testing.T, kind int, data []byte, split int) {
		contentType := []string{jsonStream, protobufStream, cborStream}[uint(kind)%3]
		if split < 0 || split > len(data) {
			split = 0
		}
		whole := collect(watchOf(t, contentType, stream(data, io.EOF)))
		parts := collect(watchOf(t, contentType, io.NopCloser(io.MultiReader(bytes.NewReader(data[:split]), bytes.NewReader(data[split:])))))
		if d := cmp.Diff(whole, parts); d != "" {
			t.Errorf("in one part and in two (-one +two):\n%s", d)
		}
		for i, e := range whole {
			if e.Object == nil {
				t.Errorf("event %d has no object", i)
			}
			if e.Type == watch.Error && i < len(whole)-1 && clientError(e) {
				t.Errorf("event %d is the error that ends the stream, and not the last", i)
			}
		}
	})
}

// clientError reports whether an event is one that the client has made itself.
func clientError(e watch.Event) bool {
	s, ok := e.Object.(*metav1.Status)
	return ok && (lastCause(s) == watchcause.Broken || lastCause(s) == watchcause.Decoding)
}

// FuzzWarningHeaders checks that no warning gets a control character onto a terminal, or more lines than it is.
func FuzzWarningHeaders(f *testing.F) {
	for _, s := range []string{
		`299 - "deprecated"`, `299 a "x", 299 b "y"`, `299 - "\"q\"" "Fri, 02 Jan 2026 03:04:05 GMT"`, "299 - \"\x1b[31m\"", `199 - "x"`, `299`, `299 - "` + strings.Repeat("x", 3000) + `"`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		var out bytes.Buffer
		warnings := handleWarnings(t.Context(), http.Header{"Warning": {value}}, contextlessWarningHandler{NewWarningWriter(&out, WarningWriterOptions{})})
		lines := strings.Split(out.String(), "\n")
		if len(lines)-1 > len(warnings) {
			t.Errorf("%d lines for %d warnings", len(lines)-1, len(warnings))
		}
		for _, line := range lines {
			if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("line %q", line)
			}
		}
	})
}
