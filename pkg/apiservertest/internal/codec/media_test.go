package codec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNegotiate(t *testing.T) {
	const (
		table   = "application/json;as=Table;g=meta.k8s.io;v=v1"
		partial = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
		none    = "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf"
		only    = "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf"
		streams = "only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch"
	)
	object, watch := Offer{Transform: true}, Offer{Transform: true, Stream: true, Collection: true}
	for _, tc := range []struct {
		name, accept, agent, query string
		offer                      Offer
		want                       Representation
		err                        string
	}{
		{name: "no header", offer: object, want: Representation{Media: JSON}},
		{name: "anything", accept: "*/*", offer: object, want: Representation{Media: JSON}},
		{name: "half a wildcard is no route", accept: "application/*", offer: object, err: none},
		{name: "quality", accept: "application/json;q=0.1,application/yaml;q=0.9", offer: object, want: Representation{Media: YAML}},
		{name: "quality zero", accept: "application/json;q=0,application/yaml", offer: object, want: Representation{Media: YAML}},
		{name: "protobuf", accept: "application/vnd.kubernetes.protobuf", offer: object, want: Representation{Media: Protobuf}},
		{name: "custom objects have no protobuf", accept: "application/vnd.kubernetes.protobuf,application/json", offer: Offer{Custom: true}, want: Representation{Media: JSON}},
		{name: "nothing but protobuf for a custom object", accept: "application/vnd.kubernetes.protobuf", offer: Offer{Custom: true}, err: only},
		{name: "cbor", accept: "application/cbor", offer: object, want: Representation{Media: CBOR}},
		{name: "cbor sequence", accept: "application/cbor-seq", offer: watch, want: Representation{Media: CBOR, Stream: true}},
		{name: "html", accept: "text/html", offer: object, err: none},
		{name: "html of a collection", accept: "text/html", offer: watch, err: none + ", application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch"},
		{name: "garbage", accept: ";;;", offer: object, err: none},
		{name: "unknown parameter", accept: "application/json;foo=bar", offer: object, want: Representation{Media: JSON}},
		{name: "stream parameter of no watch", accept: "application/json;stream=watch", offer: object, want: Representation{Media: JSON}},
		{name: "unknown stream", accept: "application/json;stream=foo", offer: object, err: only},
		{name: "pretty by parameter", accept: "application/json;pretty=1", offer: object, want: Representation{Media: JSON, Pretty: true}},
		{name: "pretty by query", query: "?pretty=1", offer: object, want: Representation{Media: JSON, Pretty: true}},
		{name: "pretty for curl", agent: "curl/8", offer: object, want: Representation{Media: JSON, Pretty: true}},
		{name: "not pretty for curl that says so", agent: "curl/8", query: "?pretty=0", offer: object, want: Representation{Media: JSON}},
		{name: "no pretty watch", agent: "curl/8", offer: watch, want: Representation{Media: JSON, Stream: true}},
		{name: "watch in YAML", accept: "application/yaml", offer: watch, err: streams},
		{name: "watch in protobuf", accept: "application/vnd.kubernetes.protobuf;stream=watch", offer: watch, want: Representation{Media: Protobuf, Stream: true}},
		{name: "table", accept: table, offer: object, want: Representation{Media: JSON, As: AsTable, Version: "v1"}},
		{name: "table or else", accept: "application/json;as=Table;g=meta.k8s.io;v=v2,application/json", offer: object, want: Representation{Media: JSON}},
		{name: "table of unknown version", accept: "application/json;as=Table;g=meta.k8s.io;v=v2", offer: object, err: only},
		{name: "table of no group", accept: "application/json;as=Table", offer: object, err: only},
		{name: "table in protobuf", accept: "application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1", offer: object, err: only},
		{name: "table where there is none", accept: table, err: only},
		{name: "unknown transformation", accept: "application/json;as=Foo;g=meta.k8s.io;v=v1", offer: object, err: only},
		{name: "metadata in protobuf", accept: partial, offer: object, want: Representation{Media: Protobuf, As: AsPartialMetadata, Version: "v1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := get(tc.accept, "/"+tc.query)
			r.Header.Set("User-Agent", tc.agent)
			got, err := Negotiate(r, tc.offer)
			if tc.err != "" {
				if err == nil || err.Error() != tc.err {
					t.Fatalf("got %+v, %v, want the error %q", got, err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNegotiateStatus(t *testing.T) {
	for accept, want := range map[string]Representation{
		"":                                    {Media: JSON},
		"application/*":                       {Media: JSON},
		"application/vnd.kubernetes.protobuf": {Media: Protobuf},
		"application/yaml":                    {Media: YAML},
		"text/html":                           {Media: JSON, Pretty: true},
		"application/json;as=Table;g=meta.k8s.io;v=v1": {Media: JSON, Pretty: true},
	} {
		if diff := cmp.Diff(want, NegotiateStatus(get(accept, "/"))); diff != "" {
			t.Errorf("Accept: %s: %s", accept, diff)
		}
	}
}

func TestInputMedia(t *testing.T) {
	for _, tc := range []struct {
		contentType string
		custom      bool
		want        Media
	}{
		{"", false, JSON},
		{"application/json; charset=utf-8", false, JSON},
		{"application/vnd.kubernetes.protobuf", false, Protobuf},
		{"application/vnd.kubernetes.protobuf", true, ""},
		{"text/plain", false, ""},
	} {
		got, err := InputMedia(tc.contentType, tc.custom)
		if got != tc.want || (err != nil) != (tc.want == "") {
			t.Errorf("%q: got %q, %v, want %q", tc.contentType, got, err, tc.want)
		}
	}
}
