package v1

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestCredentialsPrintRedacted(t *testing.T) {
	provider := AuthProviderConfig{Name: "shown", Config: map[string]string{"k": canary.Secret}}
	exec := ExecConfig{Command: "shown", Args: []string{canary.Secret}, Env: []ExecEnvVar{{Name: "n", Value: canary.Secret}}}
	env := ExecEnvVar{Name: "shown", Value: canary.Secret}
	user := AuthInfo{Username: "shown", Token: canary.Secret, Password: canary.Secret, ClientKeyData: []byte(canary.Secret), AuthProvider: &provider, Exec: &exec}
	config := Config{CurrentContext: "shown", AuthInfos: []NamedAuthInfo{{Name: "shown", AuthInfo: user}}}

	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "user", user, "provider", provider, "exec", &exec, "env", env)
	outs := []string{log.String()}
	for _, v := range []any{user, &user, provider, &provider, exec, &exec, env, &env, config, &config} {
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
	}
}

func TestInteractiveModeHasADefaultInOldVersionsOnly(t *testing.T) {
	for version, want := range map[string]ExecInteractiveMode{
		"client.authentication.k8s.io/v1alpha1": IfAvailableExecInteractiveMode,
		"client.authentication.k8s.io/v1beta1":  IfAvailableExecInteractiveMode,
		"client.authentication.k8s.io/v1":       "",
		"":                                      "",
	} {
		config := Config{AuthInfos: []NamedAuthInfo{{AuthInfo: AuthInfo{Exec: &ExecConfig{APIVersion: version}}}, {}}}
		SetObjectDefaults_Config(&config)
		if got := config.AuthInfos[0].AuthInfo.Exec.InteractiveMode; got != want {
			t.Errorf("%q: %q, want %q", version, got, want)
		}
	}
	kept := &ExecConfig{APIVersion: "client.authentication.k8s.io/v1beta1", InteractiveMode: NeverExecInteractiveMode}
	if SetDefaults_ExecConfig(kept); kept.InteractiveMode != NeverExecInteractiveMode {
		t.Errorf("%q", kept.InteractiveMode)
	}
}

func TestListsAreInTheOrderOfNames(t *testing.T) {
	in := api.NewConfig()
	for _, name := range []string{"b", "a", "c"} {
		in.Clusters[name], in.AuthInfos[name], in.Contexts[name] = api.NewCluster(), api.NewAuthInfo(), api.NewContext()
		in.Extensions[name] = &runtime.Unknown{Raw: []byte(`"` + name + `"`)}
	}
	var out Config
	if err := Convert_api_Config_To_v1_Config(in, &out, nil); err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range 3 {
		names = append(names, out.Clusters[i].Name+out.AuthInfos[i].Name+out.Contexts[i].Name+out.Extensions[i].Name+string(out.Extensions[i].Extension.Raw))
	}
	if d := cmp.Diff([]string{`aaaa"a"`, `bbbb"b"`, `cccc"c"`}, names); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestNamesThatAreThereTwiceAreAllTold(t *testing.T) {
	twice := Config{
		Clusters:   []NamedCluster{{Name: "a"}, {Name: "a", Cluster: Cluster{Server: "second"}}},
		Extensions: []NamedExtension{{Name: "e"}, {Name: "e"}, {Name: "f"}, {Name: "f"}},
	}
	twice.Clusters = append(twice.Clusters, NamedCluster{Name: "b", Cluster: Cluster{Extensions: []NamedExtension{{Name: "x"}, {Name: "x"}}}})
	out := map[string]*api.Cluster{}
	err := Convert_Slice_v1_NamedCluster_To_Map_string_To_Pointer_api_Cluster(&twice.Clusters, &out, nil)
	for _, want := range []string{`there are two clusters of name "a"`, `cluster "b": there are two extensions of name "x"`} {
		if err == nil || !strings.Contains(canary.Err(t, err).Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	if out["a"].Server != "" {
		t.Error("the second wins")
	}
	err = Convert_v1_Config_To_api_Config(&Config{Extensions: twice.Extensions}, api.NewConfig(), nil)
	for _, want := range []string{`there are two extensions of name "e"`, `there are two extensions of name "f"`} {
		if err == nil || !strings.Contains(canary.Err(t, err).Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestConfigIsAnObject(t *testing.T) {
	c := &Config{}
	c.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{Version: "v1", Kind: "Config"})
	if c.Kind != "Config" || c.APIVersion != "v1" || c.DeepCopyObject().GetObjectKind().GroupVersionKind() != c.GroupVersionKind() {
		t.Errorf("%v", c)
	}
}
