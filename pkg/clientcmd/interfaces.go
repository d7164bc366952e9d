package clientcmd

import (
	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/rest"
)

// ClientConfig makes a rest.Config out of a kubeconfig.
type ClientConfig interface {
	// RawConfig returns the kubeconfig, merged from its files, without overrides.
	RawConfig() (api.Config, error)
	// ClientConfig returns the configuration of a client for the chosen context.
	ClientConfig() (*rest.Config, error)
	// Namespace returns the namespace of the chosen context ("default" if it has none) and whether an override set it.
	Namespace() (string, bool, error)
	// ConfigAccess returns where the kubeconfig comes from.
	ConfigAccess() ConfigAccess
}

// OverridingClientConfig is a ClientConfig that can show what its overrides do.
type OverridingClientConfig interface {
	ClientConfig
	// MergedRawConfig returns the kubeconfig with the overrides put into the chosen context, cluster and user.
	MergedRawConfig() (api.Config, error)
}

// ConfigAccess says where a kubeconfig comes from and where changes to it belong.
type ConfigAccess interface {
	// GetLoadingPrecedence returns the files, the most important first.
	GetLoadingPrecedence() []string
	// GetStartingConfig returns the kubeconfig as it is before a change.
	GetStartingConfig() (*api.Config, error)
	// GetDefaultFilename returns the file that new entries belong into.
	GetDefaultFilename() string
	// IsExplicitFile reports whether the user has chosen one file.
	IsExplicitFile() bool
	// GetExplicitFile returns that file.
	GetExplicitFile() string
}

// ClientConfigLoader loads a kubeconfig.
type ClientConfigLoader interface {
	ConfigAccess
	// IsDefaultConfig reports whether config is what the defaults alone would lead to.
	IsDefaultConfig(*rest.Config) bool
	// Load returns the kubeconfig as it is now.
	Load() (*api.Config, error)
}
