package clientcmd

import (
	"fmt"
	"testing"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/rest"
)

// pod is an InClusterConfig for tests.
type pod struct {
	InClusterConfig
	possible bool
}

func (p pod) Possible() bool                      { return p.possible }
func (p pod) ClientConfig() (*rest.Config, error) { return &rest.Config{Host: "in"}, nil }
func (p pod) Namespace() (string, bool, error)    { return "of-the-pod", false, nil }

func env(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

func TestInClusterIsPossibleInAPodWithServiceAccount(t *testing.T) {
	dir := t.TempDir()
	c := &inClusterConfig{dir: dir, getenv: env(map[string]string{"KUBERNETES_SERVICE_HOST": "h", "KUBERNETES_SERVICE_PORT": "1"})}
	if c.Possible() {
		t.Error("without a token")
	}
	write(t, dir, "token", canary.Secret)
	if !c.Possible() {
		t.Error("not possible with a token")
	}
	c.getenv = env(nil)
	if c.Possible() {
		t.Error("without a server")
	}
}

func TestInClusterNamespace(t *testing.T) {
	dir := t.TempDir()
	c := &inClusterConfig{dir: dir, getenv: env(nil)}
	want := func(want string) {
		t.Helper()
		if got, overridden, err := c.Namespace(); got != want || overridden || err != nil {
			t.Errorf("%q, %v, %v, want %q", got, overridden, err, want)
		}
	}
	want("default")
	write(t, dir, "namespace", "of-the-account\n")
	want("of-the-account")
	c.getenv = env(map[string]string{"POD_NAMESPACE": "of-the-env"})
	want("of-the-env")
}

func TestInClusterOverrides(t *testing.T) {
	c := newInClusterConfig(&ConfigOverrides{
		ClusterInfo: api.Cluster{Server: "https://other", CertificateAuthority: "other.pem"},
		AuthInfo:    api.AuthInfo{Token: canary.Secret + "other"},
	})
	c.base = func() (*rest.Config, error) {
		return &rest.Config{Host: "https://h", BearerToken: canary.Secret, BearerTokenFile: "f", TLSClientConfig: rest.TLSClientConfig{CAFile: "ca"}}, nil
	}
	got, err := c.ClientConfig()
	if err != nil || got.Host != "https://other" || got.CAFile != "other.pem" || got.BearerToken != canary.Secret+"other" || got.BearerTokenFile != "" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := c.RawConfig(); !IsEmptyConfig(err) {
		t.Errorf("error %v", err)
	}
	if c.ConfigAccess() == nil {
		t.Error("no access")
	}
	c.base = func() (*rest.Config, error) { return nil, rest.ErrNotInCluster }
	if _, err := c.ClientConfig(); err != rest.ErrNotInCluster {
		t.Errorf("error %v", err)
	}
}

func TestNamespaceOfThePodCountsIfNothingElseNamesOne(t *testing.T) {
	const kubeconfig = `{clusters: [{name: c, cluster: {server: "https://h"}}], contexts: [{name: x, context: {cluster: c%s}}], current-context: x}`
	for _, test := range []struct {
		content   string
		overrides ConfigOverrides
		inPod     bool
		want      string
	}{
		{"", ConfigOverrides{}, false, "default"},
		{"", ConfigOverrides{}, true, "of-the-pod"},
		{fmt.Sprintf(kubeconfig, ""), ConfigOverrides{}, false, "default"},
		{fmt.Sprintf(kubeconfig, ""), ConfigOverrides{}, true, "of-the-pod"},
		{fmt.Sprintf(kubeconfig, ", namespace: default"), ConfigOverrides{}, true, "default"},
		{fmt.Sprintf(kubeconfig, ", namespace: ns1"), ConfigOverrides{}, true, "ns1"},
		{fmt.Sprintf(kubeconfig, ", namespace: ns1"), ConfigOverrides{Context: api.Context{Namespace: "o"}}, true, "o"},
	} {
		rules := &ClientConfigLoadingRules{Precedence: []string{write(t, t.TempDir(), "config", test.content)}}
		config := &DeferredLoadingClientConfig{loader: rules, overrides: &test.overrides, inCluster: pod{possible: test.inPod}}
		got, overridden, err := config.Namespace()
		if got != test.want || overridden != (got == "o") || err != nil {
			t.Errorf("%q in a pod %v: %q, %v, %v, want %q", test.content, test.inPod, got, overridden, err, test.want)
		}
	}
}

func TestDefaultLeadsToTheClusterOfThePod(t *testing.T) {
	overrides := &ConfigOverrides{ClusterDefaults: api.Cluster{Server: "http://localhost:8080"}}
	rules := &ClientConfigLoadingRules{DefaultClientConfig: NewDefaultClientConfig(*api.NewConfig(), overrides)}
	config := &DeferredLoadingClientConfig{loader: rules, overrides: overrides, inCluster: pod{possible: true}}
	if c, err := config.ClientConfig(); err != nil || c.Host != "in" {
		t.Errorf("%v, %v", c, err)
	}
	config.inCluster = pod{}
	if c, err := config.ClientConfig(); err != nil || c.Host != "http://localhost:8080" {
		t.Errorf("%v, %v", c, err)
	}
}
