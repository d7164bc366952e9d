package kubernetes

//go:generate go run ../../cmd/client-gen --input-base k8s.io/api --input apps/v1,coordination/v1,core/v1 --plural-exceptions Endpoints:Endpoints --prefers-protobuf --clientset-name kubernetes --output-dir .. --output-pkg github.com/kubewright/kubewright/generated
//go:generate go run ../../cmd/lister-gen --plural-exceptions Endpoints:Endpoints --output-dir listers --output-pkg github.com/kubewright/kubewright/generated/kubernetes/listers k8s.io/api/apps/v1 k8s.io/api/coordination/v1 k8s.io/api/core/v1
//go:generate go run ../../cmd/informer-gen --plural-exceptions Endpoints:Endpoints --single-directory --output-dir informers --output-pkg github.com/kubewright/kubewright/generated/kubernetes/informers --versioned-clientset-package github.com/kubewright/kubewright/generated/kubernetes --listers-package github.com/kubewright/kubewright/generated/kubernetes/listers k8s.io/api/apps/v1 k8s.io/api/coordination/v1 k8s.io/api/core/v1
