package apiserver

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"slices"
	"testing"
)

func TestServerCertificateIsVerified(t *testing.T) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(shared.CA()) {
		t.Fatal("CA() is no PEM certificate")
	}
	get := func(config *tls.Config) error {
		transport := &http.Transport{TLSClientConfig: config}
		defer transport.CloseIdleConnections()
		resp, err := (&http.Client{Transport: transport}).Get(shared.Server(0).URL() + "/livez")
		if err == nil {
			resp.Body.Close()
		}
		return err
	}
	t.Run("accepted with the CA", func(t *testing.T) {
		if err := get(&tls.Config{RootCAs: pool}); err != nil {
			t.Error(err)
		}
	})
	t.Run("refused without the CA", func(t *testing.T) {
		var unknown x509.UnknownAuthorityError
		if err := get(&tls.Config{RootCAs: x509.NewCertPool()}); !errors.As(err, &unknown) {
			t.Errorf("got %v, want an unknown authority", err)
		}
	})
	t.Run("refused for another name", func(t *testing.T) {
		var name x509.HostnameError
		if err := get(&tls.Config{RootCAs: pool, ServerName: "example.com"}); !errors.As(err, &name) {
			t.Errorf("got %v, want a wrong host name", err)
		}
	})
}

func TestUsersAreAuthenticated(t *testing.T) {
	alice, err := shared.ClientCertificate("alice", "writers", "readers")
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range []User{shared.Admin(), shared.AdminToken(), shared.Plain(), alice} {
		t.Run(user.Name, func(t *testing.T) {
			code, review := call(t, client(t, shared, user), http.MethodPost,
				shared.Server(0).URL()+"/apis/authentication.k8s.io/v1/selfsubjectreviews",
				map[string]any{"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"})
			if code != http.StatusCreated {
				t.Fatalf("got %d: %v", code, review)
			}
			if name := field[string](t, review, "status", "userInfo", "username"); name != user.Name {
				t.Errorf("the server knows user %q as %q", user.Name, name)
			}
			groups := field[[]any](t, review, "status", "userInfo", "groups")
			for _, group := range user.Groups {
				if !slices.Contains(groups, any(group)) {
					t.Errorf("groups %v are without %q", groups, group)
				}
			}
		})
	}
}

func TestFalseCredentialsAreRefused(t *testing.T) {
	foreign, err := newAuthority("kubewright-client") // the name of the right one
	if err != nil {
		t.Fatal(err)
	}
	certPEM, keyPEM, err := foreign.issueClient("admin", []string{mastersGroup})
	if err != nil {
		t.Fatal(err)
	}
	for name, user := range map[string]User{
		"certificate of a foreign CA": {CertPEM: certPEM, KeyPEM: keyPEM},
		"unknown token":               {Token: "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			code, answer := call(t, client(t, shared, user), http.MethodGet, shared.Server(0).URL()+"/api/v1/namespaces", nil)
			if code != http.StatusUnauthorized {
				t.Errorf("got %d, want 401: %v", code, answer)
			}
		})
	}
}

func TestRBACDecides(t *testing.T) {
	reader, err := shared.ClientCertificate("rita", "readers")
	if err != nil {
		t.Fatal(err)
	}
	const rbac = "rbac.authorization.k8s.io"
	for resource, object := range map[string]map[string]any{
		"clusterroles": {
			"apiVersion": rbac + "/v1", "kind": "ClusterRole",
			"metadata": map[string]any{"name": "reading"},
			"rules":    []any{map[string]any{"apiGroups": []string{""}, "resources": []string{"configmaps"}, "verbs": []string{"list"}}},
		},
		"clusterrolebindings": {
			"apiVersion": rbac + "/v1", "kind": "ClusterRoleBinding",
			"metadata": map[string]any{"name": "reading"},
			"roleRef":  map[string]any{"apiGroup": rbac, "kind": "ClusterRole", "name": "reading"},
			"subjects": []any{map[string]any{"apiGroup": rbac, "kind": "Group", "name": "readers"}},
		},
	} {
		url := shared.Server(0).URL() + "/apis/" + rbac + "/v1/" + resource
		if code, answer := call(t, client(t, shared, shared.Admin()), http.MethodPost, url, object); code != http.StatusCreated {
			t.Fatalf("create in %s: %d %v", resource, code, answer)
		}
	}
	configMaps := shared.Server(0).URL() + "/api/v1/namespaces/default/configmaps"
	for _, test := range []struct {
		user User
		want int
	}{
		{shared.Admin(), http.StatusOK},
		{shared.AdminToken(), http.StatusOK},
		{shared.Plain(), http.StatusForbidden},
		{User{Name: "anonymous"}, http.StatusForbidden},
	} {
		t.Run(test.user.Name, func(t *testing.T) {
			if code, answer := call(t, client(t, shared, test.user), http.MethodGet, configMaps, nil); code != test.want {
				t.Errorf("got %d, want %d: %v", code, test.want, answer)
			}
		})
	}
	t.Run("user of a bound group", func(t *testing.T) {
		// The authorizer learns of the binding from a watch, a moment after its creation.
		hc := client(t, shared, reader)
		eventually(t, func() bool {
			code, _ := call(t, hc, http.MethodGet, configMaps, nil)
			return code == http.StatusOK
		})
	})
}
