package clientcmd

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

const pluginKubeconfig = `
apiVersion: v1
kind: Config
current-context: exec
clusters:
- name: c
  cluster:
    server: https://host
    extensions:
    - name: client.authentication.k8s.io/exec
      extension: {"audience":"me"}
- name: plain
  cluster: {server: "http://host"}
users:
- name: exec
  user:
    exec:
      command: ./plugin
      args: [a]
      env: [{name: VAR, value: v}]
      apiVersion: client.authentication.k8s.io/v1
      interactiveMode: Never
      installHint: install it
      provideClusterInfo: true
- name: provider
  user:
    auth-provider: {name: p, config: {a: ` + canary.Secret + `}}
contexts:
- {name: exec, context: {cluster: c, user: exec}}
- {name: provider, context: {cluster: c, user: provider}}
- {name: plain, context: {cluster: plain, user: exec}}
`

func TestCredentialPluginsOfAKubeconfig(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "config")
	if err := os.WriteFile(file, []byte(pluginKubeconfig), 0o600); err != nil {
		t.Fatal(err)
	}
	load := func(context string) ClientConfig {
		return NewNonInteractiveDeferredLoadingClientConfig(&ClientConfigLoadingRules{ExplicitPath: file}, &ConfigOverrides{CurrentContext: context})
	}

	config, err := load("exec").ClientConfig()
	if err != nil {
		t.Fatal(err)
	}
	want := &api.ExecConfig{
		Command:            filepath.Join(dir, "plugin"),
		Args:               []string{"a"},
		Env:                []api.ExecEnvVar{{Name: "VAR", Value: "v"}},
		APIVersion:         "client.authentication.k8s.io/v1",
		InteractiveMode:    api.NeverExecInteractiveMode,
		InstallHint:        "install it",
		ProvideClusterInfo: true,
		Config:             &runtime.Unknown{Raw: []byte(`{"audience":"me"}`), ContentType: runtime.ContentTypeJSON},
	}
	if diff := cmp.Diff(want, config.ExecProvider); diff != "" {
		t.Error(diff)
	}

	if config, err = load("provider").ClientConfig(); err != nil {
		t.Fatal(err)
	}
	if config.AuthProvider == nil || config.AuthProvider.Name != "p" || config.AuthConfigPersister == nil {
		t.Fatalf("got %+v, want the provider and its persister", config)
	}
	if err := config.AuthConfigPersister.Persist(map[string]string{"a": "changed"}); err != nil {
		t.Fatal(err)
	}
	written, err := LoadFromFile(file)
	if err != nil || written.AuthInfos["provider"].AuthProvider.Config["a"] != "changed" {
		t.Errorf("the configuration of the provider was not written: %v", err)
	}

	if config, err = load("plain").ClientConfig(); err != nil || config.ExecProvider != nil {
		t.Errorf("the plugin would be run for a server without TLS (%v)", err)
	}
}
