package rest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/yaml"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/internal/redact"
)

const secret = canary.Secret

func secretConfig() Config {
	return Config{
		Host:            "https://user:" + secret + "@host/path",
		Password:        secret,
		BearerToken:     secret,
		AuthProvider:    &api.AuthProviderConfig{Name: "p", Config: map[string]string{"token": secret}},
		ExecProvider:    &api.ExecConfig{Command: "c", Args: []string{secret}, Env: []api.ExecEnvVar{{Name: "n", Value: secret}}},
		TLSClientConfig: TLSClientConfig{KeyData: []byte(secret), CertData: []byte(secret), CAFile: "ca.pem"},
		UserAgent:       "agent",
		Impersonate:     ImpersonationConfig{UserName: "jane", Extra: map[string][]string{"scopes": {secret, secret}}},
	}
}

func TestNoVerbPrintsSecrets(t *testing.T) {
	c := secretConfig()
	for name, v := range map[string]any{
		"Config": c, "*Config": &c, "TLSClientConfig": c.TLSClientConfig, "*TLSClientConfig": &c.TLSClientConfig,
		"ImpersonationConfig": c.Impersonate, "*ImpersonationConfig": &c.Impersonate,
		"struct":  struct{ C Config }{c},
		"pointer": struct{ C *Config }{&c},
		"slice":   []Config{c},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
			out := fmt.Sprintf(verb, v)
			if len(canary.In(out)) > 0 {
				t.Errorf("%s of %s shows a secret:\n%s", verb, name, out)
			}
		}
	}
	for name, out := range map[string]string{"String": c.String(), "GoString": c.GoString(), "TLS String": c.TLSClientConfig.String(), "TLS GoString": c.TLSClientConfig.GoString()} {
		if strings.Contains(out, secret) || !strings.Contains(out, redact.Marker) || !strings.Contains(out, "ca.pem") {
			t.Errorf("%s: %s", name, out)
		}
	}
}

func TestLoggedConfigShowsNoSecrets(t *testing.T) {
	c := secretConfig()
	var buf bytes.Buffer
	for _, l := range []*slog.Logger{slog.New(slog.NewTextHandler(&buf, nil)), slog.New(slog.NewJSONHandler(&buf, nil))} {
		l.Info("x", "config", c, "pointer", &c, "tls", c.TLSClientConfig, "impersonate", c.Impersonate)
	}
	if out := buf.String(); strings.Contains(out, secret) || !strings.Contains(out, "agent") {
		t.Errorf("the log shows a secret, or nothing:\n%s", out)
	}
}

func TestEveryFieldOfConfigIsPrinted(t *testing.T) {
	config, printed := reflect.TypeFor[Config](), reflect.TypeFor[printedConfig]()
	for i := range config.NumField() {
		if name := config.Field(i).Name; i >= printed.NumField() || printed.Field(i).Name != name {
			t.Errorf("field %s is missing in printedConfig, or in another place", name)
		}
	}
	tls, printedTLS := reflect.TypeFor[TLSClientConfig](), reflect.TypeFor[printedTLSClientConfig]()
	for f := range tls.Fields() {
		if _, ok := printedTLS.FieldByName(f.Name); !ok {
			t.Errorf("field %s is missing in printedTLSClientConfig", f.Name)
		}
	}
	if out := fmt.Sprint(secretConfig()); !strings.Contains(out, "https://"+redact.Marker+"@host/path") {
		t.Errorf("the host cannot be told from %s", out)
	}
}

func TestMarshalledConfigShowsNoSecrets(t *testing.T) {
	c := secretConfig()
	for name, v := range map[string]any{
		"Config": c, "*Config": &c, "TLSClientConfig": c.TLSClientConfig, "*TLSClientConfig": &c.TLSClientConfig,
		"ImpersonationConfig": c.Impersonate, "struct": struct{ C *Config }{&c},
	} {
		asJSON, err := json.Marshal(v)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		asYAML, err := yaml.Marshal(v)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		outs := []string{string(asJSON), string(asYAML)}
		if m, ok := v.(interface{ MarshalYAML() (any, error) }); ok { // what the YAML packages that do not go by JSON call
			plain, err := m.MarshalYAML()
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			outs = append(outs, fmt.Sprintf("%+v", plain))
		}
		for _, out := range outs {
			if len(canary.In(out)) > 0 || strings.Contains(out, base64.StdEncoding.EncodeToString([]byte(secret))) || !strings.Contains(out, redact.Marker) {
				t.Errorf("%s shows a secret, or that it has none:\n%s", name, out)
			}
		}
	}
	var back TLSClientConfig
	data, _ := json.Marshal(c.TLSClientConfig)
	if err := json.Unmarshal(data, &back); err == nil {
		t.Error("what was redacted can be read back as if it were a key")
	}
	data, _ = json.Marshal(TLSClientConfig{ServerName: "s", CAFile: "ca.pem", NextProtos: []string{"h2"}})
	if err := json.Unmarshal(data, &back); err != nil || back.ServerName != "s" || back.CAFile != "ca.pem" || len(back.NextProtos) != 1 {
		t.Errorf("without secrets, %s came back as %v, error %v", data, back, err)
	}
}

func TestRedactURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://host/a":          "https://host/a",
		"https://u:p@host/a":      "https://" + redact.Marker + "@host/a",
		"https://u:p/q@host":      "https://" + redact.Marker + "@host",
		"u:p@host":                redact.Marker + "@host",
		"host:80":                 "host:80",
		"https://u:p@x@host:1:2/": "https://" + redact.Marker + "@host:1:2/",
	} {
		if got := redactURL(in); got != want {
			t.Errorf("redactURL(%q) = %q, want %q", in, got, want)
		}
	}
}

// A Secret that lacks its kind or version is in the error of the decoder.
func TestDecodeErrorsDoNotRepeatTheAnswer(t *testing.T) {
	for _, object := range []string{`{"data":{"k":"` + secret + `"}}`, `{"kind":"Secret","data":{"k":"` + secret + `"}}`} {
		body := object
		c := newTestClient(t, func(*http.Request) (*http.Response, error) {
			return respond(200, "application/json", []byte(body)), nil
		}, nil)
		if _, err := c.Get().Resource("secrets").Do(t.Context()).Get(); err == nil || !strings.Contains(canary.Err(t, err).Error(), "is missing in '"+redact.Marker) {
			t.Errorf("%s: error %v", object, err)
		}
		body = `{"type":"ADDED","object":` + object + `}`
		w, err := c.Get().Resource("secrets").Watch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		event := <-w.ResultChan()
		w.Stop()
		if canary.Hidden(t, event.Object); event.Type != watch.Error || !strings.Contains(fmt.Sprint(event.Object), redact.Marker) {
			t.Errorf("%s: event %v", object, event)
		}
	}
}
