package canary

import (
	"fmt"
	"strings"
	"testing"

	"k8s.io/klog/v2"
)

type tests func()

func (f tests) Run() int { f(); return 0 }

func TestRunFindsSecrets(t *testing.T) {
	defer klog.ClearLogger()
	for name, test := range map[string]struct {
		log   func()
		other []string
		code  int
	}{
		"clean":             {func() { klog.Background().Info("x") }, []string{"y"}, 0},
		"silent":            {func() {}, nil, 0},
		"another logger":    {klog.ClearLogger, nil, 1},
		"in a message":      {func() { klog.Background().Info(Secret) }, nil, 1},
		"in a value":        {func() { klog.Background().V(10).Info("x", "v", struct{ T string }{Secret}) }, nil, 1},
		"in old style":      {func() { klog.Infof("x %s", Secret) }, nil, 1},
		"in hex":            {func() { klog.Background().Info(fmt.Sprintf("%x", Secret)) }, nil, 1},
		"in something else": {func() { klog.Background().Info("x") }, []string{"a", "b " + Secret}, 1},
	} {
		var out strings.Builder
		if code := Run(tests(test.log), &out, func() []string { return test.other }); code != test.code || (out.Len() > 0) != (code == 1) {
			t.Errorf("%s: exit code %d, want %d; %s", name, code, test.code, out.String())
		}
	}
}
