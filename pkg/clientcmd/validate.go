package clientcmd

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
)

// Validate returns all that is wrong with config, in any of its entries. IsConfigurationInvalid recognizes the error, or, if
// config says nothing, IsEmptyConfig.
func Validate(config api.Config) error {
	if api.IsConfigEmpty(&config) {
		return fmt.Errorf("invalid configuration: %w", ErrEmptyConfig)
	}
	direct := &DirectClientConfig{config: config, overrides: &ConfigOverrides{}}
	var errs []error
	if _, there := config.Contexts[config.CurrentContext]; !there && config.CurrentContext != "" {
		errs = append(errs, fmt.Errorf("current-context %q does not exist: %s", config.CurrentContext, direct.contextsThere()))
	}
	for _, name := range slices.Sorted(maps.Keys(config.Contexts)) {
		c := &choice{contextName: name}
		if context := config.Contexts[name]; context != nil {
			c.context = *context
		}
		direct.chooseCluster(c)
		direct.chooseUser(c)
		errs = append(errs, append(c.errs, prefixed("context", name, contextErrors(&c.context))...)...)
	}
	for _, name := range slices.Sorted(maps.Keys(config.Clusters)) {
		cluster := config.Clusters[name]
		if cluster == nil {
			cluster = &api.Cluster{}
		}
		errs = append(errs, prefixed("cluster", name, clusterErrors(cluster))...)
	}
	for _, name := range slices.Sorted(maps.Keys(config.AuthInfos)) {
		if user := config.AuthInfos[name]; user != nil {
			errs = append(errs, prefixed("user", name, userErrors(user))...)
		}
	}
	if len(errs) > 0 {
		return &invalidConfigError{source: direct.source(), errs: errs}
	}
	return nil
}

// ConfirmUsable returns all that is wrong with one context and what it names. Without a name it is the current context, or, if
// there is none, everything: see Validate.
func ConfirmUsable(config api.Config, passedContextName string) error {
	if api.IsConfigEmpty(&config) {
		return fmt.Errorf("invalid configuration: %w", ErrEmptyConfig)
	}
	if passedContextName == "" && config.CurrentContext == "" {
		return Validate(config)
	}
	direct := &DirectClientConfig{config: config, contextName: passedContextName, overrides: &ConfigOverrides{}}
	chosen, err := direct.choose()
	if err != nil {
		return err
	}
	errs := append(prefixed("context", chosen.contextName, contextErrors(&chosen.context)), chosen.validate()...)
	if len(errs) > 0 {
		return &invalidConfigError{source: direct.source(), errs: errs}
	}
	return nil
}

// validate returns all that keeps a client from being made of the choice.
func (c *choice) validate() []error {
	errs := c.errs
	if len(errs) == 0 || c.cluster.Server != "" {
		errs = append(errs, prefixed("cluster", c.context.Cluster, clusterErrors(&c.cluster))...)
	}
	return append(errs, prefixed("user", c.context.AuthInfo, userErrors(&c.user))...)
}

func prefixed(what, name string, errs []error) []error {
	for i, err := range errs {
		errs[i] = within(what, name, err)
	}
	return errs
}

func contextErrors(c *api.Context) []error {
	if c.Namespace == "" || len(validation.IsDNS1123Label(c.Namespace)) == 0 {
		return nil
	}
	return []error{fmt.Errorf("namespace %q is no DNS label: want lower-case letters, digits and '-', at most 63, with a letter or digit first and last", c.Namespace)}
}

func clusterErrors(c *api.Cluster) (errs []error) {
	if c.Server == "" {
		errs = append(errs, fmt.Errorf("%w: set server to the API server's URL", ErrEmptyCluster))
	}
	hasCA := c.CertificateAuthority != "" || len(c.CertificateAuthorityData) > 0
	if hasCA && c.InsecureSkipTLSVerify {
		errs = append(errs, errors.New("insecure-skip-tls-verify is set together with a certificate authority: remove one of them"))
	}
	errs = append(errs, fileOrData("certificate-authority", c.CertificateAuthority, c.CertificateAuthorityData)...)
	if c.ProxyURL != "" {
		if _, err := parseProxyURL(c.ProxyURL); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

func userErrors(u *api.AuthInfo) (errs []error) {
	hasCert := u.ClientCertificate != "" || len(u.ClientCertificateData) > 0
	hasKey := u.ClientKey != "" || len(u.ClientKeyData) > 0
	switch {
	case hasCert && !hasKey:
		errs = append(errs, errors.New("client-certificate is set without its key: set client-key or client-key-data"))
	case hasKey && !hasCert:
		errs = append(errs, errors.New("client-key is set without its certificate: set client-certificate or client-certificate-data"))
	}
	errs = append(errs, fileOrData("client-certificate", u.ClientCertificate, u.ClientCertificateData)...)
	errs = append(errs, fileOrData("client-key", u.ClientKey, u.ClientKeyData)...)
	if u.Token == "" {
		errs = append(errs, readable("tokenFile", u.TokenFile)...)
	}
	if (u.Token != "" || u.TokenFile != "") && u.Username != "" {
		errs = append(errs, errors.New("both a token and a username are set, of which only one can be sent: remove one of them"))
	}
	errs = append(errs, execErrors(u.Exec)...)
	if u.Exec != nil && u.AuthProvider != nil {
		errs = append(errs, errors.New("both exec and auth-provider are set: remove one of them"))
	}
	if u.Impersonate == "" && (u.ImpersonateUID != "" || len(u.ImpersonateGroups) > 0 || len(u.ImpersonateUserExtra) > 0) {
		errs = append(errs, errors.New("as-uid, as-groups or as-user-extra is set without as: impersonation needs a user name"))
	}
	return errs
}

// execErrors returns what is wrong with the description of a credential plugin.
func execErrors(e *api.ExecConfig) (errs []error) {
	if e == nil {
		return nil
	}
	if e.Command == "" {
		errs = append(errs, errors.New("exec: command is not set: name the credential plugin's program"))
	}
	if e.APIVersion == "" {
		errs = append(errs, errors.New("exec: apiVersion is not set: want the version of client.authentication.k8s.io that the credential plugin speaks"))
	}
	for i, v := range e.Env {
		if v.Name == "" {
			errs = append(errs, fmt.Errorf("exec: env[%d] has no name", i))
		}
	}
	switch e.InteractiveMode {
	case api.NeverExecInteractiveMode, api.IfAvailableExecInteractiveMode, api.AlwaysExecInteractiveMode:
	case "":
		errs = append(errs, fmt.Errorf("exec: interactiveMode is not set, as apiVersion %q requires: want Never, IfAvailable or Always", e.APIVersion))
	default:
		errs = append(errs, fmt.Errorf("exec: interactiveMode is %q, want Never, IfAvailable or Always", e.InteractiveMode))
	}
	return errs
}

// fileOrData checks that there is one of them, and that the file can be read.
func fileOrData(field, path string, data []byte) []error {
	if path != "" && len(data) > 0 {
		return []error{fmt.Errorf("%s and %s-data are both set: remove one of them", field, field)}
	}
	return readable(field, path)
}

// readable checks that the file that a field names can be read.
func readable(field, path string) []error {
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return []error{fmt.Errorf("unable to read %s: %w", field, err)}
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return []error{fmt.Errorf("unable to read %s: %s is a directory", field, path)}
	}
	return nil
}

// parseProxyURL does not repeat its argument in errors: it may have a password.
func parseProxyURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return nil, errors.New("proxy-url is no valid URL with scheme and host")
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "socks5":
		return u, nil
	}
	return nil, fmt.Errorf("proxy-url has scheme %q, want http, https or socks5", u.Scheme)
}
