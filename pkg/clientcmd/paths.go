package clientcmd

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// ResolveLocalPaths makes the paths in config absolute. They are relative to the directory of the file that they come from;
// entries of no file stay as they are.
func ResolveLocalPaths(config *api.Config) error {
	for name, cluster := range config.Clusters {
		if err := resolveFrom(cluster.LocationOfOrigin, GetClusterFileReferences(cluster)); err != nil {
			return within("cluster", name, err)
		}
	}
	for name, user := range config.AuthInfos {
		if err := resolveFrom(user.LocationOfOrigin, GetAuthInfoFileReferences(user)); err != nil {
			return within("user", name, err)
		}
	}
	return nil
}

func resolveFrom(origin string, refs []*string) error {
	if origin == "" {
		return nil
	}
	base, err := filepath.Abs(filepath.Dir(origin))
	if err != nil {
		return fmt.Errorf("unable to find the directory of kubeconfig %q: %w", origin, err)
	}
	return ResolvePaths(refs, base)
}

// ResolvePaths makes the paths that refs point to absolute; those that are not yet are relative to base. Empty ones stay.
func ResolvePaths(refs []*string, base string) error {
	for _, ref := range refs {
		if *ref != "" && !filepath.IsAbs(*ref) {
			*ref = filepath.Join(base, *ref)
		}
	}
	return nil
}

// GetClusterFileReferences returns pointers to the paths in cluster.
func GetClusterFileReferences(cluster *api.Cluster) []*string {
	return []*string{&cluster.CertificateAuthority}
}

// GetAuthInfoFileReferences returns pointers to the paths in authInfo. The command of a credential plugin is one if it has a
// directory; else it is looked up in PATH.
func GetAuthInfoFileReferences(authInfo *api.AuthInfo) []*string {
	refs := []*string{&authInfo.ClientCertificate, &authInfo.ClientKey, &authInfo.TokenFile}
	if authInfo.Exec != nil && strings.ContainsRune(authInfo.Exec.Command, filepath.Separator) {
		refs = append(refs, &authInfo.Exec.Command)
	}
	return refs
}
