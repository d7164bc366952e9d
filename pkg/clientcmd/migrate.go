package clientcmd

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Migrate copies files as MigrationRules say: a destination that is not there is made from its source, if that is there. It is
// readable by its owner only. Load does this first.
func (rules *ClientConfigLoadingRules) Migrate() error {
	for _, destination := range slices.Sorted(maps.Keys(rules.MigrationRules)) {
		if _, err := os.Stat(destination); !errors.Is(err, fs.ErrNotExist) {
			continue // also one that may not be looked at: loading says so
		}
		source := rules.MigrationRules[destination]
		info, err := os.Stat(source)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			continue
		}
		if err != nil {
			return fmt.Errorf("unable to migrate kubeconfig %q to %q: %w", source, destination, err)
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("unable to migrate kubeconfig %q to %q: it is no file", source, destination)
		}
		content, err := os.ReadFile(source)
		if err != nil {
			return fmt.Errorf("unable to migrate kubeconfig %q to %q: %w", source, destination, err)
		}
		if err := replaceFile(destination, content); err != nil {
			return fmt.Errorf("unable to migrate kubeconfig %q: %w", source, err)
		}
	}
	return nil
}

// defaultMigrationRules are for the place that kubeconfigs had in the first days of Kubernetes.
func defaultMigrationRules() map[string]string {
	return map[string]string{RecommendedHomeFile: filepath.Join(RecommendedConfigDir, ".kubeconfig")}
}
