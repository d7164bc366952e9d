package latest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

const kubeconfig = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Y2E=
    extensions:
    - extension:
        provider: minikube.sigs.k8s.io
      name: cluster_info
    server: https://h
  name: c
contexts:
- context:
    cluster: c
    namespace: "n"
    user: u
  name: x
current-context: x
kind: Config
users:
- name: u
  user:
    as: boss
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args: null
      command: get-token
      env: null
      interactiveMode: IfAvailable
      provideClusterInfo: false
    token: ` + canary.Secret + `
`

func TestCodecRoundTrip(t *testing.T) {
	object, err := runtime.Decode(Codec, []byte(kubeconfig))
	if err != nil {
		t.Fatal(err)
	}
	config, ok := object.(*api.Config)
	if !ok || string(config.Clusters["c"].CertificateAuthorityData) != "ca" || config.AuthInfos["u"].Impersonate != "boss" {
		t.Fatalf("read as %T %v", object, object)
	}
	data, err := runtime.Encode(Codec, config)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(kubeconfig, string(data)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestCodecSetsDefaults(t *testing.T) {
	object, err := runtime.Decode(Codec, []byte(strings.Replace(kubeconfig, "interactiveMode: IfAvailable", "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if mode := object.(*api.Config).AuthInfos["u"].Exec.InteractiveMode; mode != api.IfAvailableExecInteractiveMode {
		t.Errorf("interactive mode %q", mode)
	}
}

func TestCodecRefusesNamesThatAreThereTwice(t *testing.T) {
	_, err := runtime.Decode(Codec, []byte("apiVersion: v1\nkind: Config\nclusters: [{name: a}, {name: a}]\nusers: [{name: b}, {name: b}]"))
	if err == nil || !strings.Contains(canary.Err(t, err).Error(), `there are two clusters of name "a"`) {
		t.Errorf("error %v", err)
	}
}

func TestNilEntriesAreWrittenAsEmpty(t *testing.T) {
	config := api.NewConfig()
	config.Clusters["c"], config.AuthInfos["u"], config.Contexts["x"], config.Extensions["e"] = nil, nil, nil, nil
	data, err := runtime.Encode(Codec, config)
	if err != nil {
		t.Fatal(err)
	}
	object, err := runtime.Decode(Codec, data)
	if err != nil {
		t.Fatal(err)
	}
	if got := object.(*api.Config); got.Clusters["c"] == nil || got.AuthInfos["u"] == nil || got.Contexts["x"] == nil {
		t.Errorf("%s is read as %v", data, got)
	}
}
