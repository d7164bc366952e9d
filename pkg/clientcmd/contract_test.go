package clientcmd

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestEmptyFileNamesAreLeftOut(t *testing.T) {
	dir := t.TempDir()
	there := write(t, dir, "there", "current-context: x\n")
	warnings := 0
	rules := &ClientConfigLoadingRules{Precedence: []string{"", there, ""}, WarnIfAllMissing: true, Warner: func(error) { warnings++ }}
	if c, err := rules.Load(); err != nil || c.CurrentContext != "x" || warnings != 0 {
		t.Errorf("%v, %v, %d warnings", c, err, warnings)
	}
	rules.Precedence = []string{"", filepath.Join(dir, "none")}
	if c, err := rules.Load(); err != nil || !api.IsConfigEmpty(c) || warnings != 1 {
		t.Errorf("%v, %v, %d warnings, want one", c, err, warnings)
	}
	rules.WarnIfAllMissing = false
	if _, err := rules.Load(); err != nil || warnings != 1 {
		t.Errorf("%v, %d warnings, want no more", err, warnings)
	}
}

func TestRulesAndOverridesCountWhenAskedFor(t *testing.T) {
	dir := t.TempDir()
	rules, overrides := &ClientConfigLoadingRules{}, &ConfigOverrides{}
	config := NewNonInteractiveDeferredLoadingClientConfig(rules, overrides)
	rules.ExplicitPath = write(t, dir, "config", completeKubeconfig)
	overrides.CurrentContext = "insecure"
	if c, err := config.ClientConfig(); err != nil || c.Host != "https://insecure.example" {
		t.Errorf("%v, %v", c, err)
	}
	rules.ExplicitPath = write(t, dir, "config", strings.ReplaceAll(completeKubeconfig, "insecure.example", "changed.example"))
	if c, err := config.ClientConfig(); err != nil || c.Host != "https://changed.example" {
		t.Errorf("after a change of the file: %v, %v", c, err)
	}
}

func TestErrorsAreTheDocumentedOnes(t *testing.T) {
	if !IsEmptyConfig(ErrEmptyConfig) || !IsEmptyConfig(NewEmptyConfigError("m")) || NewEmptyConfigError("m").Error() != "m" {
		t.Error("an error of an empty config is not recognized")
	}
	config := api.NewConfig()
	config.Clusters["c"] = api.NewCluster()
	config.Contexts["x"] = &api.Context{Cluster: "c"}
	if err := ConfirmUsable(*config, "x"); !errors.Is(canary.Err(t, err), ErrEmptyCluster) || !IsConfigurationInvalid(err) {
		t.Errorf("cluster without server: error %v", canary.Err(t, err))
	}
	if _, err := NewDefaultClientConfig(*config, nil).ClientConfig(); !errors.Is(canary.Err(t, err), ErrNoContext) {
		t.Errorf("no context: error %v", canary.Err(t, err))
	}
	if err := ConfirmUsable(*config, "y"); !IsContextNotFound(err) || !IsConfigurationInvalid(err) {
		t.Errorf("context that is not there: error %v", canary.Err(t, err))
	}
}

func TestRawConfigIsWithoutOverridesAndMergedRawConfigWithThem(t *testing.T) {
	config, err := NewClientConfigFromBytes([]byte(completeKubeconfig))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := config.RawConfig()
	if err != nil {
		t.Fatal(err)
	}
	overriding := NewNonInteractiveClientConfig(raw, "insecure", &ConfigOverrides{Context: api.Context{Namespace: "mine"}}, nil)
	merged, err := overriding.MergedRawConfig()
	if err != nil || merged.CurrentContext != "insecure" || merged.Contexts["insecure"].Namespace != "mine" {
		t.Errorf("merged: %v, %v", merged.Contexts["insecure"], err)
	}
	plain, err := overriding.RawConfig()
	if err != nil || plain.CurrentContext != "main" || plain.Contexts["insecure"].Namespace != "" {
		t.Errorf("raw: %v, %v", plain.Contexts["insecure"], err)
	}
}

func TestLocalPathsAreRelativeToTheirFile(t *testing.T) {
	dir := t.TempDir()
	origin := filepath.Join(dir, "kube", "config")
	below, elsewhere := filepath.Join(dir, "kube", "sub", "ca.pem"), filepath.Join(dir, "ca.pem")
	for given, want := range map[string]string{below: filepath.Join("sub", "ca.pem"), "ca.pem": "ca.pem", elsewhere: elsewhere, "": ""} {
		cluster := &api.Cluster{LocationOfOrigin: origin, CertificateAuthority: given}
		user := &api.AuthInfo{LocationOfOrigin: origin, ClientCertificate: given, ClientKey: given, TokenFile: given}
		if err := errors.Join(RelativizeClusterLocalPaths(cluster), RelativizeAuthInfoLocalPaths(user)); err != nil {
			t.Errorf("%q: %v", given, err)
		}
		got := []string{cluster.CertificateAuthority, user.ClientCertificate, user.ClientKey, user.TokenFile}
		if d := cmp.Diff([]string{want, want, want, want}, got); d != "" {
			t.Errorf("%q (-want +got):\n%s", given, d)
		}
	}
	fromNowhere := &api.Cluster{CertificateAuthority: elsewhere}
	if err := RelativizeClusterLocalPaths(fromNowhere); err != nil || fromNowhere.CertificateAuthority != elsewhere {
		t.Errorf("a cluster of no file: %q, %v", fromNowhere.CertificateAuthority, err)
	}
}

func TestWithoutUseModifyConfigLockNothingIsLocked(t *testing.T) {
	UseModifyConfigLock = false
	defer func() { UseModifyConfigLock = true }()
	dir := t.TempDir()
	path := write(t, dir, "config", completeKubeconfig)
	unlock, err := lockFiles([]string{path}, lockWait)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock() // not before the change, which would wait for it
	rules := &ClientConfigLoadingRules{ExplicitPath: path}
	config, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	config.CurrentContext = "insecure"
	if err := ModifyConfig(rules, *config, false); err != nil {
		t.Fatal(canary.Err(t, err))
	}
	if got, err := os.ReadFile(path); err != nil || !strings.Contains(string(got), "current-context: insecure") {
		t.Errorf("the change is not written: %v", err)
	}
}
