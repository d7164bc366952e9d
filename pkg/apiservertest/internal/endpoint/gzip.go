package endpoint

import (
	"compress/gzip"
	"net/http"
	"strings"
)

// gzipFrom is the size from which on answers are compressed.
const gzipFrom = 128 << 10

// compressed is an answer that is compressed if it turns out to be large, and the client accepts that. Until that is known it is kept back.
type compressed struct {
	w       http.ResponseWriter
	code    int
	accepts bool
	kept    []byte
	sent    bool // the head
	zip     *gzip.Writer
}

func compressing(w http.ResponseWriter, r *http.Request, code int) *compressed {
	return &compressed{w: w, code: code, accepts: acceptsGzip(r.Header.Values("Accept-Encoding"))}
}

func acceptsGzip(headers []string) bool {
	for _, one := range strings.Split(strings.Join(headers, ","), ",") {
		coding, params, _ := strings.Cut(one, ";")
		if strings.TrimSpace(coding) == "gzip" {
			q := strings.TrimSpace(params)
			return q != "q=0" && q != "q=0.0"
		}
	}
	return false
}

func (c *compressed) begun() bool { return c.sent }

// Write implements io.Writer.
func (c *compressed) Write(p []byte) (int, error) {
	switch {
	case c.zip != nil:
		return c.zip.Write(p)
	case c.sent:
		return c.w.Write(p) //nolint:gosec // no page: the Content-Type is that of an API
	case len(c.kept)+len(p) <= gzipFrom:
		c.kept = append(c.kept, p...)
		return len(p), nil
	}
	if c.accepts {
		c.w.Header().Set("Content-Encoding", "gzip")
		c.w.Header().Add("Vary", "Accept-Encoding")
		zip, err := gzip.NewWriterLevel(c.w, gzip.BestSpeed)
		if err != nil {
			return 0, err
		}
		c.zip = zip
	}
	if err := c.release(); err != nil {
		return 0, err
	}
	return c.Write(p)
}

// release sends the head, and what was kept back.
func (c *compressed) release() error {
	c.sent = true
	c.w.WriteHeader(c.code)
	kept := c.kept
	c.kept = nil
	_, err := c.Write(kept)
	return err
}

// Close sends what is left.
func (c *compressed) Close() error {
	if !c.sent {
		if err := c.release(); err != nil {
			return err
		}
	}
	if c.zip != nil {
		return c.zip.Close()
	}
	return nil
}
