package clientcmd

import (
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// FlagInfo describes a command line flag, so that a program can change names and texts before it binds them.
type FlagInfo struct {
	// LongName is the name; a flag without is not bound.
	LongName string
	// ShortName is the one-letter name, or empty.
	ShortName string
	// Default value, as text.
	Default string
	// Description is the help text.
	Description string
}

// AddSecretAnnotation marks the flag as one whose value must not be logged, and returns f.
func (f FlagInfo) AddSecretAnnotation(flags *pflag.FlagSet) FlagInfo {
	if f.LongName != "" {
		_ = flags.SetAnnotation(f.LongName, "classified", []string{"true"}) // fails if the flag is not bound
	}
	return f
}

// BindStringFlag makes the flag set a string, and returns f.
func (f FlagInfo) BindStringFlag(flags *pflag.FlagSet, target *string) FlagInfo {
	if f.LongName != "" {
		flags.StringVarP(target, f.LongName, f.ShortName, f.Default, f.Description)
	}
	return f
}

// BindTransformingStringFlag makes the flag set a string to what transformer makes of its value, and returns f. The default
// is not transformed.
func (f FlagInfo) BindTransformingStringFlag(flags *pflag.FlagSet, target *string, transformer func(string) (string, error)) FlagInfo {
	if f.LongName != "" {
		*target = f.Default
		flags.VarP(&transformingString{target, transformer}, f.LongName, f.ShortName, f.Description)
	}
	return f
}

// BindStringArrayFlag makes the flag, which may be repeated, set a list of strings, and returns f. Commas do not separate.
func (f FlagInfo) BindStringArrayFlag(flags *pflag.FlagSet, target *[]string) FlagInfo {
	if f.LongName != "" {
		value := []string{}
		if f.Default != "" {
			value = []string{f.Default}
		}
		flags.StringArrayVarP(target, f.LongName, f.ShortName, value, f.Description)
	}
	return f
}

// BindBoolFlag makes the flag set a bool, and returns f. A default that is none is false.
func (f FlagInfo) BindBoolFlag(flags *pflag.FlagSet, target *bool) FlagInfo {
	if f.LongName != "" {
		value, _ := strconv.ParseBool(f.Default)
		flags.BoolVarP(target, f.LongName, f.ShortName, value, f.Description)
	}
	return f
}

// transformingString is a pflag.Value.
type transformingString struct {
	target    *string
	transform func(string) (string, error)
}

func (s *transformingString) String() string {
	if s.target == nil { // pflag prints zero values
		return ""
	}
	return *s.target
}

func (s *transformingString) Set(text string) error {
	value, err := s.transform(text)
	if err != nil {
		return err
	}
	*s.target = value
	return nil
}

func (s *transformingString) Type() string { return "string" }

// RemoveNamespacesPrefix returns the name in "ns/name", "namespace/name" and "namespaces/name", whatever their case, and
// everything else as it is.
func RemoveNamespacesPrefix(value string) (string, error) {
	prefix, name, found := strings.Cut(value, "/")
	if !found || name == "" {
		return value, nil
	}
	switch strings.ToLower(prefix) {
	case "ns", "namespace", "namespaces":
		return name, nil
	}
	return value, nil
}

// BindOverrideFlags makes flags set overrides.
func BindOverrideFlags(overrides *ConfigOverrides, flags *pflag.FlagSet, flagNames ConfigOverrideFlags) {
	BindAuthInfoFlags(&overrides.AuthInfo, flags, flagNames.AuthOverrideFlags)
	BindClusterFlags(&overrides.ClusterInfo, flags, flagNames.ClusterOverrideFlags)
	BindContextFlags(&overrides.Context, flags, flagNames.ContextOverrideFlags)
	flagNames.CurrentContext.BindStringFlag(flags, &overrides.CurrentContext)
	flagNames.Timeout.BindStringFlag(flags, &overrides.Timeout)
}

// BindAuthInfoFlags makes flags set a user. All are marked as secret.
func BindAuthInfoFlags(authInfo *api.AuthInfo, flags *pflag.FlagSet, flagNames AuthOverrideFlags) {
	flagNames.ClientCertificate.BindStringFlag(flags, &authInfo.ClientCertificate).AddSecretAnnotation(flags)
	flagNames.ClientKey.BindStringFlag(flags, &authInfo.ClientKey).AddSecretAnnotation(flags)
	flagNames.Token.BindStringFlag(flags, &authInfo.Token).AddSecretAnnotation(flags)
	flagNames.Impersonate.BindStringFlag(flags, &authInfo.Impersonate).AddSecretAnnotation(flags)
	flagNames.ImpersonateUID.BindStringFlag(flags, &authInfo.ImpersonateUID).AddSecretAnnotation(flags)
	flagNames.ImpersonateGroups.BindStringArrayFlag(flags, &authInfo.ImpersonateGroups).AddSecretAnnotation(flags)
	flagNames.Username.BindStringFlag(flags, &authInfo.Username).AddSecretAnnotation(flags)
	flagNames.Password.BindStringFlag(flags, &authInfo.Password).AddSecretAnnotation(flags)
}

// BindClusterFlags makes flags set a cluster.
func BindClusterFlags(clusterInfo *api.Cluster, flags *pflag.FlagSet, flagNames ClusterOverrideFlags) {
	flagNames.APIServer.BindStringFlag(flags, &clusterInfo.Server)
	flagNames.CertificateAuthority.BindStringFlag(flags, &clusterInfo.CertificateAuthority)
	flagNames.InsecureSkipTLSVerify.BindBoolFlag(flags, &clusterInfo.InsecureSkipTLSVerify)
	flagNames.TLSServerName.BindStringFlag(flags, &clusterInfo.TLSServerName)
	flagNames.ProxyURL.BindStringFlag(flags, &clusterInfo.ProxyURL)
	flagNames.DisableCompression.BindBoolFlag(flags, &clusterInfo.DisableCompression)
}

// BindContextFlags makes flags set a context.
func BindContextFlags(contextInfo *api.Context, flags *pflag.FlagSet, flagNames ContextOverrideFlags) {
	flagNames.ClusterName.BindStringFlag(flags, &contextInfo.Cluster)
	flagNames.AuthInfoName.BindStringFlag(flags, &contextInfo.AuthInfo)
	flagNames.Namespace.BindTransformingStringFlag(flags, &contextInfo.Namespace, RemoveNamespacesPrefix)
}
