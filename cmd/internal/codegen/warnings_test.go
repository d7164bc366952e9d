package codegen_test

import (
	"strings"
	"testing"
)

// TestWarnings checks what generators say about input that generates all the same, where no golden case has it.
func TestWarnings(t *testing.T) {
	const testdata = "github.com/kubewright/kubewright/cmd/internal/codegen/testdata"
	for name, c := range map[string]struct{ dir, command, want string }{
		"external apply configurations that nothing needs": {
			dir: "testdata/apply-configurations",
			command: "applyconfiguration-gen --output-dir $OUT --output-pkg example.com/out ./apis/stable/v1 --external-applyconfigurations " +
				"k8s.io/api/core/v1.Pod:example.com/core," + testdata + "/apis/stable/v1.Prat:example.com/stable",
			want: "warning: external apply configuration for " + testdata + "/apis/stable/v1.Prat: no field is of that type (correct the name, or leave it out)\n" +
				"warning: external apply configuration for k8s.io/api/core/v1.Pod: no field is of that type (correct the name, or leave it out)\n",
		},
		"informers of internal versions without their clientset": {
			dir: "testdata/internal",
			command: "informer-gen --output-dir $OUT --output-pkg example.com/out --versioned-clientset-package example.com/versioned " +
				"--listers-package example.com/listers ./apis/freight ./apis/freight/v1",
			want: "apis/freight/doc.go:5:1: warning: package " + testdata + "/internal/apis/freight has an internal version, which gets no informers " +
				"(run informer-gen with --internal-clientset-package=<import path of its clientset>, or leave the package out)\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := run(t, c.dir, strings.Fields(strings.ReplaceAll(c.command, "$OUT", t.TempDir()))...)
			if got.code != 0 || got.stdout != "" || got.stderr != c.want {
				t.Errorf("exit code %d\n%s\n%swant\n%s", got.code, got.stdout, got.stderr, c.want)
			}
		})
	}
}
