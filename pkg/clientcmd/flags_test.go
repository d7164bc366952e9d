package clientcmd

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestFlagsSetOverrides(t *testing.T) {
	var overrides ConfigOverrides
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	BindOverrideFlags(&overrides, flags, RecommendedConfigOverrideFlags("k8s-"))
	err := flags.Parse(strings.Fields("--k8s-server=s --k8s-certificate-authority=ca --k8s-tls-server-name=n --k8s-proxy-url=p --k8s-insecure-skip-tls-verify --k8s-disable-compression " +
		"--k8s-client-certificate=c --k8s-client-key=k --k8s-token=" + canary.Secret + " --k8s-as=a --k8s-as-uid=1 --k8s-as-group=g,h --k8s-as-group=i --k8s-username=u --k8s-password=" + canary.Secret + " " +
		"--k8s-cluster=cc --k8s-user=uu -n ns/nn --k8s-context=x --k8s-request-timeout=5s"))
	if err != nil {
		t.Fatal(err)
	}
	var want ConfigOverrides
	want.ClusterInfo.Server, want.ClusterInfo.CertificateAuthority, want.ClusterInfo.TLSServerName, want.ClusterInfo.ProxyURL = "s", "ca", "n", "p"
	want.ClusterInfo.InsecureSkipTLSVerify, want.ClusterInfo.DisableCompression = true, true
	want.AuthInfo.ClientCertificate, want.AuthInfo.ClientKey, want.AuthInfo.Token = "c", "k", canary.Secret
	want.AuthInfo.Impersonate, want.AuthInfo.ImpersonateUID, want.AuthInfo.ImpersonateGroups = "a", "1", []string{"g,h", "i"}
	want.AuthInfo.Username, want.AuthInfo.Password = "u", canary.Secret
	want.Context.Cluster, want.Context.AuthInfo, want.Context.Namespace = "cc", "uu", "nn"
	want.CurrentContext, want.Timeout = "x", "5s"
	if d := cmp.Diff(want, overrides); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestSecretFlagsAreMarked(t *testing.T) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	BindOverrideFlags(&ConfigOverrides{}, flags, RecommendedConfigOverrideFlags(""))
	for name, want := range map[string]bool{"token": true, "password": true, "username": true, "client-key": true, "as-group": true, "server": false, "namespace": false} {
		if got := len(flags.Lookup(name).Annotations["classified"]) > 0; got != want {
			t.Errorf("--%s is marked: %v", name, got)
		}
	}
}

func TestFlagWithoutNameIsNotBound(t *testing.T) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	var s string
	var b bool
	var list []string
	var none FlagInfo
	none.BindStringFlag(flags, &s).BindBoolFlag(flags, &b).BindStringArrayFlag(flags, &list).
		BindTransformingStringFlag(flags, &s, RemoveNamespacesPrefix).AddSecretAnnotation(flags)
	if flags.HasFlags() {
		t.Error("something is bound")
	}
}

func TestFlagDefaults(t *testing.T) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	var s, transformed string
	var b, noBool bool
	var list []string
	FlagInfo{"s", "", "d", ""}.BindStringFlag(flags, &s)
	FlagInfo{"t", "", "d", ""}.BindTransformingStringFlag(flags, &transformed, func(string) (string, error) { return "", errors.New("refused") })
	FlagInfo{"b", "", "true", ""}.BindBoolFlag(flags, &b)
	FlagInfo{"n", "", "maybe", ""}.BindBoolFlag(flags, &noBool)
	FlagInfo{"l", "", "d", ""}.BindStringArrayFlag(flags, &list)
	if s != "d" || transformed != "d" || !b || noBool || len(list) != 1 {
		t.Errorf("%q, %q, %v, %v, %q", s, transformed, b, noBool, list)
	}
	if err := flags.Parse([]string{"--t=x"}); err == nil || !strings.Contains(canary.Err(t, err).Error(), "refused") {
		t.Errorf("error %v", err)
	}
	if got := flags.FlagUsages(); !strings.Contains(got, "--t string") {
		t.Errorf("usage:\n%s", got)
	}
}

func TestRemoveNamespacesPrefix(t *testing.T) {
	for in, want := range map[string]string{"ns/a": "a", "namespace/a": "a", "NAMESPACES/a": "a", "a": "a", "n/a": "n/a", "ns/": "ns/", "": ""} {
		if got, err := RemoveNamespacesPrefix(in); got != want || err != nil {
			t.Errorf("%q: %q, %v, want %q", in, got, err, want)
		}
	}
}
