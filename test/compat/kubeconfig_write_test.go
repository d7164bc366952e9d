package compat

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	theirs "k8s.io/client-go/tools/clientcmd"
	theirapi "k8s.io/client-go/tools/clientcmd/api"

	ours "github.com/kubewright/kubewright/pkg/clientcmd"
	ourapi "github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// Whatever both read, both write as the same bytes.
func TestWrittenKubeconfigsAreTheSame(t *testing.T) {
	written := 0
	for _, c := range kubeconfigs(t) {
		for _, content := range c.files {
			our, ourErr := ours.Load([]byte(content))
			their, theirErr := theirs.Load([]byte(content))
			if (ourErr != nil) != (theirErr != nil) {
				t.Errorf("%s: ours: %v, client-go's: %v", c.name, ourErr, theirErr)
			}
			if ourErr != nil || theirErr != nil {
				continue
			}
			ourData, ourErr := ours.Write(*our)
			theirData, theirErr := theirs.Write(*their)
			if ourErr != nil || theirErr != nil {
				t.Errorf("%s: ours: %v, client-go's: %v", c.name, ourErr, theirErr)
				continue
			}
			if d := cmp.Diff(string(theirData), string(ourData)); d != "" {
				t.Errorf("%s: (-client-go +ours):\n%s", c.name, d)
			}
			written++
		}
	}
	t.Logf("%d kubeconfigs are written as the same bytes", written)
}

// edit is a change, once for each of the two.
type edit struct {
	name       string
	our        func(*ourapi.Config)
	their      func(*theirapi.Config)
	relativize bool
}

var edits = []edit{
	{name: "nothing", our: func(*ourapi.Config) {}, their: func(*theirapi.Config) {}},
	{name: "current context",
		our:   func(c *ourapi.Config) { c.CurrentContext = "two" },
		their: func(c *theirapi.Config) { c.CurrentContext = "two" }},
	{name: "token",
		our:   func(c *ourapi.Config) { c.AuthInfos["u1"].Token = "new" },
		their: func(c *theirapi.Config) { c.AuthInfos["u1"].Token = "new" }},
	{name: "entry of the second file",
		our:   func(c *ourapi.Config) { c.Clusters["c2"].Server = "https://new" },
		their: func(c *theirapi.Config) { c.Clusters["c2"].Server = "https://new" }},
	{name: "new cluster",
		our:   func(c *ourapi.Config) { c.Clusters["c3"] = &ourapi.Cluster{Server: "https://c3"} },
		their: func(c *theirapi.Config) { c.Clusters["c3"] = &theirapi.Cluster{Server: "https://c3"} }},
	{name: "new context and user",
		our: func(c *ourapi.Config) {
			c.Contexts["three"] = &ourapi.Context{Cluster: "c1", AuthInfo: "u3"}
			c.AuthInfos["u3"] = &ourapi.AuthInfo{Username: "u3"}
		},
		their: func(c *theirapi.Config) {
			c.Contexts["three"] = &theirapi.Context{Cluster: "c1", AuthInfo: "u3"}
			c.AuthInfos["u3"] = &theirapi.AuthInfo{Username: "u3"}
		}},
	{name: "delete from the first file",
		our:   func(c *ourapi.Config) { delete(c.Clusters, "c1") },
		their: func(c *theirapi.Config) { delete(c.Clusters, "c1") }},
	{name: "delete from the second file",
		our:   func(c *ourapi.Config) { delete(c.Contexts, "two"); delete(c.AuthInfos, "u2") },
		their: func(c *theirapi.Config) { delete(c.Contexts, "two"); delete(c.AuthInfos, "u2") }},
	{name: "path, relative", relativize: true,
		our:   func(c *ourapi.Config) { c.Clusters["c1"].TLSServerName = "n1" },
		their: func(c *theirapi.Config) { c.Clusters["c1"].TLSServerName = "n1" }},
	{name: "namespace",
		our:   func(c *ourapi.Config) { c.Contexts["one"].Namespace = "ns1" },
		their: func(c *theirapi.Config) { c.Contexts["one"].Namespace = "ns1" }},
}

// The same edit of the same files makes the same files.
func TestModifiedKubeconfigsAreTheSame(t *testing.T) {
	const (
		first  = "apiVersion: v1\nkind: Config\ncurrent-context: one\nclusters: [{name: c1, cluster: {server: 'https://c1', certificate-authority: sub/ca.pem}}]\nusers: [{name: u1, user: {token: t, as-groups: [a]}}]\ncontexts: [{name: one, context: {cluster: c1, user: u1}}]\n"
		second = "apiVersion: v1\nkind: Config\nclusters: [{name: c2, cluster: {server: 'https://c2'}}]\nusers: [{name: u2, user: {username: u2}}]\ncontexts: [{name: two, context: {cluster: c2, user: u2}}]\n"
	)
	prepare := func(t *testing.T) (files []string) {
		dir := t.TempDir()
		for name, content := range map[string]string{"first": first, "second": second} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return []string{filepath.Join(dir, "first"), filepath.Join(dir, "second")}
	}
	contents := func(t *testing.T, files []string) (all []string) {
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, strings.ReplaceAll(string(data), filepath.Dir(file), "$DIR"))
		}
		return all
	}
	for _, e := range edits {
		t.Run(e.name, func(t *testing.T) {
			ourFiles, theirFiles := prepare(t), prepare(t)
			ourRules := &ours.ClientConfigLoadingRules{Precedence: ourFiles}
			our, err := ourRules.GetStartingConfig()
			if err != nil {
				t.Fatal(err)
			}
			e.our(our)
			if err := ours.ModifyConfig(ourRules, *our, e.relativize); err != nil {
				t.Fatal(err)
			}
			theirRules := &theirs.ClientConfigLoadingRules{Precedence: theirFiles}
			their, err := theirRules.GetStartingConfig()
			if err != nil {
				t.Fatal(err)
			}
			e.their(their)
			if err := theirs.ModifyConfig(theirRules, *their, e.relativize); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(contents(t, theirFiles), contents(t, ourFiles)); d != "" {
				t.Errorf("(-client-go +ours):\n%s", d)
			}
		})
	}
}
