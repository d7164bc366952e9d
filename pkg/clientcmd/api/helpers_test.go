package api

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestFlattenReadsFilesNextToTheKubeconfig(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"ca", "cert", "key", "token"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(canary.Secret+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	origin := filepath.Join(dir, "config")
	c := NewConfig()
	c.Clusters["c"] = &Cluster{LocationOfOrigin: origin, CertificateAuthority: "ca"}
	c.Clusters["nil"] = nil
	c.AuthInfos["u"] = &AuthInfo{LocationOfOrigin: origin, ClientCertificate: "cert", ClientKey: filepath.Join(dir, "key"), TokenFile: "token"}
	c.AuthInfos["nil"] = nil
	if err := FlattenConfig(c); err != nil {
		t.Fatal(err)
	}
	cluster, user := c.Clusters["c"], c.AuthInfos["u"]
	if string(cluster.CertificateAuthorityData) != canary.Secret+"ca" || cluster.CertificateAuthority != "" {
		t.Errorf("cluster %+v", cluster)
	}
	if string(user.ClientCertificateData) != canary.Secret+"cert" || string(user.ClientKeyData) != canary.Secret+"key" || user.ClientCertificate+user.ClientKey != "" || user.TokenFile != "token" {
		t.Errorf("user with certificate %q, key %q, token file %q", user.ClientCertificateData, user.ClientKeyData, user.TokenFile)
	}
}

func TestFlattenNamesWhatItCannotRead(t *testing.T) {
	for _, test := range []struct {
		user    AuthInfo
		cluster Cluster
		want    string
	}{
		{AuthInfo{ClientCertificate: "none"}, Cluster{}, `user "u": client-certificate: open `},
		{AuthInfo{ClientKey: "none"}, Cluster{}, `user "u": client-key: open `},
		{AuthInfo{}, Cluster{CertificateAuthority: "none"}, `cluster "c": certificate-authority: open `},
		{AuthInfo{}, Cluster{CertificateAuthority: "none", CertificateAuthorityData: []byte("x")}, "both path and contents: remove one of them"},
	} {
		c := NewConfig()
		c.AuthInfos["u"], c.Clusters["c"] = &test.user, &test.cluster
		if err := FlattenConfig(c); err == nil || !strings.Contains(canary.Err(t, err).Error(), test.want) {
			t.Errorf("error %v, want %s", err, test.want)
		}
	}
}

func TestPaths(t *testing.T) {
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ path, base, resolved, abs string }{
		{"", "/b", "", "/b"},
		{"a", "/b", "/b/a", "/b/a"},
		{"a", "b", "b/a", "b/a"},
		{"a", "", "a", filepath.Join(wd, "a")},
		{"/a", "/b", "/a", "/a"},
	} {
		if got := ResolvePath(test.path, test.base); got != test.resolved {
			t.Errorf("ResolvePath(%q, %q) is %q, want %q", test.path, test.base, got, test.resolved)
		}
		if got, err := MakeAbs(test.path, test.base); got != test.abs || err != nil {
			t.Errorf("MakeAbs(%q, %q) is %q, %v, want %q", test.path, test.base, got, err, test.abs)
		}
	}
}

func twoContexts() *Config {
	c := NewConfig()
	c.CurrentContext = "x"
	for _, name := range []string{"x", "y"} {
		c.Contexts[name] = &Context{Cluster: "c" + name, AuthInfo: "u" + name}
		c.Clusters["c"+name] = NewCluster()
		c.AuthInfos["u"+name] = NewAuthInfo()
	}
	return c
}

func TestMinifyKeepsWhatTheCurrentContextNeeds(t *testing.T) {
	c := twoContexts()
	if err := MinifyConfig(c); err != nil || len(c.Contexts) != 1 || c.Clusters["cx"] == nil || len(c.Clusters) != 1 || c.AuthInfos["ux"] == nil || len(c.AuthInfos) != 1 {
		t.Errorf("%v, %v", c, err)
	}
}

func TestMinifyRefusesAContextThatIsNotWhole(t *testing.T) {
	for want, breakIt := range map[string]func(*Config){
		"current-context must exist in order to minify": func(c *Config) { c.CurrentContext = "" },
		"cannot locate context z":                       func(c *Config) { c.CurrentContext = "z" },
		"cannot locate user ux":                         func(c *Config) { delete(c.AuthInfos, "ux") },
		"cannot locate cluster cx":                      func(c *Config) { delete(c.Clusters, "cx") },
	} {
		c := twoContexts()
		breakIt(c)
		before := c.DeepCopy()
		if err := MinifyConfig(c); err == nil || canary.Err(t, err).Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
		if d := cmp.Diff(len(before.Contexts), len(c.Contexts)); d != "" {
			t.Errorf("%s: something was removed", want)
		}
	}
}

func TestRedactSecretsLeavesNoneBehind(t *testing.T) {
	c := NewConfig()
	c.AuthInfos["u"] = &AuthInfo{Token: canary.Secret, Password: canary.Secret, ClientKeyData: []byte(canary.Secret), Username: "shown",
		AuthProvider: &AuthProviderConfig{Name: "shown", Config: map[string]string{"id-token": canary.Secret}},
		Exec:         &ExecConfig{Command: "shown", Args: []string{"--secret=" + canary.Secret}, Env: []ExecEnvVar{{Name: "n", Value: canary.Secret}}}}
	c.AuthInfos["nil"], c.Clusters["nil"] = nil, nil
	c.Clusters["c"] = &Cluster{Server: "https://u:" + canary.Secret + "@shown.example", ProxyURL: "http://%zz:" + canary.Secret + "@p"}
	if err := RedactSecrets(c); err != nil {
		t.Fatal(err)
	}
	user := *c.AuthInfos["u"]
	for _, text := range []string{user.Token, user.Password, string(user.ClientKeyData), user.AuthProvider.Config["id-token"], user.Exec.Args[0], user.Exec.Env[0].Value} {
		if text != "REDACTED" {
			t.Errorf("%q is not redacted", text)
		}
	}
	if user.Username != "shown" || user.Exec.Env[0].Name != "n" {
		t.Error("too much is redacted")
	}
	if cluster := c.Clusters["c"]; cluster.Server != "https://REDACTED@shown.example" || cluster.ProxyURL != "REDACTED" {
		t.Errorf("server %q, proxy %q", cluster.Server, cluster.ProxyURL)
	}
}

func TestShortenOmitsData(t *testing.T) {
	c := twoContexts()
	c.AuthInfos["nil"], c.Clusters["nil"] = nil, nil
	c.AuthInfos["ux"].ClientCertificateData, c.AuthInfos["ux"].ClientKeyData, c.AuthInfos["ux"].Token = []byte("a"), []byte(canary.Secret), canary.Secret
	c.Clusters["cx"].CertificateAuthorityData = []byte("d")
	ShortenConfig(c)
	user := c.AuthInfos["ux"]
	if string(user.ClientCertificateData) != "DATA+OMITTED" || string(user.ClientKeyData) != "DATA+OMITTED" || user.Token != "REDACTED" {
		t.Errorf("certificate %q, key %q, token %q", user.ClientCertificateData, user.ClientKeyData, user.Token)
	}
	if string(c.Clusters["cx"].CertificateAuthorityData) != "DATA+OMITTED" || c.AuthInfos["uy"].Token != "" {
		t.Error("a cluster keeps its data, or what was empty is no more")
	}
}

func TestIsConfigEmpty(t *testing.T) {
	if !IsConfigEmpty(NewConfig()) || IsConfigEmpty(twoContexts()) || IsConfigEmpty(&Config{Preferences: Preferences{Colors: true}}) {
		t.Error("empty is what says nothing")
	}
}
