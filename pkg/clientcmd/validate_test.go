package clientcmd

import (
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func valid() api.Config {
	c := api.NewConfig()
	c.CurrentContext = "x"
	c.Contexts["x"] = &api.Context{Cluster: "c", AuthInfo: "u", Namespace: "ns1"}
	c.Clusters["c"] = &api.Cluster{Server: "https://h"}
	c.AuthInfos["u"] = &api.AuthInfo{Exec: &api.ExecConfig{Command: "p", APIVersion: "client.authentication.k8s.io/v1", InteractiveMode: api.NeverExecInteractiveMode}}
	return *c
}

func TestValidateTellsAllThatIsWrong(t *testing.T) {
	if err := Validate(valid()); err != nil {
		t.Errorf("nothing is wrong, and yet: %v", err)
	}
	c := valid()
	c.CurrentContext = "none"
	c.Contexts["a"] = &api.Context{Cluster: "none", AuthInfo: "none", Namespace: "Not_A_Name"}
	c.Contexts["nil"] = nil
	c.Clusters["bad"] = &api.Cluster{}
	c.Clusters["nil"] = nil
	c.AuthInfos["bad"] = &api.AuthInfo{ClientKey: "none.pem", Exec: &api.ExecConfig{Env: []api.ExecEnvVar{{}}}, AuthProvider: &api.AuthProviderConfig{}}
	c.AuthInfos["mode"] = &api.AuthInfo{Exec: &api.ExecConfig{Command: "p", APIVersion: "v", InteractiveMode: "Sometimes"}}
	c.AuthInfos["nil"] = nil
	err := Validate(c)
	if !IsConfigurationInvalid(err) {
		t.Fatalf("%T %v", err, err)
	}
	for _, want := range []string{
		`current-context "none" does not exist: its contexts are "a", "nil", "x"`,
		`context "a" names cluster "none", which is not there`,
		`context "a" names user "none", which is not there`,
		`context "a": namespace "Not_A_Name" is no DNS label`,
		`context "nil" names no cluster`,
		`cluster "bad": cluster has no server defined`,
		`cluster "nil": cluster has no server defined`,
		`user "bad": client-key is set without its certificate`,
		`user "bad": unable to read client-key: open none.pem`,
		`user "bad": exec: command is not set`,
		`user "bad": exec: apiVersion is not set`,
		`user "bad": exec: env[0] has no name`,
		`user "bad": exec: interactiveMode is not set, as apiVersion "" requires`,
		`user "bad": both exec and auth-provider are set`,
		`user "mode": exec: interactiveMode is "Sometimes", want Never, IfAvailable or Always`,
	} {
		if !strings.Contains(canary.Err(t, err).Error(), want) {
			t.Errorf("error %v\nwant one with %s", err, want)
		}
	}
	if err := Validate(*api.NewConfig()); !IsEmptyConfig(err) {
		t.Errorf("of an empty kubeconfig: %v", err)
	}
}

func TestConfirmUsableLooksAtOneContext(t *testing.T) {
	c := valid()
	c.Contexts["bad"] = &api.Context{Cluster: "c", AuthInfo: "none", Namespace: "Not_A_Name"}
	for _, name := range []string{"", "x"} {
		if err := ConfirmUsable(c, name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	err := ConfirmUsable(c, "bad")
	if !IsConfigurationInvalid(err) || !strings.Contains(canary.Err(t, err).Error(), "Not_A_Name") || !strings.Contains(canary.Err(t, err).Error(), `names user "none"`) {
		t.Errorf("error %v", err)
	}
	if err := ConfirmUsable(c, "none"); !IsContextNotFound(err) {
		t.Errorf("error %v", err)
	}
	if err := ConfirmUsable(*api.NewConfig(), ""); !IsEmptyConfig(err) {
		t.Errorf("error %v", err)
	}
	c.CurrentContext = ""
	if err := ConfirmUsable(c, ""); !IsConfigurationInvalid(err) {
		t.Errorf("without a context all of it counts: %v", err)
	}
}
