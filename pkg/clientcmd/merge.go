package clientcmd

import (
	"maps"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// mergeConfig adds to c what other has and c has not.
func mergeConfig(c, other *api.Config) {
	addMissing(c.Clusters, other.Clusters)
	addMissing(c.AuthInfos, other.AuthInfos)
	addMissing(c.Contexts, other.Contexts)
	addMissing(c.Extensions, other.Extensions)
	addMissing(c.Preferences.Extensions, other.Preferences.Extensions)
	if c.CurrentContext == "" {
		c.CurrentContext = other.CurrentContext
	}
	c.Preferences.Colors = c.Preferences.Colors || other.Preferences.Colors
}

func addMissing[V any](to, from map[string]V) {
	for name, value := range from {
		if _, there := to[name]; !there {
			to[name] = value
		}
	}
}

// override sets *to to value unless that is zero.
func override[T comparable](to *T, value T) {
	var zero T
	if value != zero {
		*to = value
	}
}

func overrideData(to *[]byte, value []byte) {
	if len(value) > 0 {
		*to = value
	}
}

// overrideCluster puts what by says into c. Another way to trust the server replaces the one before, and another server does
// not keep the TLS server name of the one before.
func overrideCluster(c, by *api.Cluster) {
	if by.Server != "" || by.TLSServerName != "" {
		c.TLSServerName = by.TLSServerName
	}
	if by.InsecureSkipTLSVerify || by.CertificateAuthority != "" || len(by.CertificateAuthorityData) > 0 {
		c.InsecureSkipTLSVerify = by.InsecureSkipTLSVerify
		c.CertificateAuthority = by.CertificateAuthority
		c.CertificateAuthorityData = by.CertificateAuthorityData
	}
	override(&c.Server, by.Server)
	override(&c.ProxyURL, by.ProxyURL)
	override(&c.DisableCompression, by.DisableCompression)
	override(&c.LocationOfOrigin, by.LocationOfOrigin)
	mergeMap(&c.Extensions, by.Extensions)
}

// overrideAuthInfo puts what by says into a. A credential replaces its own kind, as data or file, and as a whole: a
// certificate never meets a key from elsewhere.
func overrideAuthInfo(a, by *api.AuthInfo) {
	if by.ClientCertificate != "" || len(by.ClientCertificateData) > 0 || by.ClientKey != "" || len(by.ClientKeyData) > 0 {
		a.ClientCertificate, a.ClientCertificateData, a.ClientKey, a.ClientKeyData = "", nil, "", nil
	}
	if by.Token != "" || by.TokenFile != "" {
		a.Token, a.TokenFile = "", ""
	}
	override(&a.ClientCertificate, by.ClientCertificate)
	overrideData(&a.ClientCertificateData, by.ClientCertificateData)
	override(&a.ClientKey, by.ClientKey)
	overrideData(&a.ClientKeyData, by.ClientKeyData)
	override(&a.Token, by.Token)
	override(&a.TokenFile, by.TokenFile)
	override(&a.Impersonate, by.Impersonate)
	override(&a.ImpersonateUID, by.ImpersonateUID)
	if len(by.ImpersonateGroups) > 0 {
		a.ImpersonateGroups = by.ImpersonateGroups
	}
	mergeMap(&a.ImpersonateUserExtra, by.ImpersonateUserExtra)
	override(&a.Username, by.Username)
	override(&a.Password, by.Password)
	override(&a.AuthProvider, by.AuthProvider)
	override(&a.Exec, by.Exec)
	override(&a.LocationOfOrigin, by.LocationOfOrigin)
	mergeMap(&a.Extensions, by.Extensions)
}

func overrideContext(c, by *api.Context) {
	override(&c.Cluster, by.Cluster)
	override(&c.AuthInfo, by.AuthInfo)
	override(&c.Namespace, by.Namespace)
	override(&c.LocationOfOrigin, by.LocationOfOrigin)
	mergeMap(&c.Extensions, by.Extensions)
}

func mergeMap[V any](to *map[string]V, from map[string]V) {
	if len(from) == 0 {
		return
	}
	if *to == nil {
		*to = map[string]V{}
	}
	maps.Copy(*to, from)
}
