package exec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestValidatePluginPolicy(t *testing.T) {
	for _, c := range []struct {
		policy api.PluginPolicy
		want   string
	}{
		{api.PluginPolicy{}, ""},
		{api.PluginPolicy{PolicyType: api.PluginPolicyAllowAll}, ""},
		{api.PluginPolicy{PolicyType: api.PluginPolicyDenyAll}, ""},
		{api.PluginPolicy{PolicyType: api.PluginPolicyAllowlist, Allowlist: []api.AllowlistEntry{{Command: "a"}}}, ""},
		{api.PluginPolicy{PolicyType: "x"}, `unknown credential plugin policy "x"`},
		{api.PluginPolicy{Allowlist: []api.AllowlistEntry{}}, "there is an allowlist"},
		{api.PluginPolicy{PolicyType: api.PluginPolicyDenyAll, Allowlist: []api.AllowlistEntry{{Command: "a"}}}, "there is an allowlist"},
		{api.PluginPolicy{PolicyType: api.PluginPolicyAllowlist}, "the allowlist is empty"},
		{api.PluginPolicy{PolicyType: api.PluginPolicyAllowlist, Allowlist: []api.AllowlistEntry{{Command: "a"}, {}}}, "entry 2 of the credential plugin allowlist is empty"},
	} {
		err := ValidatePluginPolicy(c.policy)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(canary.Err(t, err).Error(), c.want) {
			t.Errorf("%+v: got %v, want %q", c.policy, err, c.want)
		}
	}
}

func TestPolicyDecidesWhichPluginsRun(t *testing.T) {
	self := configFor(t, "token").Command
	dir := t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, "onpath")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Chdir(dir)
	list := func(commands ...string) api.PluginPolicy {
		p := api.PluginPolicy{PolicyType: api.PluginPolicyAllowlist}
		for _, command := range commands {
			p.Allowlist = append(p.Allowlist, api.AllowlistEntry{Command: command})
		}
		return p
	}
	for _, c := range []struct {
		command string
		policy  api.PluginPolicy
		want    string
	}{
		{self, api.PluginPolicy{}, ""},
		{self, api.PluginPolicy{PolicyType: api.PluginPolicyAllowAll}, ""},
		{"onpath", api.PluginPolicy{}, ""},
		{self, api.PluginPolicy{PolicyType: api.PluginPolicyDenyAll}, `may not run: the credential plugin policy is "DenyAll"`},
		{self, list("other", self), ""},
		{"onpath", list("onpath"), ""},
		{"onpath", list(filepath.Join(dir, "onpath")), ""},
		{filepath.Join(dir, "onpath"), list("onpath"), ""},
		{"onpath", list("other"), "is not on the credential plugin allowlist"},
		{self, list("onpath"), "is not on the credential plugin allowlist"}, // the same program under another name
		{"./onpath", list("./onpath"), "must not depend on the current directory"},
	} {
		runs := 0
		config := configFor(t, "token")
		config.Command, config.PluginPolicy = c.command, c.policy
		count := counting(t, config)
		p, _ := pluginFor(t, config)
		_, _, err := p.fetch(t.Context())
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(canary.Err(t, err).Error(), c.want) {
			t.Errorf("%s under %+v: got %v, want %q", c.command, c.policy, err, c.want)
		}
		if c.want == "" {
			runs = 1
		}
		if count() != runs {
			t.Errorf("%s under %+v ran %d times, want %d", c.command, c.policy, count(), runs)
		}
	}
}

func TestAProgramInTheCurrentDirectoryIsNotRunByItsName(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(configFor(t, "token").Command, filepath.Join(dir, "plugin")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	t.Setenv("PATH", ".")
	if _, err := resolve("plugin"); err == nil || !strings.Contains(canary.Err(t, err).Error(), "current directory only") {
		t.Error(err)
	}
}
