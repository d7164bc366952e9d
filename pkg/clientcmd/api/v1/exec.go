package v1

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
	// InteractiveMode says what the command does with standard input. It is required, except by APIVersion
	// client.authentication.k8s.io/v1alpha1 and v1beta1, for which it defaults to IfAvailable.
	InteractiveMode ExecInteractiveMode `json:"interactiveMode,omitempty"`
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
