package api

import (
	"errors"
	"fmt"
	"maps"
)

// IsConfigEmpty reports whether config says nothing.
func IsConfigEmpty(config *Config) bool {
	return len(config.Clusters) == 0 && len(config.AuthInfos) == 0 && len(config.Contexts) == 0 && config.CurrentContext == "" &&
		!config.Preferences.Colors && len(config.Preferences.Extensions) == 0 && len(config.Extensions) == 0
}

// MinifyConfig removes all but the current context and what it names. config stays as it is if that is not there.
func MinifyConfig(config *Config) error {
	if config.CurrentContext == "" {
		return errors.New("current-context must exist in order to minify")
	}
	current, there := config.Contexts[config.CurrentContext]
	if !there || current == nil {
		return fmt.Errorf("cannot locate context %s", config.CurrentContext)
	}
	if _, there := config.AuthInfos[current.AuthInfo]; !there && current.AuthInfo != "" {
		return fmt.Errorf("cannot locate user %s", current.AuthInfo)
	}
	if _, there := config.Clusters[current.Cluster]; !there && current.Cluster != "" {
		return fmt.Errorf("cannot locate cluster %s", current.Cluster)
	}
	config.Contexts = only(config.Contexts, config.CurrentContext)
	config.AuthInfos = only(config.AuthInfos, current.AuthInfo)
	config.Clusters = only(config.Clusters, current.Cluster)
	return nil
}

func only[V any](m map[string]V, name string) map[string]V {
	kept := maps.Clone(m)
	maps.DeleteFunc(kept, func(key string, _ V) bool { return key != name || name == "" })
	return kept
}
