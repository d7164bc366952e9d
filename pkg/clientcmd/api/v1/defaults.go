package v1

// SetDefaults_ExecConfig sets the interactive mode that the alpha and beta versions of the ExecCredential API imply.
func SetDefaults_ExecConfig(exec *ExecConfig) {
	if exec.InteractiveMode != "" {
		return
	}
	switch exec.APIVersion {
	case "client.authentication.k8s.io/v1alpha1", "client.authentication.k8s.io/v1beta1":
		exec.InteractiveMode = IfAvailableExecInteractiveMode
	}
}
