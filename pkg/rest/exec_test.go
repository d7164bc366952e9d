package rest

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apis/clientauthentication"
	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestConfigAndExecClusterRoundTrip(t *testing.T) {
	caFile := filepath.Join(t.TempDir(), "ca")
	if err := os.WriteFile(caFile, []byte("CA"), 0o600); err != nil {
		t.Fatal(err)
	}
	var asked string
	config := &Config{
		Host:               "host:6443/path",
		BearerToken:        secret,
		Username:           "x",
		TLSClientConfig:    TLSClientConfig{CAFile: caFile, ServerName: "name"},
		DisableCompression: true,
		ExecProvider:       &api.ExecConfig{Config: &runtime.Unknown{Raw: []byte("{}")}},
		Proxy: func(req *http.Request) (*url.URL, error) {
			asked = req.URL.String()
			return url.Parse("http://u:" + secret + "@proxy:1")
		},
	}
	cluster, err := ConfigToExecCluster(config)
	if err != nil {
		t.Fatal(err)
	}
	want := &clientauthentication.Cluster{
		Server:                   "host:6443/path",
		TLSServerName:            "name",
		CertificateAuthorityData: []byte("CA"),
		ProxyURL:                 "http://u:" + secret + "@proxy:1",
		DisableCompression:       true,
		Config:                   &runtime.Unknown{Raw: []byte("{}")},
	}
	if diff := cmp.Diff(want, cluster); diff != "" {
		t.Error(diff)
	}
	if !strings.HasSuffix(asked, "://host:6443/path/") && !strings.HasSuffix(asked, "://host:6443/path") {
		t.Errorf("the proxy was asked for %q", asked)
	}

	back, err := ExecClusterToConfig(cluster)
	if err != nil {
		t.Fatal(err)
	}
	if back.Host != config.Host || back.ServerName != "name" || string(back.CAData) != "CA" || !back.DisableCompression || back.BearerToken != "" || back.Username != "" {
		t.Errorf("got %+v", back)
	}
	again, err := ConfigToExecCluster(back)
	want.Config = nil
	if diff := cmp.Diff(want, again); err != nil || diff != "" {
		t.Error(err, diff)
	}

	insecure, err := ConfigToExecCluster(&Config{Host: "h", TLSClientConfig: TLSClientConfig{Insecure: true}})
	if err != nil || !insecure.InsecureSkipTLSVerify {
		t.Errorf("got %+v, %v", insecure, err)
	}
}

func TestConfigsThatPluginsCannotBeTold(t *testing.T) {
	if _, err := ConfigToExecCluster(&Config{TLSClientConfig: TLSClientConfig{CAFile: "/does/not/exist"}}); err == nil || !strings.Contains(canary.Err(t, err).Error(), "unable to read the certificate authority") {
		t.Error(err)
	}
	noProxy := func(*http.Request) (*url.URL, error) { return nil, errors.New("no proxy today") }
	if _, err := ConfigToExecCluster(&Config{Host: "host", Proxy: noProxy}); err == nil || !strings.Contains(canary.Err(t, err).Error(), "no proxy today") {
		t.Error(err)
	}
	if _, err := ExecClusterToConfig(&clientauthentication.Cluster{ProxyURL: "http://u:" + secret + "@[x"}); err == nil || strings.Contains(canary.Err(t, err).Error(), secret) {
		t.Error(err)
	}
}
