package api

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestCredentialsPrintRedacted(t *testing.T) {
	user := AuthInfo{Token: canary.Secret, Password: canary.Secret, ClientKeyData: []byte(canary.Secret), ClientCertificateData: []byte(canary.Secret), Username: "shown"}
	provider := AuthProviderConfig{Name: "shown", Config: map[string]string{"k": canary.Secret}}
	exec := ExecConfig{Command: "shown", Args: []string{canary.Secret}, Env: []ExecEnvVar{{Name: "n", Value: canary.Secret}}, Config: &runtime.Unknown{Raw: []byte(canary.Secret)}}
	env := ExecEnvVar{Name: "shown", Value: canary.Secret}
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
		for _, bad := range []string{canary.Secret, fmt.Sprintf("%x", canary.Secret), strings.Trim(fmt.Sprintf("%d", []byte(canary.Secret)), "[]")} {
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
	data, err := json.Marshal(AuthInfo{Token: canary.Secret})
	if err != nil || !strings.Contains(string(data), canary.Secret) {
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
	copied.AuthInfos["u"].Token = canary.Secret
	if c.AuthInfos["u"].Token != "" || copied.GroupVersionKind() != c.GroupVersionKind() || c.Kind != "Config" {
		t.Errorf("copy %v of %v", copied, c)
	}
}
