package clientcmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

var fuzzSeeds = []string{
	completeKubeconfig,
	"",
	"null",
	"{}",
	"a: &a [*a]",
	"x: &u {token: " + canary.Secret + "}\nusers: [{name: u, user: *u}, {name: v, user: {<<: *u, as: a}}]",
	"clusters: [null]\nusers: null\ncontexts: [{name: x, context: null}]\ncurrent-context: x",
	"clusters: [{name: a}, {name: a}]\nusers: [{name: a}, {name: a}]",
	"\xef\xbb\xbf{}",
	"apiVersion: v1\r\nkind: Config\r\nclusters:\r\n- name: c\r\n  cluster:\r\n    server: https://h\r\n",
	"users: [{name: u, user: {client-key-data: Y2FuYXJ5LTVlM2Q5, client-certificate-data: '!'}}]",
	"users: [{name: u, user: {exec: {command: ./p, apiVersion: client.authentication.k8s.io/v1beta1, env: [{name: N1, value: " + canary.Secret + "}]}, auth-provider: {name: oidc, config: {k: " + canary.Secret + "}}}}]",
	"extensions: [{name: e, extension: {a: [1, 1.5, null, 12345678901234567890]}}, {name: f, extension: null}, {name: g, extension: text}]\npreferences: {colors: true, extensions: [{name: p, extension: {}}]}",
	`{"clusters":[{"name":"c","cluster":{"server":"https://h","extensions":[{"name":"client.authentication.k8s.io/exec","extension":{"audience":"a"}}]}}]}`,
}

// FuzzLoad: any bytes are a kubeconfig or an error of one line. A kubeconfig that is written is the same when it is read again,
// and the second time it is written.
func FuzzLoad(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		config, err := Load(data)
		if err != nil {
			if strings.Contains(canary.Err(t, err).Error(), "\n") {
				t.Errorf("error of several lines: %q", err)
			}
			return
		}
		if config.Clusters == nil || config.AuthInfos == nil || config.Contexts == nil {
			t.Fatal("a map is nil")
		}
		_ = Validate(*config)
		_, _ = NewDefaultClientConfig(*config, nil).ClientConfig()
		first := written(t, config)
		again, err := Load([]byte(first))
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, first)
		}
		if d := cmp.Diff(first, written(t, again)); d != "" {
			t.Errorf("(-first +second):\n%s", d)
		}
	})
}

func written(t *testing.T, config *api.Config) string {
	t.Helper()
	data, err := Write(*config)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// FuzzMerge: it does not matter which of three files are merged first, and each entry is one file's as a whole, the first's
// that has it.
func FuzzMerge(f *testing.F) {
	for i, seed := range fuzzSeeds {
		f.Add([]byte(seed), []byte(fuzzSeeds[(i+1)%len(fuzzSeeds)]), []byte(completeKubeconfig))
	}
	f.Fuzz(func(t *testing.T, a, b, c []byte) {
		var files []func() *api.Config
		for i, data := range [][]byte{a, b, c} {
			if _, err := Load(data); err != nil {
				return
			}
			files = append(files, func() *api.Config {
				config, _ := Load(data)
				setOrigin(config, string(rune('a'+i)))
				return config
			})
		}
		left := files[0]()
		mergeConfig(left, files[1]())
		mergeConfig(left, files[2]())
		tail := files[1]()
		mergeConfig(tail, files[2]())
		right := files[0]()
		mergeConfig(right, tail)
		if d := cmp.Diff(written(t, left), written(t, right)); d != "" {
			t.Errorf("(-(a+b)+c +a+(b+c)):\n%s", d)
		}
		for name, user := range left.AuthInfos {
			from := files[user.LocationOfOrigin[0]-'a']().AuthInfos[name]
			if d := cmp.Diff(from, user, cmp.Transformer("plain", func(u api.AuthInfo) string {
				return written(t, &api.Config{AuthInfos: map[string]*api.AuthInfo{"": &u}})
			})); d != "" {
				t.Errorf("user %q is of several files (-one +merged):\n%s", name, d)
			}
			for _, before := range files[:user.LocationOfOrigin[0]-'a'] {
				if before().AuthInfos[name] != nil {
					t.Errorf("user %q is not of the first file that has it", name)
				}
			}
		}
	})
}

// FuzzUntrusted: what LoadUntrusted returns names no files and nothing that is refused.
func FuzzUntrusted(f *testing.F) {
	dir := f.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "in"), []byte("in"), 0o600); err != nil {
		f.Fatal(err)
	}
	for _, seed := range append(fuzzSeeds, "users: [{name: u, user: {tokenFile: in}}]", "users: [{name: u, user: {client-key: ./in/../../out}}]") {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		config, err := LoadUntrusted(data, dir)
		if err != nil {
			return
		}
		for _, ref := range GetConfigFileReferences(config) {
			if *ref != "" {
				t.Errorf("it names the file %q", *ref)
			}
		}
		for _, c := range config.Clusters {
			if c.ProxyURL != "" || c.InsecureSkipTLSVerify || c.Server != "" && !strings.HasPrefix(strings.ToLower(c.Server), "https:") {
				t.Errorf("cluster %+v", c)
			}
		}
		for _, u := range config.AuthInfos {
			if u.Exec != nil || u.AuthProvider != nil {
				t.Errorf("user %+v", u)
			}
		}
	})
}
