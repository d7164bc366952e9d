package clientcmd

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func anonymous(server string) api.Config {
	c := api.NewConfig()
	c.CurrentContext = "x"
	c.Contexts["x"] = &api.Context{Cluster: "c"}
	c.Clusters["c"] = &api.Cluster{Server: server}
	return *c
}

func asking(config api.Config, answers string) (*DirectClientConfig, *strings.Builder) {
	var out strings.Builder
	return newDirectClientConfig(config, "", nil, &prompter{reader: strings.NewReader(answers), out: &out}, nil), &out
}

func TestUserIsAskedOnce(t *testing.T) {
	direct, out := asking(anonymous("https://h"), "bob\r\n"+canary.Secret+"\nmore\n")
	for range 2 {
		c, err := direct.ClientConfig()
		if err != nil || c.Username != "bob" || c.Password != canary.Secret {
			t.Fatalf("%v, %v", c, err)
		}
	}
	if out.String() != "Please enter Username: Please enter Password: " {
		t.Errorf("asked %q", out)
	}
}

func TestUserIsNotAsked(t *testing.T) {
	withToken := anonymous("https://h")
	withToken.AuthInfos["u"] = &api.AuthInfo{Token: canary.Secret}
	withToken.Contexts["x"].AuthInfo = "u"
	for name, config := range map[string]api.Config{"with a credential": withToken, "without TLS": anonymous("http://h")} {
		direct, out := asking(config, "")
		if _, err := direct.ClientConfig(); err != nil || out.Len() > 0 {
			t.Errorf("%s: asked %q, error %v", name, out, err)
		}
	}
}

func TestNoAnswerIsAnError(t *testing.T) {
	for answers, want := range map[string]string{"": "unable to read the username", "bob\n": "unable to read the password", strings.Repeat("x", 5000): "longer than 4096 bytes"} {
		direct, _ := asking(anonymous("https://h"), answers)
		if _, err := direct.ClientConfig(); err == nil || !strings.Contains(canary.Err(t, err).Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	broken := errors.New("broken")
	direct, _ := asking(anonymous("https://h"), "")
	direct.prompter.reader = io.MultiReader(strings.NewReader("b"), brokenReader{broken})
	if _, err := direct.ClientConfig(); !errors.Is(canary.Err(t, err), broken) {
		t.Errorf("error %v", err)
	}
}

type brokenReader struct{ err error }

func (r brokenReader) Read([]byte) (int, error) { return 0, r.err }

func TestInteractiveConstructors(t *testing.T) {
	reader := strings.NewReader("bob\n" + canary.Secret + "\n")
	for _, config := range []ClientConfig{
		NewInteractiveClientConfig(anonymous("https://h"), "x", nil, reader, nil),
		NewInteractiveDeferredLoadingClientConfig(&ClientConfigGetter{func() (*api.Config, error) { c := anonymous("https://h"); return &c, nil }}, nil, strings.NewReader("bob\n"+canary.Secret+"\n")),
	} {
		if c, err := config.ClientConfig(); err != nil || c.Username != "bob" {
			t.Errorf("%v, %v", c, err)
		}
	}
}
