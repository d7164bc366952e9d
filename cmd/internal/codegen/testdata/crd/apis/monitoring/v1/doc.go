// Package v1 has a group whose name does not begin with its directory, and a resource with a name of its own.
//
// +k8s:deepcopy-gen=package
// +k8s:register-gen=true
// +groupName=coreos.example.com
// +groupGoName=Monitoring
package v1
