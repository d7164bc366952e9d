// +k8s:deepcopy-gen=package
// +groupName=vessels.other.example
// +groupGoName=OtherVessels

// Package v1 has a group whose first label another group has, too.
package v1
