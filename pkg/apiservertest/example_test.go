package apiservertest_test

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/generated/kubernetes"
	"github.com/kubewright/kubewright/pkg/apiservertest"
)

// A server with an object, and a client that is too late to change it.
func ExampleNewServer() {
	ctx := context.Background()
	server, err := apiservertest.NewServer()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	if err := server.Seed(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "settings"}}); err != nil {
		fmt.Println(err)
		return
	}
	client, err := kubernetes.NewForConfig(server.Config())
	if err != nil {
		fmt.Println(err)
		return
	}
	configMaps := client.CoreV1().ConfigMaps("default")
	mine, err := configMaps.Get(ctx, "settings", metav1.GetOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	theirs := mine.DeepCopy()
	theirs.Data = map[string]string{"color": "red"}
	_, err = configMaps.Update(ctx, theirs, metav1.UpdateOptions{})
	fmt.Println("theirs:", err)

	mine.Data = map[string]string{"color": "blue"}
	_, err = configMaps.Update(ctx, mine, metav1.UpdateOptions{})
	fmt.Println("mine is a conflict:", apierrors.IsConflict(err))
	// Output:
	// theirs: <nil>
	// mine is a conflict: true
}

// Rules let a test see what its program does without a permission.
func ExampleWithAuthorizer() {
	ctx := context.Background()
	server, err := apiservertest.NewServer(apiservertest.WithAuthorizer(apiservertest.Rules{
		{Users: []string{"viewer"}, Verbs: []string{"get", "list", "watch"}, Groups: []string{""}, Resources: []string{"pods"}},
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	client, err := kubernetes.NewForConfig(server.ConfigFor("viewer"))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.CoreV1().Pods("default").List(ctx, metav1.ListOptions{})
	fmt.Println("pods:", err)
	_, err = client.CoreV1().Secrets("default").List(ctx, metav1.ListOptions{})
	fmt.Println("secrets:", err)
	// Output:
	// pods: <nil>
	// secrets: secrets is forbidden: User "viewer" cannot list resource "secrets" in API group "" in the namespace "default"
}
