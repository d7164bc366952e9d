package converted

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/cmd/internal/codegen/helpers/testdata/golden/peers"
)

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Widget struct {
	metav1.TypeMeta
	metav1.ObjectMeta
	Spec WidgetSpec
}

type WidgetSpec struct {
	Replicas int32
	Names    []string
	Labels   map[string]string
	Pair     Pair
	Pairs    []Pair
	Template runtime.Object
	// +k8s:deepcopy-gen=false
	Moved peers.New
}

type Pair struct{ A, B *string }

var SchemeGroupVersion = metav1.SchemeGroupVersion

func Resource(resource string) string { return resource }
