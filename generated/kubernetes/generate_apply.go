package kubernetes

// Apply configurations are for all kinds of k8s.io/api that can be applied, and for what of apimachinery they are made of.

//go:generate go run ../../cmd/applyconfiguration-gen --output-dir applyconfigurations --output-pkg github.com/kubewright/kubewright/generated/kubernetes/applyconfigurations k8s.io/api/... k8s.io/apimachinery/pkg/apis/meta/v1
