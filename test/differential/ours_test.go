package differential

import (
	"net/http"
	"slices"
	"testing"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/apiservertest/crd"
	"github.com/kubewright/kubewright/pkg/rest"
)

// TestGolden compares our answers with those of the real server in the golden files.
func TestGolden(t *testing.T) {
	scenarios := loadScenarios(t)
	for _, file := range staleGoldens(t, scenarios) {
		t.Errorf("%s is of no scenario: remove it", file)
	}
	for _, d := range differences {
		if !slices.ContainsFunc(scenarios, func(s scenario) bool { return s.area+"/"+slug(s.name) == d.scenario }) {
			t.Errorf("the table of differences has %q, which is no scenario: remove it", d.scenario)
		}
	}
	ours := startOurs(t)
	forEach(t, scenarios, func(t *testing.T, s scenario) {
		golden, err := readGolden(s)
		if err != nil {
			t.Fatal(err)
		}
		differ(t, s, compare(golden, play(t, ours, s)))
	})
}

// rights are those that the users of the scenarios have on a real server: by its roles for everyone, and by those that scenarios make.
var rights = apiservertest.Rules{
	{Users: []string{"plain"}, Verbs: []string{"*"}, Groups: []string{"rbac.authorization.k8s.io"}, Resources: []string{"roles", "rolebindings"}, Namespaces: []string{"auth-escalation-is-forbidden"}},
	{Users: []string{"plain"}, Verbs: []string{"get", "list"}, Groups: []string{""}, Resources: []string{"configmaps"}, Namespaces: []string{"auth-rights-by-a-role"}},
}

// startOurs starts the server in the process.
func startOurs(t *testing.T) *server {
	t.Helper()
	s := apiservertest.NewServerForTest(t,
		crd.WithSchemas(),
		apiservertest.WithAuthorizer(rights),
		// As test/apiserver has them in its token file, where the groups of "plain" are one that is empty.
		apiservertest.WithUsers(map[string]apiservertest.User{
			"token-of-admin": {Name: "admin-token", UID: "admin-token", Groups: []string{"system:masters"}},
			"token-of-plain": {Name: "plain", UID: "plain", Groups: []string{""}},
		}),
	)
	admin, err := s.ConfigWithCertificate("admin", "system:masters")
	if err != nil {
		t.Fatal(err)
	}
	clients := map[string]*http.Client{}
	for name, config := range map[string]*rest.Config{
		"":          withToken(admin, "token-of-admin"),
		"admin":     admin,
		"plain":     withToken(admin, "token-of-plain"),
		"anonymous": rest.AnonymousClientConfig(admin),
		"stranger":  withToken(admin, "of-nobody"),
	} {
		transport, err := rest.TransportFor(config)
		if err != nil {
			t.Fatal(err)
		}
		clients[name] = &http.Client{Transport: transport}
	}
	if err := s.Compact(); err != nil { // so that version 1 is too old, as forgetHistory makes it on the real server
		t.Fatal(err)
	}
	return &server{url: s.URL(), clients: clients}
}

func withToken(config *rest.Config, token string) *rest.Config {
	config = rest.AnonymousClientConfig(config)
	config.BearerToken = token
	return config
}
