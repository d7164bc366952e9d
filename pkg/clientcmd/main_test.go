package clientcmd

import (
	"os"
	"testing"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// dieVariable makes the test binary a program that loads the kubeconfig of this path, or dies.
const dieVariable = "KUBEWRIGHT_TEST_OR_DIE"

func TestMain(m *testing.M) {
	if path := os.Getenv(dieVariable); path != "" {
		GetConfigFromFileOrDie(path)
		return
	}
	canary.Main(m)
}
