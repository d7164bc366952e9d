package differential

import (
	"context"
	"flag"
	"net/http"
	"testing"

	"github.com/kubewright/kubewright/test/apiserver"
)

var update = flag.Bool("update", false, "write the golden files, as the real server answers")

// TestSameAsRealServer runs the scenarios on a kube-apiserver. Its answers are those of the golden files, or become them with
// -update; and ours are the same.
func TestSameAsRealServer(t *testing.T) {
	scenarios := loadScenarios(t)
	theirs := startReal(t)
	var ours *server
	if !*update {
		ours = startOurs(t)
	}
	forEach(t, scenarios, func(t *testing.T, s scenario) {
		exchanges := play(t, theirs, s)
		if *update {
			if err := writeGolden(s, exchanges); err != nil {
				t.Fatal(err)
			}
			return
		}
		golden, err := readGolden(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range compare(golden, exchanges) {
			t.Errorf("the real server does not answer as in %s: %v", s.golden(), field)
		}
		differ(t, s, compare(exchanges, play(t, ours, s)))
	})
	if *update {
		removeStaleGoldens(t, scenarios)
	}
}

// startReal starts a kube-apiserver.
func startReal(t *testing.T) *server {
	t.Helper()
	cluster := apiserver.StartForTest(t, apiserver.Options{})
	forgetHistory(t, cluster)
	clients := map[string]*http.Client{}
	for name, user := range map[string]apiserver.User{
		"":          cluster.AdminToken(),
		"admin":     cluster.Admin(),
		"plain":     cluster.Plain(),
		"anonymous": {},
		"stranger":  {Token: "of-nobody"},
	} {
		client, err := cluster.HTTPClient(user)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(client.CloseIdleConnections)
		clients[name] = client
	}
	return &server{url: cluster.Server(0).URL(), clients: clients}
}

// forgetHistory makes resource version 1 too old: etcd has it no more, and the server, which begins anew, has not seen it.
func forgetHistory(t *testing.T, cluster *apiserver.Cluster) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	cluster.Server(0).Kill()
	if _, err := cluster.CompactNow(ctx); err != nil {
		t.Fatal(err)
	}
	if err := cluster.Server(0).Start(ctx); err != nil {
		t.Fatal(err)
	}
}
