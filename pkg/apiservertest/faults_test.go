package apiservertest_test

import (
	"crypto/tls"
	"errors"
	"strconv"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/record"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

// TestARestartKeepsEverything: address, objects and versions, over TCP and in memory.
func TestARestartKeepsEverything(t *testing.T) {
	for name, opts := range map[string][]apiservertest.Option{"loopback": nil, "memory": {apiservertest.WithInMemoryNetwork()}} {
		t.Run(name, func(t *testing.T) {
			server := apiservertest.NewServerForTest(t, opts...)
			url := server.URL()
			client := newClient(t, server.Config()).CoreV1().ConfigMaps("default")
			before, err := client.Create(t.Context(), configMap("a"), metav1.CreateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			server.Stop()
			server.Stop()
			if _, err := client.Create(t.Context(), configMap("b"), metav1.CreateOptions{}); err == nil {
				t.Error("a stopped server answers")
			}
			for range 2 {
				if err := server.Start(); err != nil {
					t.Fatal(err)
				}
			}
			after, err := client.Get(t.Context(), "a", metav1.GetOptions{})
			if err != nil || after.ResourceVersion != before.ResourceVersion || server.URL() != url {
				t.Errorf("%v, %v at %s", after, err, server.URL())
			}
		})
	}
}

func TestCompactedHistoryIsGone(t *testing.T) {
	server := apiservertest.NewServerForTest(t)
	client := newClient(t, server.Config()).CoreV1().ConfigMaps("default")
	old := strconv.FormatInt(server.Revision(), 10)
	for _, name := range []string{"a", "b", "c"} {
		if _, err := client.Create(t.Context(), configMap(name), metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := server.Compact(); err != nil {
		t.Fatal(err)
	}
	events, err := client.Watch(t.Context(), metav1.ListOptions{ResourceVersion: old})
	if err == nil {
		defer events.Stop()
		err = apierrors.FromObject((<-events.ResultChan()).Object)
	}
	if !apierrors.IsResourceExpired(err) {
		t.Errorf("a watch from version %s: %v", old, err)
	}
	if _, err := client.List(t.Context(), metav1.ListOptions{ResourceVersion: old, ResourceVersionMatch: metav1.ResourceVersionMatchExact}); !apierrors.IsResourceExpired(err) {
		t.Errorf("a list at version %s: %v", old, err)
	}
}

func TestARestoredBackupHasNoLaterWrites(t *testing.T) {
	server := apiservertest.NewServerForTest(t)
	client := newClient(t, server.Config()).CoreV1().ConfigMaps("default")
	if _, err := client.Create(t.Context(), configMap("a"), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	backup := server.Revision()
	if _, err := client.Create(t.Context(), configMap("b"), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := server.Restore(backup); err != nil {
		t.Fatal(err)
	}
	list, err := client.List(t.Context(), metav1.ListOptions{})
	if err != nil || len(list.Items) != 1 || list.Items[0].Name != "a" || list.ResourceVersion != strconv.FormatInt(backup, 10) {
		t.Errorf("%v, %v", list, err)
	}
}

func TestRotatedCertificates(t *testing.T) {
	server := apiservertest.NewServerForTest(t)
	withCertificate, err := server.ConfigWithCertificate("jane")
	if err != nil {
		t.Fatal(err)
	}
	old := server.Config()
	if err := server.RotateCertificate(); err != nil {
		t.Fatal(err)
	}
	if _, err := newClient(t, old).CoreV1().Pods("").List(t.Context(), metav1.ListOptions{}); err != nil {
		t.Errorf("another certificate of the same authority: %v", err)
	}
	ca, err := server.RotateAuthority()
	if err != nil {
		t.Fatal(err)
	}
	other := server.ConfigFor("joe") // a transport of its own
	other.CAData = old.CAData
	other.ServerName = "localhost"
	_, err = newClient(t, other).CoreV1().Pods("").List(t.Context(), metav1.ListOptions{})
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
		t.Errorf("trusting the old authority alone: %v", err)
	}
	withCertificate.CAData = ca
	if _, err := newClient(t, withCertificate).CoreV1().Pods("").List(t.Context(), metav1.ListOptions{}); err != nil {
		t.Errorf("with a certificate of the old authority: %v", err)
	}
	if _, err := newClient(t, server.Config()).CoreV1().Pods("").List(t.Context(), metav1.ListOptions{}); err != nil {
		t.Errorf("a new configuration: %v", err)
	}
}

// TestFaultsHitAndAreRecorded: the first list fails, and the record shows both.
func TestFaultsHitAndAreRecorded(t *testing.T) {
	server := apiservertest.NewServerForTest(t)
	rule := server.Faults().Add(fault.Rule{
		Name: "broken", Match: request.Match{Verbs: []string{"list"}}, Times: 1, Effect: fault.Status(500, ""),
	})
	client := newClient(t, server.ConfigFor("jane")).CoreV1().Pods("")
	if _, err := client.List(t.Context(), metav1.ListOptions{}); !apierrors.IsInternalError(err) {
		t.Errorf("the first list: %v", err)
	}
	if _, err := client.List(t.Context(), metav1.ListOptions{}); err != nil {
		t.Errorf("the second list: %v", err)
	}
	if rule.Hits() != 1 {
		t.Errorf("%d hits", rule.Hits())
	}
	lists := record.Lists(schema.GroupResource{Resource: "pods"})
	if n := server.Record().Count(lists); n != 2 {
		t.Errorf("%d lists are recorded", n)
	}
	for entry := range server.Record().Entries(lists) {
		if entry.User != "jane" || (entry.Status == 500) != (len(entry.Faults) == 1) {
			t.Errorf("recorded: %+v", entry)
		}
	}
}
