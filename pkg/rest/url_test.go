package rest

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestDefaultServerURL(t *testing.T) {
	for _, test := range []struct {
		host string
		tls  bool
		want string
	}{
		{"host", false, "http://host"},
		{"host", true, "https://host"},
		{"host:8080", false, "http://host:8080"},
		{"[::1]:6443", true, "https://[::1]:6443"},
		{"http://host", true, "http://host"},
		{"https://host/prefix", false, "https://host/prefix"},
	} {
		base, path, err := DefaultServerURL(test.host, "/apis", schema.GroupVersion{Group: "apps", Version: "v1"}, test.tls)
		if err != nil {
			t.Errorf("%s: %v", test.host, err)
			continue
		}
		if base.String() != test.want || path != "/apis/apps/v1" {
			t.Errorf("%s: %s and %s, want %s and /apis/apps/v1", test.host, base, path, test.want)
		}
	}
}

func TestDefaultServerURLErrorsHideThePassword(t *testing.T) {
	for _, test := range []struct{ host, want string }{
		{"", "the server's address is empty"},
		{"ftp://host", `its scheme is "ftp", want http or https`},
		{"https://", "it has no host name"},
		{"https://host?x=1", "it has a query or fragment"},
		{"https://user:secret@host\x7f", "is no valid host"},
		{"https://user:can/ary@host:port:x", "is no valid host"},
		{"ftp://user:secret@host", "its scheme"},
		{"https://host/base%2F/", "its path ends in an escaped slash"},
	} {
		_, _, err := DefaultServerURL(test.host, "", schema.GroupVersion{}, true)
		if err == nil || !strings.Contains(canary.Err(t, err).Error(), test.want) {
			t.Errorf("%q: error %v, want one with %q", test.host, err, test.want)
		}
		if err != nil && (strings.Contains(canary.Err(t, err).Error(), "canary") || strings.Contains(canary.Err(t, err).Error(), "can/ary")) {
			t.Errorf("%q: the error %v shows the password", test.host, err)
		}
	}
}

func TestDefaultServerURLRefusesGroupsAndVersionsThatLeadElsewhere(t *testing.T) {
	for _, test := range []struct {
		gv   schema.GroupVersion
		want string
	}{
		{schema.GroupVersion{Group: "..", Version: "v1"}, `invalid API group "..": may not be '..'`},
		{schema.GroupVersion{Group: "apps", Version: "../../api/v1"}, `invalid API version "../../api/v1": may not contain '/'`},
		{schema.GroupVersion{Group: "a/b", Version: "%2e%2e"}, "invalid API group \"a/b\": may not contain '/'\ninvalid API version \"%2e%2e\": may not contain '%'"},
	} {
		_, _, err := DefaultServerURL("host", "/apis", test.gv, true)
		if err == nil || canary.Err(t, err).Error() != test.want {
			t.Errorf("%v: error %v, want %s", test.gv, err, test.want)
		}
	}
}

func TestDefaultVersionedAPIPath(t *testing.T) {
	for _, test := range []struct {
		apiPath string
		gv      schema.GroupVersion
		want    string
	}{
		{"/api", schema.GroupVersion{Version: "v1"}, "/api/v1"},
		{"apis/", schema.GroupVersion{Group: "g", Version: "v1"}, "/apis/g/v1"},
		{"", schema.GroupVersion{}, "/"},
	} {
		if got := DefaultVersionedAPIPath(test.apiPath, test.gv); got != test.want {
			t.Errorf("DefaultVersionedAPIPath(%q, %v) = %q, want %q", test.apiPath, test.gv, got, test.want)
		}
	}
}

func TestSchemeFollowsTLSOptions(t *testing.T) {
	for _, test := range []struct {
		name   string
		config Config
		want   bool
	}{
		{"plain", Config{Host: "host"}, false},
		{"CA", Config{Host: "host", TLSClientConfig: TLSClientConfig{CAFile: "x"}}, true},
		{"certificate", Config{Host: "host", TLSClientConfig: TLSClientConfig{CertData: []byte("x")}}, true},
		{"insecure", Config{Host: "host", TLSClientConfig: TLSClientConfig{Insecure: true}}, true},
		{"scheme wins", Config{Host: "http://host", TLSClientConfig: TLSClientConfig{Insecure: true}}, false},
		{"https", Config{Host: "https://host"}, true},
		{"no valid host", Config{Host: "ftp://host"}, false},
	} {
		if got := IsConfigTransportTLS(test.config); got != test.want {
			t.Errorf("%s: IsConfigTransportTLS = %v, want %v", test.name, got, test.want)
		}
	}
}
