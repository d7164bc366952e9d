package apiservertest_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/generated/samples"
	"github.com/kubewright/kubewright/pkg/apiservertest"
)

func TestSeededObjectsAreThereWithTheirStatus(t *testing.T) {
	server := apiservertest.NewServerForTest(t)
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "i"}}},
		Status:     corev1.PodStatus{Phase: corev1.PodRunning},
	}
	before := pod.DeepCopy()
	if err := server.Seed(t.Context(), pod, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "settings"}}); err != nil {
		t.Fatal(err)
	}
	if pod.ResourceVersion != before.ResourceVersion || pod.UID != before.UID {
		t.Error("the object was changed")
	}
	client := newClient(t, server.Config())
	got, err := client.CoreV1().Pods("shop").Get(t.Context(), "web", metav1.GetOptions{})
	if err != nil || got.Status.Phase != corev1.PodRunning || got.UID == "" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := client.CoreV1().ConfigMaps("default").Get(t.Context(), "settings", metav1.GetOptions{}); err != nil {
		t.Error(err)
	}
}

// TestYAMLSeedsDefinitionsAndTheirObjects: the objects can follow in the same text.
func TestYAMLSeedsDefinitionsAndTheirObjects(t *testing.T) {
	definition, err := os.ReadFile("../../apis/stable/v1/stable.example.com_crontabs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	server := apiservertest.NewServerForTest(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	text := string(definition) + `
---
# a list, and nothing
---
apiVersion: v1
kind: List
items:
- {apiVersion: stable.example.com/v1, kind: CronTab, metadata: {name: a, namespace: jobs}, spec: {cronSpec: "* * * * *"}, status: {replicas: 2}}
- {apiVersion: v1, kind: Secret, metadata: {name: b}, stringData: {c: d}}
`
	if err := server.SeedYAML(ctx, []byte(text)); err != nil {
		t.Fatal(err)
	}
	client, err := samples.NewForConfig(server.Config())
	if err != nil {
		t.Fatal(err)
	}
	crontab, err := client.StableV1().CronTabs("jobs").Get(ctx, "a", metav1.GetOptions{})
	if err != nil || crontab.Status.Replicas != 2 {
		t.Errorf("%v, %v", crontab, err)
	}
}

func TestSeedErrorsNameTheObject(t *testing.T) {
	server := apiservertest.NewServerForTest(t)
	for text, want := range map[string]string{
		"a: [":                                   "document 1",
		"a: b":                                   "neither apiVersion and kind",
		"apiVersion: v1\nkind: Unheard":          "no resource of kind /v1, Kind=Unheard",
		"apiVersion: v1\nkind: Pod\nspecial: {}": `unknown field "special"`,
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: UPPER}": `ConfigMap "UPPER"`,
	} {
		if err := server.SeedYAML(t.Context(), []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", text, err, want)
		}
	}
	if err := server.Seed(t.Context(), &metav1.PartialObjectMetadata{}); err == nil {
		t.Error("an object of no kind was seeded")
	}
}
