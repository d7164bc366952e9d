// Command kubewright prints a ConfigMap. It is one of two programs whose sizes are compared: they differ in what they import.
//
//	kubewright <server> <namespace> <name>
package main

import (
	"context"
	"fmt"
	"os"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	corev1 "github.com/kubewright/kubewright/generated/kubernetes/typed/core/v1"
	"github.com/kubewright/kubewright/pkg/rest"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage:", os.Args[0], "<server> <namespace> <name>")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(server, namespace, name string) error {
	client, err := corev1.NewForConfig(&rest.Config{Host: server})
	if err != nil {
		return err
	}
	configMap, err := client.ConfigMaps(namespace).Get(context.Background(), name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(os.Stdout, configMap.Data)
	return err
}
