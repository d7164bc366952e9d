package clientcmd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestUntrustedKubeconfigIsRefused(t *testing.T) {
	outside := write(t, t.TempDir(), "outside", canary.Secret)
	dir := t.TempDir()
	write(t, dir, "big", strings.Repeat("x", maxUntrusted+1))
	for link, to := range map[string]string{"link": outside, "up": "..", "dir": "."} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	cluster := func(lines string) string {
		return "clusters: [{name: c, cluster: {server: 'https://h', " + lines + "}}]"
	}
	user := func(lines string) string { return "users: [{name: u, user: {" + lines + "}}]" }
	for content, want := range map[string]string{
		user("exec: {command: " + canary.Secret + "}"):                             `user "u": exec is refused in an untrusted kubeconfig`,
		user("auth-provider: {name: " + canary.Secret + "}"):                       `user "u": auth-provider is refused`,
		cluster("proxy-url: 'http://" + canary.Secret + "'"):                       `cluster "c": proxy-url is refused`,
		cluster("insecure-skip-tls-verify: true"):                                  `cluster "c": insecure-skip-tls-verify is refused`,
		"clusters: [{name: c, cluster: {server: 'http://" + canary.Secret + "'}}]": `cluster "c": server is no https URL`,
		"clusters: [{name: c, cluster: {server: '" + canary.Secret + "'}}]":        `cluster "c": server is no https URL`,
		cluster("certificate-authority: ../x"):                                     `cluster "c": certificate-authority: the file is not below the directory`,
		cluster("certificate-authority: " + outside):                               `certificate-authority: the file is not below the directory`,
		cluster("certificate-authority: link"):                                     `certificate-authority: statat link: path escapes`,
		cluster("certificate-authority: up/x"):                                     `path escapes`,
		cluster("certificate-authority: dir"):                                      `it is no regular file`,
		cluster("certificate-authority: none"):                                     `no such file`,
		cluster("certificate-authority: big"):                                      `the file has more than 1048576 bytes`,
		cluster("certificate-authority: big, certificate-authority-data: Y2E="):    `both set`,
		user("client-certificate: link"):                                           `user "u": client-certificate: `,
		user("client-key: /etc/passwd"):                                            `user "u": client-key: `,
		user("tokenFile: " + outside):                                              `user "u": tokenFile: `,
		user("tokenFile: /proc/self/environ"):                                      `user "u": tokenFile: `,
	} {
		_, err := LoadUntrusted([]byte(content), dir)
		if !IsConfigurationInvalid(err) || !strings.Contains(canary.Err(t, err).Error(), want) || strings.Contains(canary.Err(t, err).Error(), canary.Secret) {
			t.Errorf("%s:\nerror %v\nwant %s", content, err, want)
		}
	}
	if _, err := LoadUntrusted([]byte(user("tokenFile: token")), ""); err == nil || !strings.Contains(canary.Err(t, err).Error(), "files are refused in an untrusted kubeconfig: embed the content") {
		t.Errorf("without a directory: error %v", err)
	}
	if _, err := LoadUntrusted(nil, filepath.Join(dir, "none")); err == nil || !strings.Contains(canary.Err(t, err).Error(), "unable to open the directory") {
		t.Errorf("error %v", err)
	}
}

func TestUntrustedKubeconfigTellsAllThatIsRefused(t *testing.T) {
	_, err := LoadUntrusted([]byte(`{clusters: [{name: c, cluster: {server: "http://h", proxy-url: p, insecure-skip-tls-verify: true}}], users: [{name: u, user: {exec: {}, auth-provider: {}, tokenFile: f}}]}`), "")
	for _, want := range []string{"server", "proxy-url", "insecure-skip-tls-verify", "exec", "auth-provider", "tokenFile"} {
		if err == nil || !strings.Contains(canary.Err(t, err).Error(), want+" is ") && !strings.Contains(canary.Err(t, err).Error(), want+": ") {
			t.Errorf("error %v does not tell of %s", err, want)
		}
	}
}

func TestFilesOfAnUntrustedKubeconfigAreRead(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "ca", "the ca")
	write(t, dir, "token", canary.Secret+"\n")
	if err := os.Symlink("ca", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	config, err := LoadUntrusted(fmt.Appendf(nil, `{clusters: [{name: c, cluster: {server: "https://h", certificate-authority: link}}],
users: [{name: u, user: {tokenFile: %s, client-certificate-data: YQ==, client-key-data: YQ==}}], contexts: [{name: x, context: {cluster: c, user: u}}], current-context: x}`,
		filepath.Join(dir, "token")), dir)
	if err != nil {
		t.Fatal(err)
	}
	if c := config.Clusters["c"]; string(c.CertificateAuthorityData) != "the ca" || c.CertificateAuthority != "" {
		t.Errorf("cluster %+v", c)
	}
	if u := config.AuthInfos["u"]; u.Token != canary.Secret || u.TokenFile != "" {
		t.Errorf("token %q, file %q", u.Token, u.TokenFile)
	}
	if c, err := NewDefaultClientConfig(*config, nil).ClientConfig(); err != nil || c.BearerToken != canary.Secret {
		t.Errorf("%v, %v", c, err)
	}
}

func TestBombsAreRefused(t *testing.T) {
	laughs := "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
	for i := range 9 {
		laughs += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d,", i), 8), i)
	}
	for name, content := range map[string]string{
		"billion laughs": laughs,
		"long text":      "a: &a " + strings.Repeat("x", 1<<19) + "\nb: [" + strings.Repeat("*a,", 50) + "]",
		"long key":       "? &a " + strings.Repeat("x", 1<<19) + "\n: [" + strings.Repeat("{*a : 1},", 50) + "]",
		"deep":           strings.Repeat("[", maxUntrusted),
		"deep mapping":   strings.Repeat("{a: ", maxUntrusted/4),
		"large":          strings.Repeat(" ", maxUntrusted+1),
	} {
		if _, err := LoadUntrusted([]byte(content), ""); err == nil {
			t.Errorf("%s: no error", name)
		} else if len(canary.Err(t, err).Error()) > 500 {
			t.Errorf("%s: the error has %d bytes", name, len(canary.Err(t, err).Error()))
		}
	}
}
