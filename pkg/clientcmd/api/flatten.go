package api

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// FlattenConfig puts the files that config names into it as data, so that it can be used elsewhere, for example in a Secret.
// Relative paths are relative to the file that an entry comes from. Token files stay files: tokens in files change.
func FlattenConfig(config *Config) error {
	for name, user := range config.AuthInfos {
		if user == nil {
			continue
		}
		base, err := originDir(user.LocationOfOrigin)
		if err != nil {
			return err
		}
		if err := FlattenContent(&user.ClientCertificate, &user.ClientCertificateData, base); err != nil {
			return fmt.Errorf("user %q: client-certificate: %w", name, err)
		}
		if err := FlattenContent(&user.ClientKey, &user.ClientKeyData, base); err != nil {
			return fmt.Errorf("user %q: client-key: %w", name, err)
		}
	}
	for name, cluster := range config.Clusters {
		if cluster == nil {
			continue
		}
		base, err := originDir(cluster.LocationOfOrigin)
		if err != nil {
			return err
		}
		if err := FlattenContent(&cluster.CertificateAuthority, &cluster.CertificateAuthorityData, base); err != nil {
			return fmt.Errorf("cluster %q: certificate-authority: %w", name, err)
		}
	}
	return nil
}

// originDir returns the directory of a file, or the working directory for no file.
func originDir(origin string) (string, error) {
	return MakeAbs(filepath.Dir(origin), "")
}

// FlattenContent reads the file *path, which is relative to baseDir, into *contents and empties *path. An empty *path is left
// alone. There must not be both a path and contents.
func FlattenContent(path *string, contents *[]byte, baseDir string) error {
	if *path == "" {
		return nil
	}
	if len(*contents) > 0 {
		return errors.New("cannot have values for both path and contents: remove one of them")
	}
	data, err := os.ReadFile(ResolvePath(*path, baseDir))
	if err != nil {
		return err
	}
	*contents, *path = data, ""
	return nil
}

// ResolvePath returns path, put after base if it is relative. No path stays none.
func ResolvePath(path string, base string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(base, path)
}

// MakeAbs returns path, put after base if it is relative. No base is the working directory.
func MakeAbs(path, base string) (string, error) {
	if filepath.IsAbs(path) {
		return path, nil
	}
	if base == "" {
		return filepath.Abs(path)
	}
	return filepath.Join(base, path), nil
}
