package clientcmd

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// twoFiles returns rules for two files, of which only the second has a current context.
func twoFiles(t *testing.T) (rules *ClientConfigLoadingRules, first, second string) {
	dir := t.TempDir()
	first = write(t, dir, "first", `{clusters: [{name: c1, cluster: {server: "https://first", certificate-authority: ca.pem}}]}`)
	second = write(t, dir, "second", `{clusters: [{name: c2, cluster: {server: "https://second"}}], users: [{name: u, user: {token: `+canary.Secret+`, auth-provider: {name: p}}}],
contexts: [{name: x, context: {cluster: c2}}], current-context: x, preferences: {colors: true}, extensions: [{name: e, extension: {a: 1}}]}`)
	return &ClientConfigLoadingRules{Precedence: []string{first, second}}, first, second
}

func load(t *testing.T, path string) *api.Config {
	t.Helper()
	c, err := LoadFromFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEachEntryIsWrittenToTheFileItCameFrom(t *testing.T) {
	rules, first, second := twoFiles(t)
	secondBefore := read(t, second)
	start, err := rules.GetStartingConfig()
	if err != nil {
		t.Fatal(err)
	}
	start.Clusters["c1"].Server = "https://changed"
	start.Clusters["new"] = &api.Cluster{Server: "https://new"}
	if err := ModifyConfig(rules, *start, true); err != nil {
		t.Fatal(err)
	}
	c := load(t, first)
	if c.Clusters["c1"].Server != "https://changed" || c.Clusters["c1"].CertificateAuthority != "ca.pem" || c.Clusters["new"] == nil || len(c.Clusters) != 2 || len(c.AuthInfos) != 0 {
		t.Errorf("the first file has\n%s", read(t, first))
	}
	if read(t, second) != secondBefore {
		t.Error("a file without change was written")
	}
	start.AuthInfos["u"].Token = canary.Secret + "2"
	delete(start.Clusters, "c2")
	if err := ModifyConfig(rules, *start, false); err != nil {
		t.Fatal(err)
	}
	if c := load(t, second); c.AuthInfos["u"].Token != canary.Secret+"2" || len(c.Clusters) != 0 || c.CurrentContext != "x" || !c.Preferences.Colors || len(c.Extensions) != 1 {
		t.Errorf("the second file has\n%s", read(t, second))
	}
	if mode(t, first) != 0o600 || mode(t, second) != 0o600 {
		t.Error("a file can be read by others")
	}
}

func TestPathsAreWrittenAbsoluteOrRelative(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config")
	rules := &ClientConfigLoadingRules{ExplicitPath: path}
	for relativize, want := range map[bool][3]string{true: {"sub/ca.pem", "/elsewhere/k.pem", "bin/plugin"},
		false: {filepath.Join(dir, "sub/ca.pem"), "/elsewhere/k.pem", filepath.Join(dir, "bin/plugin")}} {
		config := api.NewConfig()
		config.Clusters["c"] = &api.Cluster{CertificateAuthority: filepath.Join(dir, "sub/ca.pem")}
		config.AuthInfos["u"] = &api.AuthInfo{ClientKey: "/elsewhere/k.pem", Exec: &api.ExecConfig{Command: filepath.Join(dir, "bin/plugin")}}
		if err := ModifyConfig(rules, *config, relativize); err != nil {
			t.Fatal(err)
		}
		c := load(t, path)
		if got := [3]string{c.Clusters["c"].CertificateAuthority, c.AuthInfos["u"].ClientKey, c.AuthInfos["u"].Exec.Command}; got != want {
			t.Errorf("relativize %v: %q, want %q", relativize, got, want)
		}
		if config.AuthInfos["u"].Exec.Command != filepath.Join(dir, "bin/plugin") {
			t.Error("the kubeconfig of the caller was changed")
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCurrentContextIsChangedWhereItIs(t *testing.T) {
	rules, first, second := twoFiles(t)
	set := func(name string) {
		t.Helper()
		if err := UpdateConfig(rules, false, func(c *api.Config) error { c.CurrentContext = name; return nil }); err != nil {
			t.Fatal(err)
		}
		if got, err := rules.Load(); err != nil || got.CurrentContext != name {
			t.Errorf("the current context is %q, %v, want %q", got.CurrentContext, err, name)
		}
	}
	set("y")
	if load(t, first).CurrentContext != "" || load(t, second).CurrentContext != "y" {
		t.Error("not in the file that had one")
	}
	write(t, filepath.Dir(first), "first", "current-context: z")
	set("")
	if load(t, first).CurrentContext != "" || load(t, second).CurrentContext != "" {
		t.Error("another one is left")
	}
	set("x")
	if load(t, first).CurrentContext != "x" {
		t.Error("not in the default file")
	}
}

func TestExtensionsAndColorsAreChangedWhereTheyAre(t *testing.T) {
	rules, first, second := twoFiles(t)
	if err := UpdateConfig(rules, false, func(c *api.Config) error {
		c.Extensions["e"] = &runtime.Unknown{Raw: []byte(`{"a":2}`), ContentType: runtime.ContentTypeJSON}
		c.Extensions["new"] = &runtime.Unknown{Raw: []byte(`{"n":1}`), ContentType: runtime.ContentTypeJSON}
		c.Preferences.Colors = false
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if c := load(t, second); string(c.Extensions["e"].(*runtime.Unknown).Raw) != `{"a":2}` || c.Preferences.Colors {
		t.Errorf("the second file has\n%s", read(t, second))
	}
	if c := load(t, first); c.Extensions["new"] == nil || c.Extensions["e"] != nil {
		t.Errorf("the first file has\n%s", read(t, first))
	}
	if err := UpdateConfig(rules, false, func(c *api.Config) error { delete(c.Extensions, "e"); return nil }); err != nil || len(load(t, second).Extensions) != 0 {
		t.Errorf("%v, the second file has\n%s", err, read(t, second))
	}
}

func TestRefusedChangeWritesNothing(t *testing.T) {
	rules, first, _ := twoFiles(t)
	before := read(t, first)
	refusal := errors.New("no")
	if err := UpdateConfig(rules, false, func(c *api.Config) error { delete(c.Clusters, "c1"); return refusal }); !errors.Is(canary.Err(t, err), refusal) {
		t.Errorf("error %v", err)
	}
	if read(t, first) != before {
		t.Error("the file was written")
	}
	write(t, filepath.Dir(first), "first", "[")
	if err := UpdateConfig(rules, false, func(*api.Config) error { return nil }); err == nil || !strings.Contains(canary.Err(t, err).Error(), first) {
		t.Errorf("error %v", err)
	}
}

func TestChangeWithoutAFile(t *testing.T) {
	err := UpdateConfig(&ClientConfigLoadingRules{}, false, func(c *api.Config) error { c.CurrentContext = "x"; return nil })
	if err == nil || !strings.Contains(canary.Err(t, err).Error(), "there is no kubeconfig file to write to: set ExplicitPath") {
		t.Errorf("error %v", err)
	}
}

func TestPersisterStoresWhatAPluginRenewed(t *testing.T) {
	rules, _, second := twoFiles(t)
	if err := PersisterForUser(rules, "u").Persist(map[string]string{"id-token": canary.Secret + "renewed"}); err != nil {
		t.Fatal(err)
	}
	if user := load(t, second).AuthInfos["u"]; user.AuthProvider.Config["id-token"] != canary.Secret+"renewed" || user.Token != canary.Secret {
		t.Errorf("the file has\n%s", read(t, second))
	}
	if err := PersisterForUser(rules, "none").Persist(nil); err == nil || !strings.Contains(canary.Err(t, err).Error(), `has no user "none" with auth-provider any more`) {
		t.Errorf("error %v", err)
	}
}

func TestPathOptions(t *testing.T) {
	dir := t.TempDir()
	there := write(t, dir, "there", "clusters: [{name: c, cluster: {server: s, certificate-authority: ca}}]")
	none := filepath.Join(dir, "none")
	t.Setenv(RecommendedConfigPathEnvVar, none+string(os.PathListSeparator)+there+string(os.PathListSeparator)+none)
	o := NewDefaultPathOptions()
	o.GlobalFile = filepath.Join(dir, "global")
	if got := strings.Join(o.GetLoadingPrecedence(), " "); got != none+" "+there {
		t.Errorf("precedence %s", got)
	}
	if o.GetDefaultFilename() != there || o.IsExplicitFile() {
		t.Errorf("default file %s", o.GetDefaultFilename())
	}
	if c, err := o.GetStartingConfig(); err != nil || c.Clusters["c"].CertificateAuthority != "ca" {
		t.Errorf("%v, %v", c, err)
	}
	o.LoadingRules.ExplicitPath = none
	if c, err := o.GetStartingConfig(); err != nil || len(c.Clusters) != 0 || o.GetExplicitFile() != none || o.GetDefaultFilename() != none || o.GetLoadingPrecedence()[0] != none {
		t.Errorf("%v, %v", c, err)
	}
	o.LoadingRules.ExplicitPath, o.EnvVar = "", ""
	if o.GetDefaultFilename() != o.GlobalFile || o.GetLoadingPrecedence()[0] != o.GlobalFile || len(o.GetEnvVarFiles()) != 0 {
		t.Errorf("default file %s", o.GetDefaultFilename())
	}
}

func TestMigrateCopiesOnce(t *testing.T) {
	dir := t.TempDir()
	source := write(t, dir, "source", "current-context: old")
	if err := os.Chmod(source, 0o644); err != nil {
		t.Fatal(err)
	}
	destination := filepath.Join(dir, "d", "config")
	rules := &ClientConfigLoadingRules{Precedence: []string{destination}, MigrationRules: map[string]string{destination: source, filepath.Join(dir, "x"): filepath.Join(dir, "none")}}
	for range 2 {
		if c, err := rules.Load(); err != nil || c.CurrentContext != "old" {
			t.Fatalf("%v, %v", c, err)
		}
		write(t, dir, "source", "current-context: new")
	}
	if mode(t, destination) != 0o600 {
		t.Error("the copy can be read by others")
	}
	rules.MigrationRules = map[string]string{filepath.Join(dir, "y"): dir}
	if err := rules.Migrate(); err == nil || !strings.Contains(canary.Err(t, err).Error(), "it is no file") {
		t.Errorf("error %v", err)
	}
}

func TestFileOfSeveralNamesIsOneFile(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "config", "current-context: x\nclusters: [{name: c, cluster: {server: 'https://h'}}]")
	if err := os.Symlink(dir, filepath.Join(dir, "here")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("config", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	rules := &ClientConfigLoadingRules{Precedence: []string{path, filepath.Join(dir, "link"), filepath.Join(dir, "here", "config")}}
	if err := UpdateConfig(rules, false, func(c *api.Config) error {
		c.CurrentContext = ""
		c.Clusters["c"].Server = "https://new"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if c := load(t, path); c.CurrentContext != "" || c.Clusters["c"].Server != "https://new" {
		t.Errorf("the file has\n%s", read(t, path))
	}
}
