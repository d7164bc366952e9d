package clientcmd

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/rest"
)

func TestRulesSayWhereTheKubeconfigIs(t *testing.T) {
	dir := t.TempDir()
	there := write(t, dir, "there", "")
	none := filepath.Join(dir, "none")
	for _, test := range []struct {
		rules      ClientConfigLoadingRules
		precedence []string
		file       string
	}{
		{ClientConfigLoadingRules{}, nil, ""},
		{ClientConfigLoadingRules{Precedence: []string{none, there}}, []string{none, there}, there},
		{ClientConfigLoadingRules{Precedence: []string{none, none + "2"}}, []string{none, none + "2"}, none},
		{ClientConfigLoadingRules{Precedence: []string{"", none}}, []string{"", none}, none},
		{ClientConfigLoadingRules{ExplicitPath: none, Precedence: []string{there}}, []string{none}, none},
	} {
		rules := &test.rules
		if d := cmp.Diff(test.precedence, rules.GetLoadingPrecedence()); d != "" {
			t.Errorf("precedence (-want +got):\n%s", d)
		}
		if got := rules.GetDefaultFilename(); got != test.file {
			t.Errorf("default file %q, want %q", got, test.file)
		}
		if rules.IsExplicitFile() != (rules.ExplicitPath != "") || rules.GetExplicitFile() != rules.ExplicitPath || !rules.ResolvePaths() {
			t.Errorf("explicit file %v %q", rules.IsExplicitFile(), rules.GetExplicitFile())
		}
	}
}

func TestStartingConfig(t *testing.T) {
	dir := t.TempDir()
	rules := &ClientConfigLoadingRules{ExplicitPath: filepath.Join(dir, "none")}
	if c, err := rules.GetStartingConfig(); err != nil || len(c.Clusters) != 0 {
		t.Errorf("of a file that is not there: %v, %v", c, err)
	}
	rules.ExplicitPath = write(t, dir, "broken", "[")
	if _, err := rules.GetStartingConfig(); err == nil || !strings.Contains(canary.Err(t, err).Error(), "it is not YAML") {
		t.Errorf("of a broken file: error %v", err)
	}
}

func TestIsDefaultConfig(t *testing.T) {
	rules := &ClientConfigLoadingRules{}
	if rules.IsDefaultConfig(&rest.Config{Host: "h"}) {
		t.Error("there is a default without DefaultClientConfig")
	}
	rules.DefaultClientConfig = NewDefaultClientConfig(*api.NewConfig(), &ConfigOverrides{ClusterDefaults: api.Cluster{Server: "http://h"}})
	if !rules.IsDefaultConfig(&rest.Config{Host: "http://h"}) || rules.IsDefaultConfig(&rest.Config{Host: "http://x"}) {
		t.Error("the default is not recognized, or something else is")
	}
}

func TestConfirmUsable(t *testing.T) {
	c, err := Load([]byte(completeKubeconfig))
	if err != nil {
		t.Fatal(err)
	}
	direct := &DirectClientConfig{config: *c, overrides: &ConfigOverrides{}}
	if err := direct.ConfirmUsable(); err != nil || direct.ConfigAccess() != nil {
		t.Errorf("error %v", err)
	}
	direct.contextName = "files" // paths that are relative to nothing
	if err := direct.ConfirmUsable(); !IsConfigurationInvalid(err) {
		t.Errorf("error %v", err)
	}
	direct.contextName = "none"
	if err := direct.ConfirmUsable(); !IsContextNotFound(err) {
		t.Errorf("error %v", err)
	}
}

func TestCommandOfAPluginIsAPathIfItHasADirectory(t *testing.T) {
	for command, want := range map[string]string{"aws": "aws", "bin/aws": "/base/bin/aws", "/bin/aws": "/bin/aws"} {
		user := &api.AuthInfo{Exec: &api.ExecConfig{Command: command}}
		if err := ResolvePaths(GetAuthInfoFileReferences(user), "/base"); err != nil || user.Exec.Command != want {
			t.Errorf("%s: %s, %v, want %s", command, user.Exec.Command, err, want)
		}
	}
}

func TestMissingConfigErrorNamesTheFiles(t *testing.T) {
	if got, want := (MissingConfigError{[]string{"a", "b"}}).Error(), `kubeconfig not found: "a", "b"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
