package shapes

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/sets"

	anotherv1 "github.com/kubewright/kubewright/cmd/internal/codegen/helpers/testdata/golden/shapes/another/v1"
	. "github.com/kubewright/kubewright/cmd/internal/codegen/helpers/testdata/golden/shapes/dots"
	otherv1 "github.com/kubewright/kubewright/cmd/internal/codegen/helpers/testdata/golden/shapes/other/v1"
)

const size = 3

// Object is an object.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Object struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   Spec
	Status *Status
}

// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// ObjectList keeps its tag apart.
type ObjectList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []Object
}

// +k8s:deepcopy-gen:interfaces=github.com/kubewright/kubewright/cmd/internal/codegen/helpers/testdata/golden/shapes.Shape
// +k8s:deepcopy-gen:nonpointer-interfaces=true
type Circle struct {
	Radius *int
}

func (Circle) Area() int { return 1 }

type Shape interface {
	Area() int
	DeepCopyShape() Shape
}

type (
	Text   string
	Texts  []Text
	ByText map[Text]*Texts
	Same   = ByText
	Maybe  *Spec
)

type Spec struct {
	Bool   bool
	Number *int64
	Bytes  []byte
	Array  [size]Text
	Twice  **string
	Lists  [][]map[string][]*Text
	By     ByText
	Same   Same
	Alias  []Same
	Shape  Shape
	Shapes []Shape
	Raw    runtime.RawExtension
	Any    runtime.Object
	Nested map[string]map[string]Nested
	Pod    corev1.PodSpec
	Pods   []corev1.Pod
	CPU    resource.Quantity
	Limits corev1.ResourceList
	Port   *intstr.IntOrString
	When   metav1.Time
	Wait   *metav1.Duration
	Names  sets.Set[string]
	Box    Box[string]
	Point  struct{ X, Y int }
	Points []struct{ X, Y int }
	Self   *Spec
	Custom Custom
	Other  otherv1.Thing
	Others []anotherv1.Thing
	Dotted *Dotted
}

type Status struct {
	*Spec
	Nested
	private []string
}

type Nested struct{ Text }

// Custom copies itself.
type Custom struct{ values []int }

func (c Custom) DeepCopy() Custom { return c }

// Box copies itself.
//
// +k8s:deepcopy-gen=false
type Box[T any] struct{ Values []T }

func (in *Box[T]) DeepCopyInto(out *Box[T]) { *out = *in }

// +k8s:deepcopy-gen=false
type Left struct{ Out []string }

type unexported struct{ out []string }
