package apis

//go:generate go tool deepcopy-gen --output-file zz_generated.deepcopy.go ./stable/v1 ./monitoring/v1
//go:generate go tool register-gen --output-file zz_generated.register.go ./stable/v1 ./monitoring/v1
//go:generate go run ../cmd/client-gen --input-base github.com/kubewright/kubewright/apis --input stable/v1,monitoring/v1 --clientset-name samples --output-dir ../generated --output-pkg github.com/kubewright/kubewright/generated
//go:generate go run ../cmd/lister-gen --output-dir ../generated/samples/listers --output-pkg github.com/kubewright/kubewright/generated/samples/listers ./stable/v1 ./monitoring/v1
//go:generate go run ../cmd/informer-gen --single-directory --output-dir ../generated/samples/informers --output-pkg github.com/kubewright/kubewright/generated/samples/informers --versioned-clientset-package github.com/kubewright/kubewright/generated/samples --listers-package github.com/kubewright/kubewright/generated/samples/listers ./stable/v1 ./monitoring/v1
