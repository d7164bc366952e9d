package execinfo

import (
	"strings"
	"testing"

	v1 "github.com/kubewright/kubewright/pkg/apis/clientauthentication/v1"
	"github.com/kubewright/kubewright/pkg/apis/clientauthentication/v1beta1"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestLoadExecCredential(t *testing.T) {
	const cluster = `{"server":"https://host","certificate-authority-data":"Q0E=","proxy-url":"http://u:` + canary.Secret + `@proxy","config":{"audience":"me"}}`
	for _, version := range []string{"v1", "v1beta1"} {
		t.Setenv(variable, `{"apiVersion":"client.authentication.k8s.io/`+version+`","kind":"ExecCredential","spec":{"interactive":true,"cluster":`+cluster+`}}`)
		object, config, err := LoadExecCredentialFromEnv()
		if err != nil {
			t.Fatal(err)
		}
		if config.Host != "https://host" || string(config.CAData) != "CA" || config.Proxy == nil || config.BearerToken != "" {
			t.Errorf("got %+v", config)
		}
		var raw []byte
		switch credential := object.(type) {
		case *v1.ExecCredential:
			raw = credential.Spec.Cluster.Config.Raw
		case *v1beta1.ExecCredential:
			raw = credential.Spec.Cluster.Config.Raw
		}
		if string(raw) != `{"audience":"me"}` || object.GetObjectKind().GroupVersionKind().Version != version {
			t.Errorf("%s: got %T with configuration %s", version, object, raw)
		}
	}
}

// The errors of decoders repeat values, and the whole input if it has no kind.
func TestErrorsDoNotRepeatThePasswordOfAProxy(t *testing.T) {
	const (
		decode  = "unable to decode an ExecCredential: want it as JSON or YAML"
		kind    = `{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",`
		cluster = `"spec":{"cluster":{"proxy-url":"http://u:` + canary.Secret + `@`
	)
	for data, want := range map[string]string{
		canary.Secret:                          decode,
		"kind: !!int " + canary.Secret:         decode,
		"kind: *" + canary.Secret:              decode,
		"{" + cluster + `p"}}}`:                decode,
		kind + cluster + `p","server":true}}}`: decode,
		kind + cluster + `[x"}}}`:              "proxy URL is not valid",
	} {
		if _, _, err := LoadExecCredential([]byte(data)); err == nil || !strings.Contains(canary.Err(t, err).Error(), want) {
			t.Errorf("%s: got %v, want %q", data, err, want)
		}
	}
}

func TestWhatIsNoExecCredential(t *testing.T) {
	for data, want := range map[string]string{
		"":  "unable to decode an ExecCredential",
		"{": "unable to decode an ExecCredential",
		`{"apiVersion":"client.authentication.k8s.io/v2","kind":"ExecCredential"}`:                                              `no kind "ExecCredential" is registered for version "client.authentication.k8s.io/v2"`,
		`{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential"}`:                                              "says nothing of the cluster: set provideClusterInfo",
		`{"apiVersion":"client.authentication.k8s.io/v1","kind":"ListOptions"}`:                                                 "unable to convert client.authentication.k8s.io/v1, Kind=ListOptions",
		`{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"cluster":{"proxy-url":"http://[x"}}}`: "proxy URL is not valid",
	} {
		if _, _, err := LoadExecCredential([]byte(data)); err == nil || !strings.Contains(canary.Err(t, err).Error(), want) {
			t.Errorf("%s: got %v, want %q", data, err, want)
		}
	}
	t.Setenv(variable, "")
	if _, _, err := LoadExecCredentialFromEnv(); err == nil || !strings.Contains(canary.Err(t, err).Error(), "KUBERNETES_EXEC_INFO is not set") {
		t.Error(err)
	}
}
