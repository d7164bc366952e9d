package clientcmd

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/rest"
)

// defaultNamespace is where requests go that name no namespace.
const defaultNamespace = "default"

// DirectClientConfig is a ClientConfig for a kubeconfig that is loaded already.
type DirectClientConfig struct {
	config       api.Config
	contextName  string // wins over the kubeconfig's current context
	overrides    *ConfigOverrides
	configAccess ConfigAccess // may be nil
	prompter     *prompter    // may be nil
}

// NewDefaultClientConfig returns a ClientConfig for the current context of config. overrides may be nil.
func NewDefaultClientConfig(config api.Config, overrides *ConfigOverrides) OverridingClientConfig {
	return NewNonInteractiveClientConfig(config, config.CurrentContext, overrides, nil)
}

// NewNonInteractiveClientConfig returns a ClientConfig for the context of the given name. overrides and configAccess, which
// names the files in errors, may be nil.
func NewNonInteractiveClientConfig(config api.Config, contextName string, overrides *ConfigOverrides, configAccess ConfigAccess) OverridingClientConfig {
	return newDirectClientConfig(config, contextName, overrides, nil, configAccess)
}

// NewInteractiveClientConfig is like NewNonInteractiveClientConfig, and asks for a user name and password on fallbackReader,
// which may be nil, if there are no credentials. The questions go to standard error.
func NewInteractiveClientConfig(config api.Config, contextName string, overrides *ConfigOverrides, fallbackReader io.Reader, configAccess ConfigAccess) OverridingClientConfig {
	return newDirectClientConfig(config, contextName, overrides, newPrompter(fallbackReader), configAccess)
}

func newDirectClientConfig(config api.Config, contextName string, overrides *ConfigOverrides, prompter *prompter, configAccess ConfigAccess) *DirectClientConfig {
	if overrides == nil {
		overrides = &ConfigOverrides{}
	}
	return &DirectClientConfig{config: config, contextName: contextName, overrides: overrides, configAccess: configAccess, prompter: prompter}
}

// NewClientConfigFromBytes returns a ClientConfig for the current context of a kubeconfig in YAML or JSON.
func NewClientConfigFromBytes(configBytes []byte) (OverridingClientConfig, error) {
	config, err := Load(configBytes)
	if err != nil {
		return nil, fmt.Errorf("kubeconfig cannot be used: %w", err)
	}
	return NewDefaultClientConfig(*config, nil), nil
}

// RawConfig implements ClientConfig.
func (config *DirectClientConfig) RawConfig() (api.Config, error) { return config.config, nil }

// ConfigAccess implements ClientConfig.
func (config *DirectClientConfig) ConfigAccess() ConfigAccess { return config.configAccess }

// Namespace implements ClientConfig.
func (config *DirectClientConfig) Namespace() (string, bool, error) {
	if ns := config.overrides.Context.Namespace; ns != "" {
		return ns, true, nil
	}
	chosen, err := config.choose()
	if err != nil {
		return "", false, err
	}
	if chosen.context.Namespace == "" {
		return defaultNamespace, false, nil
	}
	return chosen.context.Namespace, false, nil
}

// ClientConfig implements ClientConfig.
func (config *DirectClientConfig) ClientConfig() (*rest.Config, error) {
	chosen, err := config.choose()
	if err != nil {
		return nil, err
	}
	if errs := chosen.validate(); len(errs) > 0 {
		return nil, &invalidConfigError{source: config.source(), errs: errs}
	}
	c, err := chosen.restConfig(config.overrides.Timeout)
	if err != nil {
		return nil, err
	}
	if c.AuthProvider != nil && config.configAccess != nil {
		c.AuthConfigPersister = PersisterForUser(config.configAccess, chosen.context.AuthInfo)
	}
	if c.AuthProvider != nil && config.configAccess != nil {
		c.AuthConfigPersister = PersisterForUser(config.configAccess, chosen.context.AuthInfo)
	}
	if err := config.prompter.authenticate(c, &chosen.user); err != nil {
		return nil, err
	}
	return c, nil
}

// ConfirmUsable returns all that is wrong with the chosen context; what else is in the kubeconfig does not matter.
func (config *DirectClientConfig) ConfirmUsable() error {
	chosen, err := config.choose()
	if err != nil {
		return err
	}
	if errs := chosen.validate(); len(errs) > 0 {
		return &invalidConfigError{source: config.source(), errs: errs}
	}
	return nil
}

// MergedRawConfig implements OverridingClientConfig.
func (config *DirectClientConfig) MergedRawConfig() (api.Config, error) {
	chosen, err := config.choose()
	if err != nil {
		return api.Config{}, err
	}
	merged := config.config.DeepCopy()
	mergeMap(&merged.Contexts, map[string]*api.Context{chosen.contextName: &chosen.context})
	mergeMap(&merged.Clusters, map[string]*api.Cluster{chosen.context.Cluster: &chosen.cluster})
	mergeMap(&merged.AuthInfos, map[string]*api.AuthInfo{chosen.context.AuthInfo: &chosen.user})
	merged.CurrentContext = chosen.contextName
	return *merged, nil
}

// source names the kubeconfig in errors.
func (config *DirectClientConfig) source() string {
	if config.configAccess == nil {
		return "kubeconfig"
	}
	files := config.configAccess.GetLoadingPrecedence()
	if config.configAccess.IsExplicitFile() {
		files = []string{config.configAccess.GetExplicitFile()}
	}
	if len(files) == 0 {
		return "kubeconfig"
	}
	return "kubeconfig " + quotedList(files)
}

// choice is the context that was chosen, with its cluster and user, overrides put in. The values are copies.
type choice struct {
	contextName string
	context     api.Context
	cluster     api.Cluster
	user        api.AuthInfo
	errs        []error // about what the context names and is not there
}

// choose finds the context and what it names.
func (config *DirectClientConfig) choose() (*choice, error) {
	c := &choice{contextName: config.contextName}
	if c.contextName == "" {
		c.contextName = config.config.CurrentContext
	}
	override(&c.contextName, config.overrides.CurrentContext)
	standsAlone := config.overrides.ClusterInfo.Server != "" || config.overrides.ClusterDefaults.Server != "" || config.overrides.Context.Cluster != ""
	switch context, found := config.config.Contexts[c.contextName]; {
	case found && context != nil:
		c.context = *context.DeepCopy()
	case c.contextName != "":
		return nil, &contextNotFoundError{fmt.Sprintf("context %q does not exist in %s: %s", c.contextName, config.source(), config.contextsThere())}
	case standsAlone:
	case len(config.config.Contexts) == 0 && len(config.config.Clusters) == 0 && len(config.config.AuthInfos) == 0:
		return nil, config.emptyError()
	default:
		return nil, &invalidConfigError{source: config.source(), errs: []error{fmt.Errorf("%w: set current-context; %s", ErrNoContext, config.contextsThere())}}
	}
	overrideContext(&c.context, &config.overrides.Context)
	config.chooseCluster(c)
	config.chooseUser(c)
	return c, nil
}

func (config *DirectClientConfig) chooseCluster(c *choice) {
	overrideCluster(&c.cluster, config.overrides.ClusterDefaults.DeepCopy())
	switch cluster, found := config.config.Clusters[c.context.Cluster]; {
	case found && cluster != nil:
		overrideCluster(&c.cluster, cluster.DeepCopy())
	case c.context.Cluster != "":
		c.errs = append(c.errs, fmt.Errorf("context %q names cluster %q, which is not there: %s",
			c.contextName, c.context.Cluster, there("clusters", config.config.Clusters)))
	case c.contextName != "" && config.overrides.ClusterInfo.Server == "":
		c.errs = append(c.errs, fmt.Errorf("context %q names no cluster: %s", c.contextName, there("clusters", config.config.Clusters)))
	}
	overrideCluster(&c.cluster, config.overrides.ClusterInfo.DeepCopy())
}

func (config *DirectClientConfig) chooseUser(c *choice) {
	switch user, found := config.config.AuthInfos[c.context.AuthInfo]; {
	case found && user != nil:
		c.user = *user.DeepCopy()
	case c.context.AuthInfo != "":
		c.errs = append(c.errs, fmt.Errorf("context %q names user %q, which is not there: %s",
			c.contextName, c.context.AuthInfo, there("users", config.config.AuthInfos)))
	}
	overrideAuthInfo(&c.user, config.overrides.AuthInfo.DeepCopy())
}

func (config *DirectClientConfig) emptyError() error {
	if config.configAccess == nil || !config.configAccess.IsExplicitFile() {
		return fmt.Errorf("invalid configuration: %w", ErrEmptyConfig)
	}
	return NewEmptyConfigError(fmt.Sprintf("%s is empty: it has no clusters, users and contexts; write them, or choose another file", config.source()))
}

func (config *DirectClientConfig) contextsThere() string {
	return there("contexts", config.config.Contexts)
}

// there lists the names of what is there, for errors about what is not.
func there[V any](what string, m map[string]V) string {
	if len(m) == 0 {
		return "it has no " + what
	}
	return "its " + what + " are " + quotedList(slices.Sorted(maps.Keys(m)))
}

func quotedList(names []string) string {
	const most = 20
	quoted := make([]string, 0, most+1)
	for _, name := range names[:min(len(names), most)] {
		quoted = append(quoted, fmt.Sprintf("%q", name))
	}
	if more := len(names) - most; more > 0 {
		quoted = append(quoted, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(quoted, ", ")
}
