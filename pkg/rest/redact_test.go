package rest

import (
	"bytes"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

const canary = "canary-5e3d9"

func secretConfig() Config {
	return Config{
		Host:            "https://user:" + canary + "@host/path",
		Password:        canary,
		BearerToken:     canary,
		AuthProvider:    &api.AuthProviderConfig{Name: "p", Config: map[string]string{"token": canary}},
		ExecProvider:    &api.ExecConfig{Command: "c", Args: []string{canary}, Env: []api.ExecEnvVar{{Name: "n", Value: canary}}},
		TLSClientConfig: TLSClientConfig{KeyData: []byte(canary), CertData: []byte(canary), CAFile: "ca.pem"},
		UserAgent:       "agent",
	}
}

func TestNoVerbPrintsSecrets(t *testing.T) {
	c := secretConfig()
	hexCanary := fmt.Sprintf("%x", canary)
	byteCanary := strings.Trim(fmt.Sprintf("%d", []byte(canary)), "[]")
	for name, v := range map[string]any{
		"Config": c, "*Config": &c, "TLSClientConfig": c.TLSClientConfig, "*TLSClientConfig": &c.TLSClientConfig,
		"struct":  struct{ C Config }{c},
		"pointer": struct{ C *Config }{&c},
		"slice":   []Config{c},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
			out := fmt.Sprintf(verb, v)
			for _, bad := range []string{canary, hexCanary, strings.ToUpper(hexCanary), byteCanary} {
				if strings.Contains(out, bad) {
					t.Errorf("%s of %s shows a secret:\n%s", verb, name, out)
				}
			}
		}
	}
	for name, out := range map[string]string{"String": c.String(), "GoString": c.GoString(), "TLS String": c.TLSClientConfig.String(), "TLS GoString": c.TLSClientConfig.GoString()} {
		if strings.Contains(out, canary) || !strings.Contains(out, redacted) || !strings.Contains(out, "ca.pem") {
			t.Errorf("%s: %s", name, out)
		}
	}
}

func TestLoggedConfigShowsNoSecrets(t *testing.T) {
	c := secretConfig()
	var buf bytes.Buffer
	for _, l := range []*slog.Logger{slog.New(slog.NewTextHandler(&buf, nil)), slog.New(slog.NewJSONHandler(&buf, nil))} {
		l.Info("x", "config", c, "pointer", &c, "tls", c.TLSClientConfig)
	}
	if out := buf.String(); strings.Contains(out, canary) || !strings.Contains(out, "agent") {
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
	if out := fmt.Sprint(secretConfig()); !strings.Contains(out, "https://"+redacted+"@host/path") {
		t.Errorf("the host cannot be told from %s", out)
	}
}

func TestRedactURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://host/a":          "https://host/a",
		"https://u:p@host/a":      "https://" + redacted + "@host/a",
		"https://u:p/q@host":      "https://" + redacted + "@host",
		"u:p@host":                redacted + "@host",
		"host:80":                 "host:80",
		"https://u:p@x@host:1:2/": "https://" + redacted + "@host:1:2/",
	} {
		if got := redactURL(in); got != want {
			t.Errorf("redactURL(%q) = %q, want %q", in, got, want)
		}
	}
}
