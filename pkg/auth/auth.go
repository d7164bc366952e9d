// Package auth is imported for its effect only: it makes the auth providers of this project, oidc, available to kubeconfigs,
// and those that are gone, gcp and azure, say what to use instead.
//
//	import _ "github.com/kubewright/kubewright/pkg/auth"
//
// Exec plugins need no import.
package auth

import (
	_ "github.com/kubewright/kubewright/pkg/auth/azure" // says what to use instead
	_ "github.com/kubewright/kubewright/pkg/auth/gcp"   // says what to use instead
	_ "github.com/kubewright/kubewright/pkg/auth/oidc"  // OpenID Connect
)
