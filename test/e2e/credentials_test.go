package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	clientauthentication "github.com/kubewright/kubewright/pkg/apis/clientauthentication/v1"
	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/test/apiserver"
)

// TestTokenFileRotation takes the old token's validity away after the new one is in the file: a server's refusal is the
// moment to read it.
func TestTokenFileRotation(t *testing.T) {
	t.Parallel()
	before, after := newServiceAccount(t), newServiceAccount(t)
	file := filepath.Join(t.TempDir(), "token")
	replaceFile(t, file, before.token)

	config := anonymousConfig(t)
	config.BearerTokenFile = file
	rotateUnderLoad(t, config, before.user, after.user, func() {
		replaceFile(t, file, after.token)
		before.remove(t)
	})
}

// TestClientCertificateRotation replaces two files, one after the other: in between they do not fit together.
func TestClientCertificateRotation(t *testing.T) {
	t.Parallel()
	before, after := newCertificate(t, "cert-before"), newCertificate(t, "cert-after")
	dir := t.TempDir()
	config := anonymousConfig(t)
	config.CertFile, config.KeyFile = filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	replaceFile(t, config.CertFile, string(before.CertPEM))
	replaceFile(t, config.KeyFile, string(before.KeyPEM))

	rotateUnderLoad(t, config, before.Name, after.Name, func() {
		replaceFile(t, config.CertFile, string(after.CertPEM))
		replaceFile(t, config.KeyFile, string(after.KeyPEM))
	})
}

// TestExecPluginTokenRotation is about a plugin that says nothing of when its token expires: the server's refusal is the
// moment to run it again.
func TestExecPluginTokenRotation(t *testing.T) {
	t.Parallel()
	before, after := newServiceAccount(t), newServiceAccount(t)
	credential := func(s serviceAccount) clientauthentication.ExecCredentialStatus {
		return clientauthentication.ExecCredentialStatus{Token: s.token}
	}
	config := anonymousConfig(t)
	plugin := newPlugin(t, config, credential(before))
	rotateUnderLoad(t, config, before.user, after.user, func() {
		plugin.prints(t, credential(after))
		before.remove(t)
	})
	if runs := plugin.runs(t); runs < 2 || runs > 30 {
		t.Errorf("the plugin ran %d times, want a few", runs)
	}
}

// TestExecPluginCertificateRotation is about a plugin whose certificate is to be replaced when it says so.
func TestExecPluginCertificateRotation(t *testing.T) {
	t.Parallel()
	before, after := newCertificate(t, "plugin-before"), newCertificate(t, "plugin-after")
	credential := func(u apiserver.User, expires time.Time) clientauthentication.ExecCredentialStatus {
		return clientauthentication.ExecCredentialStatus{
			ExpirationTimestamp: &metav1.Time{Time: expires}, ClientCertificateData: string(u.CertPEM), ClientKeyData: string(u.KeyPEM),
		}
	}
	config := anonymousConfig(t)
	plugin := newPlugin(t, config, credential(before, time.Now().Add(5*time.Second)))
	rotateUnderLoad(t, config, before.Name, after.Name, func() {
		plugin.prints(t, credential(after, time.Now().Add(time.Hour)))
	})
}

// TestImpersonation is about a client whom the server takes for another user all the time, whatever its own credential is.
func TestImpersonation(t *testing.T) {
	t.Parallel()
	const masters = "system:masters"
	before, after := newCertificate(t, "impersonator-before", masters), newCertificate(t, "impersonator-after", masters)
	dir := t.TempDir()
	config := anonymousConfig(t)
	config.CertFile, config.KeyFile = filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	replaceFile(t, config.CertFile, string(before.CertPEM))
	replaceFile(t, config.KeyFile, string(before.KeyPEM))
	impersonating := rest.CopyConfig(config)
	impersonating.Impersonate = rest.ImpersonationConfig{
		UserName: "alice", UID: "uid-of-alice", Groups: []string{"writers", "readers and more"},
		Extra: map[string][]string{"scopes": {"a", "b"}, "example.com/Odd key%": {"c"}},
	}

	want := authenticationv1.UserInfo{
		Username: "alice", UID: "uid-of-alice", Groups: []string{"readers and more", "system:authenticated", "writers"},
		// Header names have no case, so that the server cannot but choose one.
		Extra: map[string]authenticationv1.ExtraValue{"scopes": {"a", "b"}, "example.com/odd key%": {"c"}},
	}
	alice := restClient(t, impersonating)
	stop := repeat(t, func(ctx context.Context) error {
		got, err := whoAmI(ctx, alice)
		slices.Sort(got.Groups)
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			err = fmt.Errorf("the server takes the client for another user (-want +got):\n%s", diff)
		}
		return err
	})
	rotateUnderLoad(t, config, before.Name, after.Name, func() {
		replaceFile(t, config.CertFile, string(after.CertPEM))
		replaceFile(t, config.KeyFile, string(after.KeyPEM))
	})
	stop()
}

// anonymousConfig is the configuration of a client of the shared cluster that has no credential yet. Its rate leaves
// something to other tests.
func anonymousConfig(t *testing.T) *rest.Config {
	t.Helper()
	config := rest.AnonymousClientConfig(adminConfig(t))
	config.QPS, config.Burst = 50, 10
	return config
}

func restClient(t *testing.T, config *rest.Config) rest.Interface {
	t.Helper()
	return kubeClient(t, config).CoreV1().RESTClient()
}

// whoAmI asks the server whom it takes the client for.
func whoAmI(ctx context.Context, client rest.Interface) (authenticationv1.UserInfo, error) {
	body, err := client.Post().AbsPath("/apis/authentication.k8s.io/v1/selfsubjectreviews").
		SetHeader("Content-Type", "application/json").SetHeader("Accept", "application/json").
		Body([]byte(`{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}`)).
		DoRaw(ctx)
	if err != nil {
		return authenticationv1.UserInfo{}, err
	}
	var review authenticationv1.SelfSubjectReview
	err = json.Unmarshal(body, &review)
	return review.Status.UserInfo, err
}

// rotateUnderLoad sends requests all the time, has the credential rotated once they arrive as the user before, and returns
// when they arrive as the user after. None may fail.
func rotateUnderLoad(t *testing.T, config *rest.Config, before, after string, rotate func()) {
	t.Helper()
	const workers, more = 4, 20
	client := restClient(t, config)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var started, ended sync.WaitGroup
	started.Add(workers)
	for range workers {
		start := sync.OnceFunc(started.Done)
		ended.Go(func() {
			defer start()
			for user, left := before, more; left > 0; {
				got, err := whoAmI(ctx, client)
				switch {
				case err != nil:
					t.Errorf("a request failed while it came from %q: %v", user, err)
					return
				case got.Username == after:
					user = after
					left--
				case got.Username != user:
					t.Errorf("a request came from %q, those before from %q", got.Username, user)
					return
				}
				start()
			}
		})
	}
	started.Wait()
	rotate()
	ended.Wait()
}

// repeat does something over and over until the function that it returns is called.
func repeat(t *testing.T, do func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var worker sync.WaitGroup
	worker.Go(func() {
		for {
			err := do(ctx)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				t.Error(err)
				return
			}
		}
	})
	return func() {
		cancel()
		worker.Wait()
	}
}

// serviceAccount is one with a token that the server accepts until it is removed.
type serviceAccount struct {
	namespace, name string
	user            string
	token           string
}

func newServiceAccount(t *testing.T) serviceAccount {
	t.Helper()
	config := adminConfig(t)
	namespace := newNamespace(t, config)
	accounts := kubeClient(t, config).CoreV1().ServiceAccounts(namespace)
	account, err := accounts.Create(t.Context(), &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "robot"}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	request, err := accounts.CreateToken(t.Context(), account.Name, &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return serviceAccount{namespace, account.Name, "system:serviceaccount:" + namespace + ":" + account.Name, request.Status.Token}
}

// remove makes the token invalid, within the ten seconds that the server remembers it for.
func (s serviceAccount) remove(t *testing.T) {
	t.Helper()
	err := kubeClient(t, adminConfig(t)).CoreV1().ServiceAccounts(s.namespace).Delete(t.Context(), s.name, metav1.DeleteOptions{})
	if err != nil {
		t.Fatal(err)
	}
}

// plugin is a credential plugin that prints what a file has, and writes a line to another whenever it runs.
type plugin struct{ output, log string }

// newPlugin makes config use a plugin that prints status.
func newPlugin(t *testing.T, config *rest.Config, status clientauthentication.ExecCredentialStatus) plugin {
	t.Helper()
	dir := t.TempDir()
	p := plugin{output: filepath.Join(dir, "credential.json"), log: filepath.Join(dir, "runs")}
	p.prints(t, status)
	config.ExecProvider = &api.ExecConfig{
		Command: "sh", Args: []string{"-c", `echo run >>"$LOG" && cat "$OUTPUT"`},
		Env:             []api.ExecEnvVar{{Name: "LOG", Value: p.log}, {Name: "OUTPUT", Value: p.output}},
		APIVersion:      clientauthentication.SchemeGroupVersion.String(),
		InteractiveMode: api.NeverExecInteractiveMode,
	}
	return p
}

// prints changes what the plugin prints from now on.
func (p plugin) prints(t *testing.T, status clientauthentication.ExecCredentialStatus) {
	t.Helper()
	data, err := json.Marshal(clientauthentication.ExecCredential{
		TypeMeta: metav1.TypeMeta{APIVersion: clientauthentication.SchemeGroupVersion.String(), Kind: "ExecCredential"}, Status: &status,
	})
	if err != nil {
		t.Fatal(err)
	}
	replaceFile(t, p.output, string(data))
}

// runs is how often the plugin has run.
func (p plugin) runs(t *testing.T) int {
	t.Helper()
	log, err := os.ReadFile(p.log)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(log, []byte("\n"))
}

func newCertificate(t *testing.T, name string, groups ...string) apiserver.User {
	t.Helper()
	user, err := shared.ClientCertificate(name, groups...)
	if err != nil {
		t.Fatal(err)
	}
	return user
}

// replaceFile writes a file as those do who rotate credentials: it has the old content or the new.
func replaceFile(t *testing.T, path, content string) {
	t.Helper()
	temp := path + ".new"
	if err := os.WriteFile(temp, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(temp, path); err != nil {
		t.Fatal(err)
	}
}
