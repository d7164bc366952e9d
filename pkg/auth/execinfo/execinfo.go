// Package execinfo is for authors of credential plugins: it reads what a plugin is told in the environment variable
// KUBERNETES_EXEC_INFO.
//
//	KUBERNETES_EXEC_INFO ── LoadExecCredentialFromEnv ──▶ ExecCredential, rest.Config of the cluster
package execinfo

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"

	"github.com/kubewright/kubewright/pkg/apis/clientauthentication"
	"github.com/kubewright/kubewright/pkg/apis/clientauthentication/install"
	"github.com/kubewright/kubewright/pkg/rest"
)

// variable is the environment variable that a plugin gets its ExecCredential in.
const variable = "KUBERNETES_EXEC_INFO"

// scheme has the versions of ExecCredential. It is not changed.
var scheme = sync.OnceValue(func() *runtime.Scheme {
	s := runtime.NewScheme()
	install.Install(s)
	return s
})

// LoadExecCredentialFromEnv is LoadExecCredential for the environment variable KUBERNETES_EXEC_INFO, which must be set.
func LoadExecCredentialFromEnv() (runtime.Object, *rest.Config, error) {
	info := os.Getenv(variable)
	if info == "" {
		return nil, nil, fmt.Errorf("the environment variable %s is not set: this program is meant to be run as a credential plugin", variable)
	}
	return LoadExecCredential([]byte(info))
}

// LoadExecCredential returns the ExecCredential that data holds as JSON or YAML, in the version that it has there, and the
// configuration of a client for the cluster that it describes. That client has no credentials: to find them is the plugin's
// task. Without a description of the cluster, an error is returned.
func LoadExecCredential(data []byte) (runtime.Object, *rest.Config, error) {
	object, _, err := serializer.NewCodecFactory(scheme()).UniversalDeserializer().Decode(data, nil, nil)
	switch {
	case runtime.IsNotRegisteredError(err):
		return nil, nil, fmt.Errorf("unable to decode an ExecCredential: %w", err)
	case err != nil: // whose text may repeat a part of the data, such as the password of a proxy
		return nil, nil, errors.New("unable to decode an ExecCredential: want it as JSON or YAML, with its apiVersion and kind")
	}
	var credential clientauthentication.ExecCredential
	if err := scheme().Convert(object, &credential, nil); err != nil {
		return nil, nil, fmt.Errorf("unable to convert %s to an ExecCredential: %w", object.GetObjectKind().GroupVersionKind(), err)
	}
	if credential.Spec.Cluster == nil {
		return nil, nil, errors.New("the ExecCredential says nothing of the cluster: set provideClusterInfo in the configuration of the credential plugin")
	}
	config, err := rest.ExecClusterToConfig(credential.Spec.Cluster)
	if err != nil {
		return nil, nil, err
	}
	return object, config, nil
}
