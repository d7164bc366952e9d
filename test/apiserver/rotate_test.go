package apiserver

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net/http"
	"testing"
)

func TestRotatedServingCAIsThatOfServersThatStart(t *testing.T) {
	t.Parallel()
	c := StartForTest(t, Options{})
	s := c.Server(0)
	older, before := c.CA(), client(t, c, c.Admin())
	var announced []byte
	if err := c.RotateServingCA(func(ca []byte) { announced = ca }); err != nil {
		t.Fatal(err)
	}
	if newer := c.CA(); bytes.Equal(older, newer) || !bytes.Equal(announced, newer) {
		t.Error("want a new CA, and the one that was announced")
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	var mismatch *tls.CertificateVerificationError
	if resp, err := before.Get(s.URL() + "/version"); !errors.As(err, &mismatch) {
		if err == nil {
			_ = resp.Body.Close()
		}
		t.Errorf("error %v for a client of the old CA, want that the server is not known", err)
	}
	if code, answer := call(t, client(t, c, c.Admin()), http.MethodGet, s.URL()+"/version", nil); code != http.StatusOK {
		t.Errorf("%d %v", code, answer)
	}
}
