package api

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const canary = "canary-19ff"

func TestCredentialsPrintRedacted(t *testing.T) {
	user := AuthInfo{Token: canary, Password: canary, ClientKeyData: []byte(canary), ClientCertificateData: []byte(canary), Username: "shown"}
	provider := AuthProviderConfig{Name: "shown", Config: map[string]string{"k": canary}}
	exec := ExecConfig{Command: "shown", Args: []string{canary}, Env: []ExecEnvVar{{Name: "n", Value: canary}}, Config: &runtime.Unknown{Raw: []byte(canary)}}
	env := ExecEnvVar{Name: "shown", Value: canary}
	whole := user
	whole.AuthProvider, whole.Exec = &provider, &exec

	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "user", user, "p", &user, "provider", provider, "exec", exec, "env", env)
	outs := []string{log.String(), user.String(), user.GoString(), provider.String(), provider.GoString(), exec.String(), exec.GoString(), env.String()}
	for _, v := range []any{user, &user, provider, &provider, exec, &exec, env, &env, whole, &whole, []AuthInfo{whole}, map[string]ExecConfig{"e": exec}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			outs = append(outs, fmt.Sprintf(verb, v))
		}
	}
	for _, out := range outs {
		for _, bad := range []string{canary, fmt.Sprintf("%x", canary), strings.Trim(fmt.Sprintf("%d", []byte(canary)), "[]")} {
			if strings.Contains(out, bad) {
				t.Errorf("a secret shows in %s", out)
			}
		}
		if !strings.Contains(out, "shown") {
			t.Errorf("what is no secret does not show in %s", out)
		}
	}
}

func TestCredentialsMarshalWhole(t *testing.T) {
	data, err := json.Marshal(AuthInfo{Token: canary})
	if err != nil || !strings.Contains(string(data), canary) {
		t.Errorf("%s, %v: a kubeconfig is written like this", data, err)
	}
}

func TestConfigIsAnObject(t *testing.T) {
	c := NewConfig()
	c.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{Version: "v1", Kind: "Config"})
	c.AuthInfos["u"] = NewAuthInfo()
	c.AuthInfos["u"].Exec = &ExecConfig{Config: redactedObject{}}
	c.Clusters["c"] = NewCluster()
	c.Contexts["x"] = NewContext()
	copied := c.DeepCopyObject().(*Config)
	copied.AuthInfos["u"].Token = "t"
	if c.AuthInfos["u"].Token != "" || copied.GroupVersionKind() != c.GroupVersionKind() || c.Kind != "Config" {
		t.Errorf("copy %v of %v", copied, c)
	}
}
