// Package v1 is a subset of version v1 of the group monitoring.coreos.com, in
// which the Prometheus operator keeps what to run and what to scrape. The field
// names are the operator's, so that the clients work on a cluster that has it.
//
// +groupName=monitoring.coreos.com
// +k8s:deepcopy-gen=package
package v1
