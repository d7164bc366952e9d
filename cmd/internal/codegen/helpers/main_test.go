package helpers_test

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

var (
	update = flag.Bool("update", false, "rewrite the golden files")
	all    = flag.Bool("all", false, "compare with upstream on all of k8s.io/api and k8s.io/apimachinery, which takes a minute")
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
