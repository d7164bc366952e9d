package api

import "k8s.io/apimachinery/pkg/runtime"

// ExecConfig describes a credential plugin: a program that prints an ExecCredential of the client.authentication.k8s.io
// API group (KEP-541).
type ExecConfig struct {
	// Command to run.
	Command string `json:"command"`
	// Args of the command.
	Args []string `json:"args"`
	// Env is added to the environment of this process.
	Env []ExecEnvVar `json:"env"`
	// APIVersion of the ExecCredential that is sent and that must come back.
	APIVersion string `json:"apiVersion,omitempty"`
	// InstallHint is shown when the command is not there.
	InstallHint string `json:"installHint,omitempty"`
	// ProvideClusterInfo passes the cluster, CA data included, to the command.
	ProvideClusterInfo bool `json:"provideClusterInfo"`
	// Config is the cluster's extension client.authentication.k8s.io/exec, for the command. It must not hold secrets.
	// +k8s:conversion-gen=false
	Config runtime.Object `json:"-"`
	// InteractiveMode says what the command does with standard input. It may be empty, which means IfAvailable, for the
	// alpha and beta versions of the API only.
	InteractiveMode ExecInteractiveMode `json:"interactiveMode,omitempty"`
	// StdinUnavailable says that standard input must not be given to the command. Never written.
	// +k8s:conversion-gen=false
	StdinUnavailable bool `json:"-"`
	// StdinUnavailableMessage says why, for the error of a command that cannot do without.
	// +k8s:conversion-gen=false
	StdinUnavailableMessage string `json:"-"`
	// PluginPolicy says which commands may run. Never written.
	// +k8s:conversion-gen=false
	PluginPolicy PluginPolicy `json:"-"`
}

// ExecEnvVar is one environment variable of a credential plugin.
type ExecEnvVar struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ExecInteractiveMode says what a credential plugin does with standard input.
type ExecInteractiveMode string

const (
	// NeverExecInteractiveMode says that the plugin does not use standard input.
	NeverExecInteractiveMode ExecInteractiveMode = "Never"
	// IfAvailableExecInteractiveMode says that the plugin uses standard input if it is there.
	IfAvailableExecInteractiveMode ExecInteractiveMode = "IfAvailable"
	// AlwaysExecInteractiveMode says that the plugin is not run without standard input.
	AlwaysExecInteractiveMode ExecInteractiveMode = "Always"
)

// PluginPolicy says which credential plugins may run.
type PluginPolicy struct {
	// PolicyType is one of the PluginPolicy constants; empty means PluginPolicyAllowAll.
	PolicyType PolicyType `json:"-"`
	// Allowlist must be nil unless PolicyType is PluginPolicyAllowlist; a plugin may run if any entry matches it.
	Allowlist []AllowlistEntry `json:"-"`
}

// PolicyType is the kind of a PluginPolicy.
type PolicyType string

// The kinds of policy: any plugin may run, none, or those on the allowlist.
const (
	PluginPolicyAllowAll  PolicyType = "AllowAll"
	PluginPolicyDenyAll   PolicyType = "DenyAll"
	PluginPolicyAllowlist PolicyType = "Allowlist"
)

// AllowlistEntry matches a credential plugin that meets all of its fields that are set; at least one must be.
type AllowlistEntry struct {
	// Command matches if it and the plugin's command resolve to the same absolute path.
	Command string `json:"-"`
}
