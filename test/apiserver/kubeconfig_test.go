package apiserver

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// kubeconfig is the part of Kubernetes' format that the launcher writes.
type kubeconfig struct {
	APIVersion, Kind string
	CurrentContext   string `json:"current-context"`
	Clusters         []struct {
		Name    string
		Cluster struct {
			Server string
			CA     []byte `json:"certificate-authority-data"`
		}
	}
	Users []struct {
		Name string
		User struct {
			Token string
			Cert  []byte `json:"client-certificate-data"`
			Key   []byte `json:"client-key-data"`
		}
	}
	Contexts []struct {
		Name    string
		Context struct{ Cluster, User string }
	}
}

func parseKubeconfig(t *testing.T, text []byte) kubeconfig {
	t.Helper()
	var k kubeconfig
	if err := yaml.UnmarshalStrict(text, &k); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return k
}

func TestKubeconfigOfACluster(t *testing.T) {
	text, err := os.ReadFile(shared.Kubeconfig())
	if err != nil {
		t.Fatal(err)
	}
	k := parseKubeconfig(t, text)
	if k.APIVersion != "v1" || k.Kind != "Config" || k.CurrentContext != "admin" {
		t.Errorf("got %s %s with context %q", k.APIVersion, k.Kind, k.CurrentContext)
	}
	if len(k.Clusters) != 1 || k.Clusters[0].Cluster.Server != shared.Server(0).URL() || string(k.Clusters[0].Cluster.CA) != string(shared.CA()) {
		t.Errorf("the cluster is %+v", k.Clusters)
	}
	want := map[string]int{"admin": http.StatusOK, "admin-token": http.StatusOK, "plain": http.StatusForbidden}
	if len(k.Users) != len(want) || len(k.Contexts) != len(want) {
		t.Errorf("users %d, contexts %d, want %d", len(k.Users), len(k.Contexts), len(want))
	}
	for i, context := range k.Contexts {
		user := k.Users[i]
		if context.Name != user.Name || context.Context.User != user.Name || context.Context.Cluster != k.Clusters[0].Name {
			t.Errorf("context %+v is not that of user %s", context, user.Name)
		}
		hc := client(t, shared, User{Name: user.Name, Token: user.User.Token, CertPEM: user.User.Cert, KeyPEM: user.User.Key})
		if code, _ := call(t, hc, http.MethodGet, k.Clusters[0].Cluster.Server+"/api/v1/namespaces", nil); code != want[user.Name] {
			t.Errorf("user %s gets %d, want %d", user.Name, code, want[user.Name])
		}
	}
}

func TestKubeconfigOfGivenUsers(t *testing.T) {
	user, err := shared.ClientCertificate(`odd "name": x`, "g")
	if err != nil {
		t.Fatal(err)
	}
	text, err := shared.Server(0).Kubeconfig(user)
	if err != nil {
		t.Fatal(err)
	}
	k := parseKubeconfig(t, text)
	if len(k.Users) != 1 || k.CurrentContext != user.Name || k.Users[0].Name != user.Name {
		t.Errorf("got\n%s", text)
	}
}

func TestWriteKubeconfig(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config")
	for range 2 { // its own file may be replaced
		if err := shared.Server(0).WriteKubeconfig(path); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("mode is %v", info.Mode())
		}
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("refuses to replace another's file", func(t *testing.T) {
		const mine = "apiVersion: v1\n"
		if err := os.WriteFile(path, []byte(mine), 0o600); err != nil {
			t.Fatal(err)
		}
		err := shared.Server(0).WriteKubeconfig(path)
		if err == nil || !strings.Contains(err.Error(), path+" exists") {
			t.Errorf("got %v", err)
		}
		if text, _ := os.ReadFile(path); string(text) != mine {
			t.Errorf("the file is now %q", text)
		}
	})
}
