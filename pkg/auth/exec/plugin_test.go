package exec

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apis/clientauthentication"
	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestCredentialsOfAPlugin(t *testing.T) {
	for _, version := range []string{v1Version, v1beta1Version} {
		for _, c := range []struct {
			mode        string
			token, cert bool
			expires     bool
		}{
			{mode: "token", token: true},
			{mode: "cert", cert: true, expires: true},
			{mode: "both", token: true, cert: true, expires: true},
			{mode: "past", token: true, expires: true},
			{mode: "future", token: true, expires: true},
			{mode: "raw=kind: ExecCredential\napiVersion: " + version + "\nstatus:\n  token: " + canary.Secret, token: true},
		} {
			t.Run(version+" "+c.mode, func(t *testing.T) {
				config := configFor(t, c.mode)
				config.APIVersion = version
				p, _ := pluginFor(t, config)
				credential, expires, err := p.fetch(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if (credential.Token == canary.Secret) != c.token || (credential.Certificate != nil) != c.cert || expires.IsZero() == c.expires {
					t.Errorf("got token %t, certificate %t, expiry %v", credential.Token != "", credential.Certificate != nil, expires)
				}
			})
		}
	}
}

func TestUnusablePlugins(t *testing.T) {
	for _, c := range []struct{ mode, want string }{
		{"exit", "failed (exit status 7): see what it printed on standard error"},
		{"flood", "printed more than 1048576 bytes"},
		{"nothing", "it printed nothing"},
		{"raw={" + canary.Secret, "no valid ExecCredential"},
		{"raw=" + canary.Secret, "no valid ExecCredential"},
		{"raw=[" + canary.Secret + "]", "no valid ExecCredential"},
		{"badtime", "no valid ExecCredential"},
		{"kind", "another kind than ExecCredential"},
		{"version=" + v1beta1Version, `has apiVersion "client.authentication.k8s.io/v1beta1", but it is configured with "client.authentication.k8s.io/v1"`},
		{"version=" + canary.Secret, `another apiVersion than "client.authentication.k8s.io/v1"`},
		{"nostatus", "has no status"},
		{"empty", "neither a token nor a client certificate"},
		{"newline", "status.token has characters, such as a newline"},
		{"halfcert", "clientCertificateData without clientKeyData"},
		{"halfkey", "clientKeyData without clientCertificateData"},
		{"mismatch", "do not belong together"},
		{"badpem", "no valid PEM"},
		{"tty", "failed (exit status 3)"},
		{"stdin", "failed (exit status 1)"},
	} {
		t.Run(c.mode, func(t *testing.T) {
			p, stderr := pluginFor(t, configFor(t, c.mode))
			_, _, err := p.fetch(t.Context())
			if err == nil || !strings.Contains(canary.Err(t, err).Error(), c.want) || !strings.Contains(canary.Err(t, err).Error(), strconv.Quote(p.config.Command)) {
				t.Errorf("got %v, want the command and %q", err, c.want)
			}
			if err != nil && strings.Contains(canary.Err(t, err).Error(), canary.Secret) || strings.Contains(stderr.String(), canary.Secret) {
				t.Errorf("the secret got out: %v, %s", err, stderr)
			}
		})
	}
}

func TestStandardErrorIsBoundedAndWithoutControlCharacters(t *testing.T) {
	p, stderr := pluginFor(t, configFor(t, "exit"))
	if _, _, err := p.fetch(t.Context()); err == nil {
		t.Fatal("no error")
	}
	if got := stderr.String(); got != "told on [31mstderr\n" {
		t.Errorf("got %q", got)
	}
	p, stderr = pluginFor(t, configFor(t, "stderr"))
	if _, _, err := p.fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if stderr.Len() != maxErrorBytes {
		t.Errorf("got %d bytes, want %d", stderr.Len(), maxErrorBytes)
	}
}

func TestAPluginThatHangsIsKilled(t *testing.T) {
	p, _ := pluginFor(t, configFor(t, "hang"))
	p.timeout = 100 * time.Millisecond
	_, _, err := p.fetch(t.Context())
	if err == nil || !strings.Contains(canary.Err(t, err).Error(), "was stopped: it gave no answer in 100ms") {
		t.Error(err)
	}
}

func TestEnvironmentAndArguments(t *testing.T) {
	t.Setenv("KUBEWRIGHT_TEST_OURS", canary.Secret+"ours")
	t.Setenv("KUBEWRIGHT_TEST_BOTH", canary.Secret+"ours")
	for variable, want := range map[string]string{"KUBEWRIGHT_TEST_OURS": canary.Secret + "ours", "KUBEWRIGHT_TEST_BOTH": canary.Secret + "configured"} {
		config := configFor(t, "environment="+variable)
		config.Env = append(config.Env, api.ExecEnvVar{Name: "KUBEWRIGHT_TEST_BOTH", Value: canary.Secret + "configured"})
		p, _ := pluginFor(t, config)
		if credential, _, err := p.fetch(t.Context()); err != nil || credential.Token != want {
			t.Errorf("%s: got %q, %v, want %q", variable, credential.Token, err, want)
		}
	}
	config := configFor(t, "arguments")
	config.Args = []string{"a b", "$HOME", canary.Secret}
	p, _ := pluginFor(t, config)
	if credential, _, err := p.fetch(t.Context()); err != nil || credential.Token != "a b|$HOME|"+canary.Secret {
		t.Errorf("got %q, %v", credential.Token, err)
	}
}

func TestWhatAPluginIsTold(t *testing.T) {
	cluster := &clientauthentication.Cluster{
		Server:                   "https://host:6443",
		TLSServerName:            "name",
		CertificateAuthorityData: []byte("CA"),
		ProxyURL:                 "http://u:" + canary.Secret + "@proxy",
		Config:                   &runtime.Unknown{Raw: []byte(`{"audience":"me"}`), ContentType: runtime.ContentTypeJSON},
	}
	const clusterJSON = `{"server":"https://host:6443","tls-server-name":"name","certificate-authority-data":"Q0E=","proxy-url":"http://u:` + canary.Secret + `@proxy","config":{"audience":"me"}}`
	for _, c := range []struct {
		version string
		provide bool
		want    string
	}{
		{v1Version, false, `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false}}`},
		{v1Version, true, `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"cluster":` + clusterJSON + `,"interactive":false}}`},
		{v1beta1Version, true, `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","spec":{"cluster":` + clusterJSON + `,"interactive":false}}`},
	} {
		config := configFor(t, "environment="+infoVariable)
		config.APIVersion, config.ProvideClusterInfo = c.version, c.provide
		p, err := newPlugin(config, cluster)
		if err != nil {
			t.Fatal(err)
		}
		credential, _, err := p.fetch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if credential.Token != c.want {
			t.Errorf("got %s, want %s", credential.Token, c.want)
		}
		if !json.Valid([]byte(credential.Token)) {
			t.Errorf("%s is no JSON", credential.Token)
		}
	}
}

func TestStandardInputIsGivenOnlyIfAskedForAndATerminal(t *testing.T) {
	for _, c := range []struct {
		mode        api.ExecInteractiveMode
		terminal    bool
		unavailable bool
		message     string
		want        string // token, or part of the error
	}{
		{mode: api.NeverExecInteractiveMode, terminal: true, want: "failed (exit status 1)"},
		{mode: api.IfAvailableExecInteractiveMode, terminal: true, want: canary.Secret},
		{mode: api.IfAvailableExecInteractiveMode, want: "failed (exit status 1)"},
		{mode: api.IfAvailableExecInteractiveMode, terminal: true, unavailable: true, want: "failed (exit status 1)"},
		{mode: api.AlwaysExecInteractiveMode, terminal: true, want: canary.Secret},
		{mode: api.AlwaysExecInteractiveMode, want: "needs standard input (interactiveMode Always), which is no terminal"},
		{mode: api.AlwaysExecInteractiveMode, terminal: true, unavailable: true, want: "which this program does not give away"},
		{mode: api.AlwaysExecInteractiveMode, terminal: true, unavailable: true, message: "it has the manifest", want: "which is not available: it has the manifest"},
	} {
		config := configFor(t, "stdin")
		config.InteractiveMode, config.StdinUnavailable, config.StdinUnavailableMessage = c.mode, c.unavailable, c.message
		p, _ := pluginFor(t, config)
		p.isTerminal = func() bool { return c.terminal }
		p.stdin = strings.NewReader(canary.Secret + "\n")
		credential, _, err := p.fetch(t.Context())
		if err == nil && credential.Token != c.want || err != nil && !strings.Contains(canary.Err(t, err).Error(), c.want) {
			t.Errorf("%+v: got %q, %v", c, credential.Token, err)
		}
	}
}

func TestOneInteractivePluginAtATime(t *testing.T) {
	release, err := takeTerminal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	config := configFor(t, "token")
	config.InteractiveMode = api.AlwaysExecInteractiveMode
	p, _ := pluginFor(t, config)
	p.isTerminal = func() bool { return true }
	p.stdin = strings.NewReader("")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := p.fetch(ctx); err == nil || !strings.Contains(canary.Err(t, err).Error(), "waiting for another exec plugin to leave the terminal") {
		t.Errorf("got %v, want it to wait", err)
	}
	release()
	if _, _, err := p.fetch(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAnEqualCertificateIsTheSame(t *testing.T) {
	dir := t.TempDir()
	write := func() {
		cert, key := newCert()
		for name, content := range map[string]string{"cert": cert, "key": key} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	write()
	p, _ := pluginFor(t, configFor(t, "fixedcert="+dir))
	first, _, err := p.fetch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if second, _, err := p.fetch(t.Context()); err != nil || second != first {
		t.Errorf("the same certificate is another credential (%v)", err)
	}
	write()
	if third, _, err := p.fetch(t.Context()); err != nil || third == first {
		t.Errorf("another certificate is the same credential (%v)", err)
	}
}

func TestInvalidConfigurations(t *testing.T) {
	for _, c := range []struct {
		change func(*api.ExecConfig)
		want   string
	}{
		{func(c *api.ExecConfig) { c.Command = "" }, "no command is set"},
		{func(c *api.ExecConfig) { c.APIVersion = "" }, `invalid apiVersion ""`},
		{func(c *api.ExecConfig) { c.APIVersion = "client.authentication.k8s.io/v1alpha1" }, `want "client.authentication.k8s.io/v1" or`},
		{func(c *api.ExecConfig) { c.InteractiveMode = "" }, "interactiveMode must be set"},
		{func(c *api.ExecConfig) { c.InteractiveMode = "Sometimes" }, `unknown interactiveMode "Sometimes"`},
		{func(c *api.ExecConfig) { c.ProvideClusterInfo = true }, "nothing is known of the cluster"},
		{func(c *api.ExecConfig) { c.PluginPolicy.PolicyType = "Some" }, `unknown credential plugin policy "Some"`},
	} {
		config := configFor(t, "token")
		c.change(config)
		if _, err := GetAuthenticator(config, nil); err == nil || !strings.Contains(canary.Err(t, err).Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	config := configFor(t, "token")
	config.APIVersion, config.InteractiveMode = v1beta1Version, ""
	if p, err := newPlugin(config, nil); err != nil || p.config.InteractiveMode != api.IfAvailableExecInteractiveMode {
		t.Errorf("v1beta1 without interactiveMode: %v", err)
	}
}

// eventually waits for processes and files, which know no synctest.
func eventually(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen")
		}
	}
}
