// Package e2e tests the whole road, from generated clients to informers, on a
// real kube-apiserver and etcd.
package e2e

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/kubewright/kubewright/apis/install"
	"github.com/kubewright/kubewright/pkg/clientcmd"
	"github.com/kubewright/kubewright/test/apiserver"
)

// shared is the cluster of all tests that neither stop nor compact it. Each
// works in a namespace of its own.
var shared *apiserver.Cluster

func TestMain(m *testing.M) {
	code, err := runWithCluster(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func runWithCluster(m *testing.M) (code int, err error) {
	ctx := context.Background()
	shared, err = apiserver.Start(ctx, apiserver.Options{})
	if err != nil {
		return 1, err
	}
	defer func() {
		if stopErr := shared.Stop(); err == nil {
			err = stopErr
		}
	}()
	config, err := clientcmd.BuildConfigFromFlags("", shared.Kubeconfig())
	if err != nil {
		return 1, err
	}
	if _, err := install.CRDs(ctx, config); err != nil {
		return 1, err
	}
	return m.Run(), nil
}
