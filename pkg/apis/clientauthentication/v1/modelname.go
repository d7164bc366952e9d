package v1

// The names of the types in OpenAPI documents are those that Kubernetes publishes.
const modelPrefix = "io.k8s.client-go.pkg.apis.clientauthentication.v1."

// OpenAPIModelName returns the name of the type in OpenAPI documents.
func (in Cluster) OpenAPIModelName() string { return modelPrefix + "Cluster" }

// OpenAPIModelName returns the name of the type in OpenAPI documents.
func (in ExecCredential) OpenAPIModelName() string { return modelPrefix + "ExecCredential" }

// OpenAPIModelName returns the name of the type in OpenAPI documents.
func (in ExecCredentialSpec) OpenAPIModelName() string { return modelPrefix + "ExecCredentialSpec" }

// OpenAPIModelName returns the name of the type in OpenAPI documents.
func (in ExecCredentialStatus) OpenAPIModelName() string { return modelPrefix + "ExecCredentialStatus" }
