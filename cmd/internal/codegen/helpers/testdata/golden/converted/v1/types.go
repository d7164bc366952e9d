package v1

import (
	"net/url"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/conversion"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/cmd/internal/codegen/helpers/testdata/golden/converted"
	"github.com/kubewright/kubewright/cmd/internal/codegen/helpers/testdata/golden/peers"
)

var (
	SchemeBuilder      runtime.SchemeBuilder
	localSchemeBuilder = &SchemeBuilder
	AddToScheme        = localSchemeBuilder.AddToScheme
)

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Widget struct {
	metav1.TypeMeta
	metav1.ObjectMeta
	Spec WidgetSpec
}

// DefaultName is a default.
const DefaultName = "widget"

type WidgetSpec struct {
	// +default=3
	Replicas *int32
	// +default=ref(DefaultName)
	Name string
	// +default={"a": "b"}
	Labels   map[string]string
	Pair     Pair
	Pairs    []Pair
	Template runtime.RawExtension
	// +default=ref(k8s.io/apimachinery/pkg/apis/meta/v1.NamespaceDefault)
	Namespace string
	Moved     peers.Old
}

type Pair struct{ A, B *string }

// +k8s:conversion-gen:explicit-from=net/url.Values
type Query struct {
	metav1.TypeMeta
	Name string
	Many []string
}

func Convert_v1_WidgetSpec_To_converted_WidgetSpec(in *WidgetSpec, out *converted.WidgetSpec, s conversion.Scope) error {
	out.Names = []string{in.Name}
	return autoConvert_v1_WidgetSpec_To_converted_WidgetSpec(in, out, s)
}

func Convert_converted_WidgetSpec_To_v1_WidgetSpec(in *converted.WidgetSpec, out *WidgetSpec, s conversion.Scope) error {
	return autoConvert_converted_WidgetSpec_To_v1_WidgetSpec(in, out, s)
}

func Convert_peers_New_To_peers_Old(in *peers.New, out *peers.Old, s conversion.Scope) error {
	return nil
}

func SetDefaults_WidgetSpec(in *WidgetSpec) {
	if in.Labels == nil {
		in.Labels = map[string]string{}
	}
}

func SetDefaults_Pair(in *Pair) {}

var _ = url.Values{}
