package clientcmd

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"

	"k8s.io/klog/v2"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/rest"
)

// ClientConfigLoadingRules say which files a kubeconfig is made of. It implements ClientConfigLoader.
type ClientConfigLoadingRules struct {
	// ExplicitPath, if set, is the one file to load. It has to be there.
	ExplicitPath string
	// Precedence are the files to merge, the most important first. Those that are not there are left out.
	Precedence []string

	// MigrationRules are files to copy before loading, by the file that they are copied to: see Migrate.
	MigrationRules map[string]string

	// DoNotResolvePaths leaves relative paths in the kubeconfig as they are, instead of resolving them against the directory
	// of their file.
	DoNotResolvePaths bool

	// DefaultClientConfig is what IsDefaultConfig compares with.
	DefaultClientConfig ClientConfig

	// WarnIfAllMissing warns when none of the files in Precedence is there.
	WarnIfAllMissing bool

	// Warner is told of that; nil means that it is logged.
	Warner WarningHandler
}

// WarningHandler is told of what is worth a warning.
type WarningHandler func(error)

// Warn calls the handler, or logs if it is nil.
func (handler WarningHandler) Warn(err error) {
	if handler == nil {
		klog.Background().Info("Warning", "err", err)
		return
	}
	handler(err)
}

// MissingConfigError says that none of the files of a kubeconfig is there.
type MissingConfigError struct {
	Missing []string
}

// Error implements error.
func (c MissingConfigError) Error() string {
	return "kubeconfig not found: " + quotedList(c.Missing)
}

// NewDefaultClientConfigLoadingRules returns the rules that kubectl follows: the files that $KUBECONFIG lists, or else
// ~/.kube/config.
func NewDefaultClientConfigLoadingRules() *ClientConfigLoadingRules {
	rules := &ClientConfigLoadingRules{MigrationRules: defaultMigrationRules(), Precedence: filesInEnv(RecommendedConfigPathEnvVar)}
	rules.WarnIfAllMissing = len(rules.Precedence) > 0
	if len(rules.Precedence) == 0 {
		rules.Precedence = []string{RecommendedHomeFile}
	}
	return rules
}

// Load implements ClientConfigLoader. It migrates first. For each name of a cluster, user or context, the entry of the most important file that
// has it counts, as a whole; so does the first current context.
func (rules *ClientConfigLoadingRules) Load() (*api.Config, error) {
	if err := rules.Migrate(); err != nil {
		return nil, err
	}
	if rules.ExplicitPath != "" {
		config, err := LoadFromFile(rules.ExplicitPath)
		if err != nil {
			return nil, err
		}
		return config, rules.resolve(config)
	}

	merged := api.NewConfig()
	var missing []string
	var errs []error
	found := false
	for _, file := range rules.Precedence {
		if file == "" {
			continue
		}
		config, err := LoadFromFile(file)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, file)
		case err != nil:
			errs = append(errs, err)
		default:
			found = true
			mergeConfig(merged, config)
		}
	}
	if err := joinErrors(errs); err != nil {
		return nil, err
	}
	if rules.WarnIfAllMissing && len(missing) > 0 && !found {
		rules.Warner.Warn(MissingConfigError{missing})
	}
	return merged, rules.resolve(merged)
}

func (rules *ClientConfigLoadingRules) resolve(config *api.Config) error {
	if rules.DoNotResolvePaths {
		return nil
	}
	return ResolveLocalPaths(config)
}

// ResolvePaths reports whether Load resolves relative paths.
func (rules ClientConfigLoadingRules) ResolvePaths() bool { return !rules.DoNotResolvePaths }

// IsDefaultConfig implements ClientConfigLoader.
func (rules *ClientConfigLoadingRules) IsDefaultConfig(config *rest.Config) bool {
	if rules.DefaultClientConfig == nil {
		return false
	}
	defaults, err := rules.DefaultClientConfig.ClientConfig()
	return err == nil && reflect.DeepEqual(config, defaults)
}

// GetLoadingPrecedence implements ConfigAccess.
func (rules *ClientConfigLoadingRules) GetLoadingPrecedence() []string {
	if rules.IsExplicitFile() {
		return []string{rules.ExplicitPath}
	}
	return rules.Precedence
}

// GetStartingConfig implements ConfigAccess. Files that are not there make an empty kubeconfig.
func (rules *ClientConfigLoadingRules) GetStartingConfig() (*api.Config, error) {
	config, err := rules.Load()
	if errors.Is(err, fs.ErrNotExist) {
		return api.NewConfig(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("unable to load the kubeconfig to begin with: %w", err)
	}
	return config, nil
}

// GetDefaultFilename implements ConfigAccess: the explicit file, or else the first file that is there, or else the first.
func (rules *ClientConfigLoadingRules) GetDefaultFilename() string {
	if rules.IsExplicitFile() {
		return rules.ExplicitPath
	}
	if file := firstThere(rules.Precedence); file != "" {
		return file
	}
	for _, file := range rules.Precedence {
		if file != "" {
			return file
		}
	}
	return ""
}

// IsExplicitFile implements ConfigAccess.
func (rules *ClientConfigLoadingRules) IsExplicitFile() bool { return rules.ExplicitPath != "" }

// GetExplicitFile implements ConfigAccess.
func (rules *ClientConfigLoadingRules) GetExplicitFile() string { return rules.ExplicitPath }
