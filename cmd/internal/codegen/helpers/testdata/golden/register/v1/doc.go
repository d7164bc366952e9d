// +groupName=register.example.com
// +k8s:deepcopy-gen=package
package v1
