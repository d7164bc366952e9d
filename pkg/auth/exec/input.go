package exec

import (
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/apis/clientauthentication"
	v1 "github.com/kubewright/kubewright/pkg/apis/clientauthentication/v1"
	"github.com/kubewright/kubewright/pkg/apis/clientauthentication/v1beta1"
)

// infoVariable is the environment variable that a plugin gets its ExecCredential in.
const infoVariable = "KUBERNETES_EXEC_INFO"

var (
	v1Version      = v1.SchemeGroupVersion.String()
	v1beta1Version = v1beta1.SchemeGroupVersion.String()
)

// encode returns the ExecCredential with spec as JSON of one of the two versions.
func encode(spec clientauthentication.ExecCredentialSpec, apiVersion string) ([]byte, error) {
	in := &clientauthentication.ExecCredential{Spec: spec}
	meta := metav1.TypeMeta{APIVersion: apiVersion, Kind: "ExecCredential"}
	var out runtime.Object
	var err error
	if apiVersion == v1beta1Version {
		converted := &v1beta1.ExecCredential{}
		err = v1beta1.Convert_clientauthentication_ExecCredential_To_v1beta1_ExecCredential(in, converted, nil)
		converted.TypeMeta, out = meta, converted
	} else {
		converted := &v1.ExecCredential{}
		err = v1.Convert_clientauthentication_ExecCredential_To_v1_ExecCredential(in, converted, nil)
		converted.TypeMeta, out = meta, converted
	}
	if err != nil {
		return nil, fmt.Errorf("unable to convert an ExecCredential to %s: %w", apiVersion, err)
	}
	return json.Marshal(out)
}
