package latest

import (
	"testing"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

func TestMain(m *testing.M) { canary.Main(m) }
