// Package info reads a file with the credentials of one client: a JSON object, older than kubeconfigs and simpler.
//
//	{"User": "", "Password": "", "CAFile": "", "CertFile": "", "KeyFile": "", "BearerToken": "", "Insecure": false}
//
//	file ── LoadFromFile ──▶ Info ── MergeWithConfig ──▶ rest.Config
package info
