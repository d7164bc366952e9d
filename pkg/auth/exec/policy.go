package exec

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"

	"github.com/kubewright/kubewright/pkg/clientcmd/api"
	"github.com/kubewright/kubewright/pkg/metrics"
)

// ValidatePluginPolicy returns what is wrong with policy: a type that is not known, an allowlist without the type Allowlist
// or the other way round, or an entry of it that has no criterion.
func ValidatePluginPolicy(policy api.PluginPolicy) error {
	switch policy.PolicyType {
	case "", api.PluginPolicyAllowAll, api.PluginPolicyDenyAll:
		if policy.Allowlist != nil {
			return fmt.Errorf("the credential plugin policy is %q, but there is an allowlist: remove it, or set the policy %q", policy.PolicyType, api.PluginPolicyAllowlist)
		}
		return nil
	case api.PluginPolicyAllowlist:
	default:
		return fmt.Errorf("unknown credential plugin policy %q: want %q, %q or %q", policy.PolicyType,
			api.PluginPolicyAllowAll, api.PluginPolicyDenyAll, api.PluginPolicyAllowlist)
	}
	if len(policy.Allowlist) == 0 {
		return fmt.Errorf("the credential plugin policy is %q, but the allowlist is empty: name the plugins that may run, or set the policy %q",
			policy.PolicyType, api.PluginPolicyDenyAll)
	}
	for i, entry := range policy.Allowlist {
		if entry == (api.AllowlistEntry{}) {
			return fmt.Errorf("entry %d of the credential plugin allowlist is empty: set its command", i+1)
		}
	}
	return nil
}

// allow returns an error if policy does not let the plugin run whose command was resolved to path.
func allow(policy api.PluginPolicy, command, path string) error {
	err := checkPolicy(policy, command, path)
	if err != nil {
		metrics.ExecPluginPolicyCalls.Increment("denied")
	} else {
		metrics.ExecPluginPolicyCalls.Increment("allowed")
	}
	return err
}

func checkPolicy(policy api.PluginPolicy, command, path string) error {
	switch policy.PolicyType {
	case api.PluginPolicyDenyAll:
		return fmt.Errorf("exec plugin %q may not run: the credential plugin policy is %q", command, policy.PolicyType)
	case api.PluginPolicyAllowlist:
	default:
		return nil
	}
	if !filepath.IsAbs(path) {
		return fmt.Errorf("exec plugin %q may not run: under the credential plugin policy %q its path must not depend on the current directory",
			command, policy.PolicyType)
	}
	for _, allowed := range allowedCommands(policy) {
		if resolved, err := exec.LookPath(allowed); err == nil && resolved == path {
			return nil
		}
	}
	return fmt.Errorf("exec plugin %q may not run: %q is not on the credential plugin allowlist", command, path)
}

func allowedCommands(policy api.PluginPolicy) []string {
	var commands []string
	for _, entry := range policy.Allowlist {
		commands = append(commands, entry.Command)
	}
	return commands
}

// resolve returns the path of command, as os/exec finds it.
func resolve(command string) (string, error) {
	path, err := exec.LookPath(command)
	switch {
	case err == nil:
		return path, nil
	case errors.Is(err, exec.ErrDot):
		return "", fmt.Errorf("exec plugin %q was found in the current directory only, from where programs are not run: name its absolute path", command)
	}
	return "", &missingError{command, err}
}
