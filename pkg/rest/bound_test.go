package rest

import (
	"compress/gzip"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/internal/watchcause"
)

// bomb sends about a megabyte that is a gigabyte once it is decompressed, or as much of that as somebody reads.
func bomb(w http.ResponseWriter, code int, contentType, begin string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Encoding", "gzip")
	w.WriteHeader(code)
	z := gzip.NewWriter(w)
	_, _ = io.WriteString(z, begin)
	block := []byte(strings.Repeat("x", 1<<20))
	for range 1 << 10 {
		if _, err := z.Write(block); err != nil {
			return
		}
	}
	_ = z.Close()
}

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestCompressedErrorBodyIsBounded(t *testing.T) {
	c := newServerClient(t, func(w http.ResponseWriter, _ *http.Request) { bomb(w, 500, "text/plain", "") })
	n := allocated(func() {
		if err := c.Get().Do(t.Context()).Error(); !apierrors.IsInternalError(err) || len(canary.Err(t, err).Error()) > 2*maxErrorTextBytes {
			t.Errorf("error of %d bytes", len(canary.Err(t, err).Error()))
		}
	})
	if n > 64<<20 { // server included
		t.Errorf("%d bytes were allocated", n)
	}
}

func TestCompressedWatchFrameIsBounded(t *testing.T) {
	c := newServerClient(t, func(w http.ResponseWriter, _ *http.Request) { bomb(w, 200, "application/json", `{"type":"`) })
	n := allocated(func() {
		w, err := c.Get().Resource("pods").Watch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if events := collect(w); len(events) != 1 || lastCause(status(t, events[0])) != watchcause.Decoding {
			t.Errorf("events %v, want one that says that the frame is too large", events)
		}
	})
	if n > 16*maxFrameBytes {
		t.Errorf("%d bytes were allocated", n)
	}
}
