package apis

//go:generate go run ../cmd/kubewright generate --output-dir ../generated --clientset-name . --versioned-name samples --listers-name samples/listers --informers-name samples/informers --applyconfig-name samples/applyconfiguration --single-directory
