package codec

import (
	"errors"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":{"a":"b"}}`, `{"kind":"Foo","apiVersion":"ex.io/v1","metadata":{"a":1},"spec":[null]}`,
		"a: &a [*a]", "k8s\x00\n\x0f\n\x02v1", "\xd9\xd9\xf7\xa1Dkind", "[]", "null", `{"metadata":null}`, `{"kind":"Foo","apiVersion":"ex.io/v1","metadata":[]}`,
	} {
		f.Add("application/json", seed, "")
		f.Add("application/yaml", seed, "Strict")
		f.Add("application/vnd.kubernetes.protobuf", seed, "Warn")
		f.Add("application/cbor", seed, "Strict")
	}
	c, configMaps := newCodec(), at(f, "", "v1", "configmaps")
	f.Fuzz(func(t *testing.T, contentType, body, validation string) {
		for _, target := range []kind.Target{configMaps, foos("v1")} {
			obj, _, err := c.Decode(contentType, []byte(body), target, validation)
			var status apierrors.APIStatus
			if err != nil && !errors.As(err, &status) {
				t.Errorf("%v is no status", err)
			}
			if err != nil {
				continue
			}
			for _, as := range []As{AsItself, AsTable, AsPartialMetadata} {
				if _, err := c.Object(Representation{Media: JSON, As: as, Version: "v1"}, target, obj, ""); err != nil {
					t.Errorf("decoded, and cannot be encoded: %v", err)
				}
			}
		}
	})
}

func FuzzNegotiate(f *testing.F) {
	for _, seed := range []string{"", "*/*", "application/json;as=Table;g=meta.k8s.io;v=v1,application/json", "a/b;q=2", ";;;,", "application/json;q=-1", "application/yaml;q=0.1,*/*;q=0.2"} {
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, accept string, stream bool) {
		r := get("", "/")
		r.Header.Set("Accept", accept)
		rep, err := Negotiate(r, Offer{Stream: stream, Transform: true})
		if err == nil && (rep.Media == "" || stream != rep.Stream || stream && rep.Media == YAML) {
			t.Errorf("%q: %+v", accept, rep)
		}
		if rep := NegotiateStatus(r); rep.Media == "" || rep.As != AsItself {
			t.Errorf("%q: %+v", accept, rep)
		}
	})
}
