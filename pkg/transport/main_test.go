package transport

import (
	"testing"

	"go.uber.org/goleak"
	"k8s.io/klog/v2"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// Tokens, each the successor of the one before.
const (
	one   = "one-" + canary.Secret
	two   = "two-" + canary.Secret
	three = "three-" + canary.Secret
)

func TestMain(m *testing.M) {
	registerMetrics()
	canary.Main(quiet{m})
}

// quiet is tests at verbosity 0, where New puts no debugging round tripper around what they look at. The tests of that round
// tripper, and those of the packages above, run at verbosity 10.
type quiet struct{ goleak.TestingM }

func (q quiet) Run() int {
	var nothing klog.Level
	if err := nothing.Set("0"); err != nil {
		panic(err)
	}
	return q.TestingM.Run()
}
