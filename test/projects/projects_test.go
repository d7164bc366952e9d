package projects

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// A project has API types, and a program in testdata that uses what is generated for them.
type project struct {
	// name is a directory of testdata, and module the path of the module that has the types.
	name, module string
	// copied are the directories of the module that are copied to a module of the same path. If there are none, the module is
	// left alone, and generated code has a module of its own.
	copied []string
	// generate are the arguments of kubewright generate.
	generate []string
}

var projects = []project{
	{
		name:     "gateway",
		module:   "sigs.k8s.io/gateway-api",
		copied:   []string{"apis", "config/crd/standard"},
		generate: []string{"./apis/..."},
	},
	{
		name:     "certmanager",
		module:   "github.com/cert-manager/cert-manager",
		copied:   []string{"pkg/apis/acme", "pkg/apis/certmanager", "pkg/apis/meta"},
		generate: []string{"./pkg/apis/..."},
	},
	{
		name:     "prometheus",
		module:   "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring",
		generate: []string{"github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/..."},
	},
}

func TestProjects(t *testing.T) {
	kubewright := filepath.Join(t.TempDir(), "kubewright")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", kubewright, "github.com/kubewright/kubewright/cmd/kubewright").CombinedOutput(); err != nil {
		t.Fatalf("build kubewright: %v\n%s", err, out)
	}
	for _, p := range projects {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			m := newModule(t, p)
			generate := append([]string{kubewright, "generate", "--no-cache"}, p.generate...)
			m.run(generate...)
			m.run(append(generate, "--verify")...)
			m.run("go", "build", "./...")
			m.run("go", "test", "-count=1", "./proof")
		})
	}
}
