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
		if cluster == nil {
			continue
		}
		if err := resolveFrom(cluster.LocationOfOrigin, GetClusterFileReferences(cluster)); err != nil {
			return within("cluster", name, err)
		}
	}
	for name, user := range config.AuthInfos {
		if user == nil {
			continue
		}
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
	base, err := baseOf(origin)
	if err != nil {
		return err
	}
	return ResolvePaths(refs, base)
}

// baseOf returns the directory that relative paths in a kubeconfig are relative to.
func baseOf(origin string) (string, error) {
	base, err := filepath.Abs(filepath.Dir(origin))
	if err != nil {
		return "", fmt.Errorf("unable to find the directory of kubeconfig %q: %w", origin, err)
	}
	return base, nil
}

// RelativizeClusterLocalPaths makes the paths in cluster relative to the directory of its file, if they are below it.
// Paths that are relative already are so to that directory. A cluster of no file stays as it is.
func RelativizeClusterLocalPaths(cluster *api.Cluster) error {
	return relativizeFrom(cluster.LocationOfOrigin, GetClusterFileReferences(cluster))
}

// RelativizeAuthInfoLocalPaths does for a user what RelativizeClusterLocalPaths does for a cluster.
func RelativizeAuthInfoLocalPaths(authInfo *api.AuthInfo) error {
	return relativizeFrom(authInfo.LocationOfOrigin, GetAuthInfoFileReferences(authInfo))
}

func relativizeFrom(origin string, refs []*string) error {
	if origin == "" {
		return nil
	}
	base, err := baseOf(origin)
	if err != nil {
		return err
	}
	if err := ResolvePaths(refs, base); err != nil {
		return err
	}
	return RelativizePathWithNoBacksteps(refs, base)
}

// ResolveConfigPaths makes all paths in config absolute; those that are not yet are relative to base.
func ResolveConfigPaths(config *api.Config, base string) error {
	return ResolvePaths(GetConfigFileReferences(config), base)
}

// RelativizeConfigPaths makes all paths in config that are below base relative to it.
func RelativizeConfigPaths(config *api.Config, base string) error {
	return RelativizePathWithNoBacksteps(GetConfigFileReferences(config), base)
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

// RelativizePathWithNoBacksteps makes the paths that refs point to relative to base if they are below it. Others stay, but
// must be absolute. Empty ones stay.
func RelativizePathWithNoBacksteps(refs []*string, base string) error {
	for _, ref := range refs {
		if *ref == "" {
			continue
		}
		relative, err := MakeRelative(*ref, base)
		if err != nil {
			return err
		}
		if filepath.IsLocal(relative) {
			*ref = relative
		} else if !filepath.IsAbs(*ref) {
			return fmt.Errorf("path %q is relative, but not below %q: make it absolute", *ref, base)
		}
	}
	return nil
}

// MakeRelative returns path relative to base, with ".." where it is needed. No path stays none.
func MakeRelative(path, base string) (string, error) {
	if path == "" {
		return "", nil
	}
	relative, err := filepath.Rel(base, path)
	if err != nil {
		return path, fmt.Errorf("unable to make a path relative: %w", err)
	}
	return relative, nil
}

// GetConfigFileReferences returns pointers to all paths in config.
func GetConfigFileReferences(config *api.Config) []*string {
	var refs []*string
	for _, cluster := range config.Clusters {
		if cluster != nil {
			refs = append(refs, GetClusterFileReferences(cluster)...)
		}
	}
	for _, user := range config.AuthInfos {
		if user != nil {
			refs = append(refs, GetAuthInfoFileReferences(user)...)
		}
	}
	return refs
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
