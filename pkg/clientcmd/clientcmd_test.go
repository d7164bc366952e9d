package clientcmd

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
	"github.com/kubewright/kubewright/pkg/rest"
)

// write writes a file into dir and returns its path.
func write(t testing.TB, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// plainConfig and the like let cmp see the fields instead of the redacted text.
type plainConfig rest.Config

const completeKubeconfig = `
apiVersion: v1
kind: Config
current-context: main
clusters:
- name: data
  cluster:
    server: https://data.example:6443
    certificate-authority-data: Y2E=
    tls-server-name: other.example
    disable-compression: true
    proxy-url: socks5://user:` + canary.Secret + `@proxy.example:1080
    extensions:
    - name: tool
      extension: {a: 1}
- name: files
  cluster: {server: "https://files.example", certificate-authority: ca.pem}
- name: insecure
  cluster: {server: "https://insecure.example", insecure-skip-tls-verify: true}
- name: clear
  cluster: {server: "http://clear.example"}
users:
- name: cert
  user: {client-certificate-data: Y2VydA==, client-key-data: Y2FuYXJ5LTVlM2Q5}
- name: files
  user: {client-certificate: c.pem, client-key: sub/k.pem, tokenFile: token}
- name: token
  user: {token: ` + canary.Secret + `, as: boss, as-uid: "7", as-groups: [g], as-user-extra: {k: [v]}}
- name: basic
  user: {username: u, password: ` + canary.Secret + `}
contexts:
- {name: main, context: {cluster: data, user: cert, namespace: ns}}
- {name: files, context: {cluster: files, user: files}}
- {name: insecure, context: {cluster: insecure, user: token}}
- {name: clear, context: {cluster: clear, user: token}}
- {name: basic, context: {cluster: insecure, user: basic}}
- {name: anonymous, context: {cluster: insecure, user: ""}}
`

func TestEachContextMakesItsConfig(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "config", completeKubeconfig)
	for _, name := range []string{"ca.pem", "c.pem", "token"} {
		write(t, dir, name, canary.Secret)
	}
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "sub/k.pem", canary.Secret)

	for name, want := range map[string]rest.Config{
		"": {Host: "https://data.example:6443", DisableCompression: true, TLSClientConfig: rest.TLSClientConfig{
			CAData: []byte("ca"), ServerName: "other.example", CertData: []byte("cert"), KeyData: []byte(canary.Secret)}},
		"files": {Host: "https://files.example", BearerToken: canary.Secret, BearerTokenFile: filepath.Join(dir, "token"), TLSClientConfig: rest.TLSClientConfig{
			CAFile: filepath.Join(dir, "ca.pem"), CertFile: filepath.Join(dir, "c.pem"), KeyFile: filepath.Join(dir, "sub/k.pem")}},
		"insecure": {Host: "https://insecure.example", BearerToken: canary.Secret, TLSClientConfig: rest.TLSClientConfig{Insecure: true},
			Impersonate: rest.ImpersonationConfig{UserName: "boss", UID: "7", Groups: []string{"g"}, Extra: map[string][]string{"k": {"v"}}}},
		"clear":     {Host: "http://clear.example"}, // no credentials without TLS
		"basic":     {Host: "https://insecure.example", Username: "u", Password: canary.Secret, TLSClientConfig: rest.TLSClientConfig{Insecure: true}},
		"anonymous": {Host: "https://insecure.example", TLSClientConfig: rest.TLSClientConfig{Insecure: true}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := NewNonInteractiveDeferredLoadingClientConfig(&ClientConfigLoadingRules{ExplicitPath: path}, &ConfigOverrides{CurrentContext: name}).ClientConfig()
			if err != nil {
				t.Fatal(err)
			}
			if (got.Proxy != nil) != (name == "") {
				t.Errorf("proxy is set: %v", got.Proxy != nil)
			}
			if got.Proxy != nil {
				if u, err := got.Proxy(&http.Request{}); err != nil || u.String() != "socks5://user:"+canary.Secret+"@proxy.example:1080" {
					t.Errorf("proxy %v, %v", u, err)
				}
			}
			got.Proxy = nil
			if d := cmp.Diff(plainConfig(want), plainConfig(*got)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestBuildConfigFromFlags(t *testing.T) {
	path := write(t, t.TempDir(), "config", completeKubeconfig)
	c, err := BuildConfigFromFlags("", path)
	if err != nil || c.Host != "https://data.example:6443" {
		t.Errorf("from the file: %v, %v", c, err)
	}
	c, err = BuildConfigFromFlags("https://mine.example", path)
	if err != nil || c.Host != "https://mine.example" || string(c.CAData) != "ca" || c.ServerName != "" {
		t.Errorf("another server: %v, %v; want the file's CA and not its TLS server name", c, err)
	}
	c, err = BuildConfigFromFlags("http://mine.example", "")
	if err != nil || c.Host != "http://mine.example" {
		t.Errorf("server alone: %v, %v", c, err)
	}
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	if _, err = BuildConfigFromFlags("", ""); !IsEmptyConfig(err) || !strings.Contains(canary.Err(t, err).Error(), "pass the path of a kubeconfig") {
		t.Errorf("nothing: error %v", err)
	}
}

func TestRESTConfigFromKubeConfig(t *testing.T) {
	c, err := RESTConfigFromKubeConfig([]byte(completeKubeconfig))
	if err != nil || string(c.KeyData) != canary.Secret {
		t.Errorf("%v, %v", c, err)
	}
	if _, err := RESTConfigFromKubeConfig([]byte("[")); err == nil || !strings.HasPrefix(canary.Err(t, err).Error(), "kubeconfig cannot be used: it is not YAML") {
		t.Errorf("error %v", err)
	}
}

// Each kind of bad input has one message that names the file, the place in it, and the cure.
func TestBadInput(t *testing.T) {
	const one = `{clusters: [{name: c, cluster: {server: "https://h"%s}}], users: [{name: u, user: {%s}}], contexts: [{name: x, context: {cluster: c, user: u}}], current-context: x}`
	with := func(cluster, user string) string {
		if cluster != "" {
			cluster = ", " + cluster
		}
		return strings.Replace(strings.Replace(one, "%s", cluster, 1), "%s", user, 1)
	}
	for _, test := range []struct {
		name, content string
		is            func(error) bool
		want          []string
	}{
		{"empty", "", IsEmptyConfig, []string{"is empty: it has no clusters, users and contexts; write them, or choose another file"}},
		{"comment only", "# nothing\n", IsEmptyConfig, []string{"is empty"}},
		{"no entries", "apiVersion: v1\nkind: Config\n", IsEmptyConfig, []string{"is empty"}},
		{"not YAML", "a: b\n c: d\n", nil, []string{"it is not YAML", "line 2"}},
		{"tag that does not fit", "users: [{name: u, user: {token: !!int " + canary.Secret + "}}]", nil, []string{"it is not YAML", "as a !!int"}},
		{"password that looks like an alias", "users: [{name: u, user: {password: *" + canary.Secret + "}}]", nil, []string{"it is not YAML", "unknown anchor (a value) referenced"}},
		{"text", "hello", nil, []string{"it is not a kubeconfig", "got a value of type string"}},
		{"list", "- a\n", nil, []string{"it is not a kubeconfig", "got a value of type array"}},
		{"another kind", "apiVersion: v1\nkind: Pod\n", nil, []string{`it is of kind "Pod" and apiVersion "v1", want a kubeconfig: kind Config, apiVersion v1`}},
		{"another version", "apiVersion: v2\nkind: Config\n", nil, []string{`apiVersion "v2"`}},
		{"map in place of a list", "clusters: {a: b}\n", nil, []string{`field "clusters" has a value of type object, want a list`}},
		{"number in place of text", "users: [{name: u, user: {token: 12345678}}]", nil, []string{`field "users.user.token" has a value of type number, want a string`}},
		{"two of one name", "clusters: [{name: a}, {name: a}]", nil, []string{`there are two clusters of name "a"`}},
		{"no base64", with(`certificate-authority-data: "a!"`, `client-key-data: "`+canary.Secret+`!"`), nil,
			[]string{`cluster "c": certificate-authority-data is not valid base64`, `user "u": client-key-data is not valid base64`}},
		{"context that is not there", "contexts: [{name: b}, {name: a}]\ncurrent-context: x", IsContextNotFound, []string{`context "x" does not exist`, `its contexts are "a", "b"`}},
		{"context but there are none", "clusters: [{name: a}]\ncurrent-context: x", IsContextNotFound, []string{`context "x" does not exist`, "it has no contexts"}},
		{"no current context", "contexts: [{name: b}, {name: a}]", IsConfigurationInvalid, []string{`no context chosen: set current-context; its contexts are "a", "b"`}},
		{"context without cluster", "clusters: [{name: c}]\ncontexts: [{name: x, context: {}}]\ncurrent-context: x", IsConfigurationInvalid, []string{`context "x" names no cluster: its clusters are "c"`}},
		{"cluster that is not there", "contexts: [{name: x, context: {cluster: c}}]\ncurrent-context: x", IsConfigurationInvalid, []string{`context "x" names cluster "c", which is not there: it has no clusters`}},
		{"user that is not there", "clusters: [{name: c, cluster: {server: 'https://h'}}]\nusers: [{name: v}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x",
			IsConfigurationInvalid, []string{`context "x" names user "u", which is not there: its users are "v"`}},
		{"cluster without server", "clusters: [{name: c}]\ncontexts: [{name: x, context: {cluster: c}}]\ncurrent-context: x", IsConfigurationInvalid,
			[]string{`cluster "c": cluster has no server defined: set server to the API server's URL`}},
		{"CA file that is not there", with("certificate-authority: none.pem", ""), IsConfigurationInvalid, []string{`cluster "c": unable to read certificate-authority: open `, "none.pem: no such file"}},
		{"CA and insecure", with("certificate-authority-data: Y2E=, insecure-skip-tls-verify: true", ""), IsConfigurationInvalid, []string{"remove one of them"}},
		{"proxy of another kind", with("proxy-url: 'ftp://u:"+canary.Secret+"@p'", ""), IsConfigurationInvalid, []string{`proxy-url has scheme "ftp", want http, https or socks5`}},
		{"proxy that is none", with("proxy-url: 'u:"+canary.Secret+"@p'", ""), IsConfigurationInvalid, []string{"proxy-url is no valid URL"}},
		{"certificate without key", with("", "client-certificate-data: Y2E="), IsConfigurationInvalid, []string{`user "u": client-certificate is set without its key`}},
		{"key without certificate", with("", "client-key-data: Y2E="), IsConfigurationInvalid, []string{`user "u": client-key is set without its certificate`}},
		{"token file that is not there", with("", "tokenFile: none"), IsConfigurationInvalid, []string{`user "u": unable to read tokenFile: open `}},
		{"token and password", with("", "token: "+canary.Secret+", username: u"), IsConfigurationInvalid, []string{"both a token and a username are set"}},
		{"impersonation without user", with("", "as-groups: [g]"), IsConfigurationInvalid, []string{"impersonation needs a user name"}},
		{"exec", with("", "exec: {command: aws, args: ["+canary.Secret+"]}"), IsConfigurationInvalid, []string{`user "u": exec: apiVersion is not set`}},
		{"exec and auth provider", with("", "auth-provider: {name: oidc, config: {a: "+canary.Secret+"}}, exec: {command: aws, args: ["+canary.Secret+"]}"), IsConfigurationInvalid, []string{`user "u": both exec and auth-provider are set`}},
		{"all at once", with("certificate-authority: none.pem, insecure-skip-tls-verify: true", "client-key-data: Y2E="), IsConfigurationInvalid, []string{"remove one of them", "none.pem", "without its certificate"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := write(t, t.TempDir(), "config", test.content)
			_, err := BuildConfigFromFlags("", path)
			if err == nil {
				t.Fatal("no error")
			}
			if test.is != nil && !test.is(err) {
				t.Errorf("%v (%T) is of the wrong kind", err, err)
			}
			for _, want := range append(test.want, path) {
				if !strings.Contains(canary.Err(t, err).Error(), want) {
					t.Errorf("error %q\nwant one with %q", err, want)
				}
			}
			if strings.Contains(canary.Err(t, err).Error(), canary.Secret) || strings.Contains(canary.Err(t, err).Error(), "12345678") {
				t.Errorf("a secret shows in the error %q", err)
			}
			if strings.Contains(canary.Err(t, err).Error(), "\n") {
				t.Errorf("the error has several lines: %q", err)
			}
		})
	}
}

func TestMissingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none")
	_, err := BuildConfigFromFlags("", path)
	if !errors.Is(canary.Err(t, err), fs.ErrNotExist) || !strings.Contains(canary.Err(t, err).Error(), "unable to read kubeconfig: open "+path) {
		t.Errorf("error %v", err)
	}
}

func TestLoadKeepsEverything(t *testing.T) {
	c, err := Load([]byte(completeKubeconfig + "preferences: {colors: true}\nextensions: [{name: e, extension: {b: 2}}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Clusters) != 4 || len(c.AuthInfos) != 4 || len(c.Contexts) != 6 || c.CurrentContext != "main" || !c.Preferences.Colors {
		t.Errorf("config %+v", c)
	}
	if len(c.Extensions) != 1 || len(c.Clusters["data"].Extensions) != 1 {
		t.Errorf("extensions %v, %v", c.Extensions, c.Clusters["data"].Extensions)
	}
	if c.Clusters["data"].LocationOfOrigin != "" {
		t.Error("bytes come from a file")
	}
}

func TestFilesAreMergedTheFirstWins(t *testing.T) {
	dir := t.TempDir()
	first := write(t, dir, "first", `{clusters: [{name: c, cluster: {server: "https://first"}}], contexts: [{name: x, context: {cluster: c, user: u}}]}`)
	if err := os.Mkdir(filepath.Join(dir, "d"), 0o700); err != nil {
		t.Fatal(err)
	}
	second := write(t, dir, "d/second", `{clusters: [{name: c, cluster: {server: "https://second"}}], users: [{name: u, user: {tokenFile: t}}], current-context: x}`)
	write(t, dir, "d/t", canary.Secret)
	t.Setenv(RecommendedConfigPathEnvVar, strings.Join([]string{filepath.Join(dir, "none"), first, second, first}, string(os.PathListSeparator)))

	rules := NewDefaultClientConfigLoadingRules()
	config := NewNonInteractiveDeferredLoadingClientConfig(rules, nil)
	c, err := config.ClientConfig()
	if err != nil || c.Host != "https://first" || c.BearerTokenFile != filepath.Join(dir, "d/t") {
		t.Errorf("%v, %v", c, err)
	}
	if got := config.ConfigAccess().GetDefaultFilename(); got != first {
		t.Errorf("default file %s", got)
	}
	rules.DoNotResolvePaths = true
	raw, err := config.RawConfig()
	if err != nil || raw.AuthInfos["u"].TokenFile != "t" || raw.AuthInfos["u"].LocationOfOrigin != second {
		t.Errorf("%v, %v", raw.AuthInfos["u"], err)
	}
	broken := write(t, dir, "broken", "[")
	rules.Precedence = append(rules.Precedence, broken)
	if _, err := config.ClientConfig(); err == nil || !strings.Contains(canary.Err(t, err).Error(), broken) {
		t.Errorf("error %v, want one that names the file", err)
	}
}

func TestNoFileAtAll(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(RecommendedConfigPathEnvVar, filepath.Join(dir, "none"))
	rules := NewDefaultClientConfigLoadingRules()
	var warned error
	rules.Warner = func(err error) { warned = err }
	config := &DeferredLoadingClientConfig{loader: rules, inCluster: pod{}}
	if _, err := config.ClientConfig(); !IsEmptyConfig(err) {
		t.Errorf("error %v", err)
	}
	var missing MissingConfigError
	if !errors.As(warned, &missing) || len(missing.Missing) != 1 {
		t.Errorf("warned of %v", warned)
	}
	if ns, _, err := config.Namespace(); ns != "default" || err != nil {
		t.Errorf("namespace %q, %v", ns, err)
	}
	config.inCluster = pod{possible: true}
	if c, err := config.ClientConfig(); err != nil || c.Host != "in" {
		t.Errorf("in a pod: %v, %v", c, err)
	}
	if start, err := rules.GetStartingConfig(); err != nil || len(start.Contexts) != 0 {
		t.Errorf("starting config %v, %v", start, err)
	}
}

func TestExplicitEmptyFileIsNoReasonToUseTheCluster(t *testing.T) {
	path := write(t, t.TempDir(), "config", "")
	config := &DeferredLoadingClientConfig{loader: &ClientConfigLoadingRules{ExplicitPath: path}, inCluster: pod{possible: true}}
	if c, err := config.ClientConfig(); !IsEmptyConfig(err) {
		t.Errorf("%v, %v", c, err)
	}
}

func TestOverrides(t *testing.T) {
	config, err := Load([]byte(completeKubeconfig))
	if err != nil {
		t.Fatal(err)
	}
	overriding := NewDefaultClientConfig(*config, &ConfigOverrides{
		Context:     api.Context{Cluster: "insecure", Namespace: "mine"},
		ClusterInfo: api.Cluster{CertificateAuthorityData: []byte("other")},
		AuthInfo:    api.AuthInfo{ClientCertificateData: []byte("c2"), ClientKeyData: []byte("k2")},
		Timeout:     "90s",
	})
	c, err := overriding.ClientConfig()
	if err != nil {
		t.Fatal(err)
	}
	want := rest.Config{Host: "https://insecure.example", Timeout: 90 * time.Second,
		TLSClientConfig: rest.TLSClientConfig{CAData: []byte("other"), CertData: []byte("c2"), KeyData: []byte("k2")}}
	if d := cmp.Diff(plainConfig(want), plainConfig(*c)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if ns, overridden, err := overriding.Namespace(); ns != "mine" || !overridden || err != nil {
		t.Errorf("namespace %q, %v, %v", ns, overridden, err)
	}
	merged, err := overriding.MergedRawConfig()
	if err != nil || merged.Contexts["main"].Cluster != "insecure" || string(merged.Clusters["insecure"].CertificateAuthorityData) != "other" {
		t.Errorf("merged %v, %v", merged, err)
	}
	if config.Contexts["main"].Cluster != "data" || len(config.Clusters["insecure"].CertificateAuthorityData) != 0 {
		t.Error("the overrides changed the kubeconfig itself")
	}
	if ns, overridden, err := NewDefaultClientConfig(*config, nil).Namespace(); ns != "ns" || overridden || err != nil {
		t.Errorf("namespace %q, %v, %v", ns, overridden, err)
	}
	if _, err := NewDefaultClientConfig(*config, &ConfigOverrides{Timeout: "soon"}).ClientConfig(); err == nil || !strings.Contains(canary.Err(t, err).Error(), `invalid timeout "soon"`) {
		t.Errorf("error %v", err)
	}
}

func TestParseTimeout(t *testing.T) {
	for in, want := range map[string]time.Duration{"0": 0, "5": 5 * time.Second, "2m": 2 * time.Minute, "1.5s": 1500 * time.Millisecond} {
		if got, err := ParseTimeout(in); got != want || err != nil {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "-1", "-1s", "x"} {
		if _, err := ParseTimeout(in); err == nil {
			t.Errorf("%q: no error", in)
		}
	}
}
