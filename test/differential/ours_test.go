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
		apiservertest.WithHistory(remembered),
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
	ours := &server{url: s.URL(), clients: clients}
	ours.forget(t)
	return ours
}

// remembered is how many writes our server remembers: more than any scenario needs.
const remembered = 500

// forget makes resource version 1 too old, as forgetHistory does on the real server.
func (on *server) forget(t *testing.T) {
	t.Helper()
	r := &run{t: t, server: on, scenario: scenario{namespace: "forgotten"}}
	r.makeNamespace(t.Context())
	for r.i = range remembered {
		e, err := r.send(t.Context(), step{method: "POST", path: "~/configmaps", body: "{metadata: {name: a${i}}}"})
		if err != nil {
			t.Fatal(err)
		}
		if e.Status != http.StatusCreated {
			t.Fatalf("create a config map: %d %v", e.Status, e.Body)
		}
	}
}

func withToken(config *rest.Config, token string) *rest.Config {
	config = rest.AnonymousClientConfig(config)
	config.BearerToken = token
	return config
}
