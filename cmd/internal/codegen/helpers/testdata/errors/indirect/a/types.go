// +k8s:deepcopy-gen=package
package a

import "github.com/kubewright/kubewright/cmd/internal/codegen/helpers/testdata/errors/indirect/b"

type A struct{ B b.B }

type A struct{}
