package clientcmd

import (
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestRelativizeWithoutBacksteps(t *testing.T) {
	for _, test := range []struct{ path, want, err string }{
		{"/base/b/c", "b/c", ""},
		{"/base/..b", "..b", ""},
		{"/base", ".", ""},
		{"/other", "/other", ""},
		{"/basement/x", "/basement/x", ""},
		{"", "", ""},
		{"a/b", "a/b", "unable to make a path relative"},
	} {
		path := test.path
		err := RelativizePathWithNoBacksteps([]*string{&path}, "/base")
		if path != test.want || (err == nil) != (test.err == "") || err != nil && !strings.Contains(canary.Err(t, err).Error(), test.err) {
			t.Errorf("%q: %q, %v, want %q", test.path, path, err, test.want)
		}
	}
	path := "../x"
	if err := RelativizePathWithNoBacksteps([]*string{&path}, "base"); err == nil || !strings.Contains(canary.Err(t, err).Error(), "make it absolute") {
		t.Errorf("error %v", err)
	}
}

func TestConfigPathsResolveAndRelativize(t *testing.T) {
	c := api.NewConfig()
	c.Clusters["c"] = &api.Cluster{CertificateAuthority: "ca"}
	c.AuthInfos["u"] = &api.AuthInfo{ClientCertificate: "sub/c", ClientKey: "/k", TokenFile: "t", Exec: &api.ExecConfig{Command: "./p"}}
	c.Clusters["nil"], c.AuthInfos["nil"] = nil, nil
	if err := ResolveConfigPaths(c, "/base"); err != nil || c.Clusters["c"].CertificateAuthority != "/base/ca" || c.AuthInfos["u"].ClientKey != "/k" || c.AuthInfos["u"].Exec.Command != "/base/p" {
		t.Errorf("%v, %v", c.Clusters["c"], err)
	}
	if err := RelativizeConfigPaths(c, "/base"); err != nil || c.Clusters["c"].CertificateAuthority != "ca" || c.AuthInfos["u"].ClientCertificate != "sub/c" || c.AuthInfos["u"].ClientKey != "/k" {
		t.Errorf("%v, %v", c.Clusters["c"], err)
	}
	if err := ResolveLocalPaths(c); err != nil || c.Clusters["c"].CertificateAuthority != "ca" {
		t.Errorf("entries of no file: %v, %v", c.Clusters["c"], err)
	}
}

func TestMakeRelative(t *testing.T) {
	if got, err := MakeRelative("/a/b", "/a/c"); got != "../b" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := MakeRelative("", "/a"); got != "" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
