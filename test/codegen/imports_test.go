package codegen

// What generated code imports, so that this module, and the module of the cases, which has its go.mod, require it.
import (
	_ "k8s.io/api/autoscaling/v1"
	_ "k8s.io/client-go/kubernetes/fake"
	_ "sigs.k8s.io/structured-merge-diff/v6/typed"

	_ "github.com/kubewright/kubewright/pkg/runtime"
)
