// Package v1 is version v1 of the group stable.example.com: the CronTab of the
// Kubernetes documentation, grown to a kind that shows what generated clients
// can do.
//
// +groupName=stable.example.com
// +k8s:deepcopy-gen=package
package v1
