package clientcmd

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// PathOptions say where a tool such as kubectl config finds and changes the kubeconfig. It implements ConfigAccess.
type PathOptions struct {
	// GlobalFile is the file when nothing else names one.
	GlobalFile string
	// EnvVar names an environment variable that lists files; they are instead of GlobalFile.
	EnvVar string
	// ExplicitFileFlag is the name of the flag that sets LoadingRules.ExplicitPath, for help texts.
	ExplicitFileFlag string
	// GlobalFileSubpath is GlobalFile below the home directory, for help texts.
	GlobalFileSubpath string
	// LoadingRules are used to load; their Precedence is not.
	LoadingRules *ClientConfigLoadingRules
}

// NewDefaultPathOptions returns kubectl's: --kubeconfig, or else $KUBECONFIG, or else ~/.kube/config.
func NewDefaultPathOptions() *PathOptions {
	o := &PathOptions{
		GlobalFile:        RecommendedHomeFile,
		EnvVar:            RecommendedConfigPathEnvVar,
		ExplicitFileFlag:  RecommendedConfigPathFlag,
		GlobalFileSubpath: path.Join(RecommendedHomeDir, RecommendedFileName),
		LoadingRules:      NewDefaultClientConfigLoadingRules(),
	}
	o.LoadingRules.DoNotResolvePaths = true
	return o
}

// GetEnvVarFiles returns the files that the environment variable lists, each once.
func (o *PathOptions) GetEnvVarFiles() []string {
	if o.EnvVar == "" {
		return []string{}
	}
	return filesInEnv(o.EnvVar)
}

// filesInEnv returns the files that an environment variable lists, each once.
func filesInEnv(name string) []string {
	files := []string{}
	for _, file := range filepath.SplitList(os.Getenv(name)) {
		if !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	return files
}

// GetLoadingPrecedence implements ConfigAccess.
func (o *PathOptions) GetLoadingPrecedence() []string {
	if o.IsExplicitFile() {
		return []string{o.GetExplicitFile()}
	}
	if files := o.GetEnvVarFiles(); len(files) > 0 {
		return files
	}
	return []string{o.GlobalFile}
}

// GetStartingConfig implements ConfigAccess. Files that are not there make an empty kubeconfig.
func (o *PathOptions) GetStartingConfig() (*api.Config, error) {
	rules := *o.LoadingRules
	rules.Precedence = o.GetLoadingPrecedence()
	config, err := rules.Load()
	if errors.Is(err, fs.ErrNotExist) {
		return api.NewConfig(), nil
	}
	return config, err
}

// GetDefaultFilename implements ConfigAccess: the explicit file, or else the first of the environment variable that is
// there, or else the last of them, or else GlobalFile.
func (o *PathOptions) GetDefaultFilename() string {
	if o.IsExplicitFile() {
		return o.GetExplicitFile()
	}
	files := o.GetEnvVarFiles()
	if len(files) == 0 {
		return o.GlobalFile
	}
	if file := firstThere(files); file != "" {
		return file
	}
	return files[len(files)-1]
}

// firstThere returns the first file that is there, or "".
func firstThere(files []string) string {
	for _, file := range files {
		if _, err := os.Stat(file); err == nil {
			return file
		}
	}
	return ""
}

// IsExplicitFile implements ConfigAccess.
func (o *PathOptions) IsExplicitFile() bool { return o.LoadingRules.IsExplicitFile() }

// GetExplicitFile implements ConfigAccess.
func (o *PathOptions) GetExplicitFile() string { return o.LoadingRules.GetExplicitFile() }
