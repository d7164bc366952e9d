// Package v1 is the legacy core group: its name is empty.
//
// +k8s:deepcopy-gen=package
// +k8s:register-gen=true
// +groupName=
package v1
