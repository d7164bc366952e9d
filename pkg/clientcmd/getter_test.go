package clientcmd

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/rest"
)

func TestBuildConfigFromKubeconfigGetter(t *testing.T) {
	get := func() (*api.Config, error) { return Load([]byte(completeKubeconfig)) }
	if c, err := BuildConfigFromKubeconfigGetter("", get); err != nil || c.Host != "https://data.example:6443" {
		t.Errorf("%v, %v", c, err)
	}
	if c, err := BuildConfigFromKubeconfigGetter("https://mine", get); err != nil || c.Host != "https://mine" {
		t.Errorf("with another server: %v, %v", c, err)
	}
	broken := errors.New("broken")
	if _, err := BuildConfigFromKubeconfigGetter("", func() (*api.Config, error) { return nil, broken }); !errors.Is(canary.Err(t, err), broken) {
		t.Errorf("error %v", err)
	}
}

func TestGetterKnowsNoFiles(t *testing.T) {
	g := &ClientConfigGetter{func() (*api.Config, error) { return api.NewConfig(), nil }}
	if g.GetDefaultFilename() != "" || g.IsExplicitFile() || g.GetExplicitFile() != "" || len(g.GetLoadingPrecedence()) > 0 || g.IsDefaultConfig(&rest.Config{}) {
		t.Error("it knows a file")
	}
	if c, err := g.GetStartingConfig(); c == nil || err != nil {
		t.Errorf("%v, %v", c, err)
	}
}

func TestDefaultServer(t *testing.T) {
	t.Setenv("KUBERNETES_MASTER", "https://master")
	if got := defaultServer(); got != "https://master" {
		t.Errorf("%s", got)
	}
	t.Setenv("KUBERNETES_MASTER", "")
	if got := defaultServer(); got != "http://localhost:8080" {
		t.Errorf("%s", got)
	}
	if c, err := DefaultClientConfig.ClientConfig(); err != nil || c.Host != ClusterDefaults.Server {
		t.Errorf("%v, %v", c, err)
	}
}

func TestGetConfigFromFileOrDie(t *testing.T) {
	dir := t.TempDir()
	for content, dies := range map[string]bool{"": false, "users: [{name: u, user: {token: !!int " + canary.Secret + "}}]": true} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), dieVariable+"="+write(t, dir, "config", content))
		if out, err := cmd.CombinedOutput(); (err != nil) != dies || dies && !strings.Contains(string(out), "it is not YAML") || len(canary.In(string(out))) > 0 {
			t.Errorf("%q: %v\n%s", content, err, out)
		}
	}
	if c := GetConfigFromFileOrDie(filepath.Join(dir, "none")); !api.IsConfigEmpty(c) {
		t.Errorf("of a file that is not there: %v", c)
	}
}

func TestAuthProviderGetsAPersister(t *testing.T) {
	path := write(t, t.TempDir(), "config", `{clusters: [{name: c, cluster: {server: "https://h"}}], users: [{name: u, user: {auth-provider: {name: oidc, config: {id-token: `+canary.Secret+`}}}}],
contexts: [{name: x, context: {cluster: c, user: u}}], current-context: x}`)
	c, err := BuildConfigFromFlags("", path)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AuthConfigPersister.Persist(map[string]string{"id-token": canary.Secret + "new"}); err != nil || load(t, path).AuthInfos["u"].AuthProvider.Config["id-token"] != canary.Secret+"new" {
		t.Errorf("%v\n%s", err, read(t, path))
	}
}
