package v1

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	. "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/apply-configurations/apis/shared"
)

// Thing has parts of every sort.
//
//	kind: Thing
//
// +genclient
// +genclient:method=ApplyScale,verb=apply,subresource=scale,input=Scale,result=Scale
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Thing struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec ThingSpec `json:"spec"`
	// +optional
	Status *ThingStatus `json:"status,omitempty"`
}

// ThingSpec is what is wanted.
type ThingSpec struct {
	Inlined          `json:",inline"`
	*InlinedPointer  `json:",inline"`
	Embedded         `json:"embedded"`
	*EmbeddedPointer `json:"embeddedPointer,omitempty"`
	Common           `json:",inline"`

	// Owner hides that of Common.
	Owner string `json:"owner"`

	Text     string                                 `json:"text" protobuf:"bytes,1,opt,name=text"` // +listType=set belongs to no field
	Number   int64                                  `json:"number"`
	Bytes    []byte                                 `json:"bytes,omitempty"`
	Texts    []string                               `json:"texts,omitempty"`
	Pointers []*Part                                `json:"pointers,omitempty"`
	Nested   [][]string                             `json:"nested,omitempty"`
	Slice    *[]string                              `json:"slice,omitempty"`
	Words    Words                                  `json:"words,omitempty"`
	Level    Level                                  `json:"level,omitempty"`
	Alias    Alias                                  `json:"alias,omitempty"`
	Defined  Defined                                `json:"defined,omitempty"`
	Self     *ThingSpec                             `json:"self,omitempty"`
	Tree     []Tree                                 `json:"tree,omitempty"`
	Foreign  *Contact                               `json:"foreign,omitempty"`
	Labels   map[string]string                      `json:"labels,omitempty"`
	Parts    map[Level]Part                         `json:"parts,omitempty"`
	Template corev1.PodTemplateSpec                 `json:"template,omitempty"`
	Limits   corev1.ResourceList                    `json:"limits,omitempty"`
	Port     intstr.IntOrString                     `json:"port,omitempty"`
	Size     *resource.Quantity                     `json:"size,omitempty"`
	Since    metav1.Time                            `json:"since,omitempty"`
	Raw      runtime.RawExtension                   `json:"raw,omitempty"`
	Refs     map[string]corev1.LocalObjectReference `json:"refs,omitempty"`

	// Keyed is told apart by name and protocol.
	//
	// +listType=map
	// +listMapKey=name
	// +listMapKey=protocol
	Keyed []Keyed `json:"keyed,omitempty"`
	// Merged is told apart as strategic merge patches do it.
	//
	// +patchStrategy=merge
	// +patchMergeKey=name
	Merged []Keyed `json:"merged,omitempty" patchStrategy:"merge" patchMergeKey:"name"`
	// +listType=set
	Set []string `json:"set,omitempty"`
	// +listType=atomic
	Atomic []Keyed `json:"atomic,omitempty"`
	// +mapType=atomic
	AtomicMap map[string]string `json:"atomicMap,omitempty"`
	// +structType=atomic
	AtomicPart Part `json:"atomicPart,omitempty"`
	// +kubebuilder:pruning:PreserveUnknownFields
	Open Part `json:"open,omitempty"`

	Hidden string `json:"-"`
	// Untagged has its own name in JSON.
	Untagged string
}

// Inlined has its fields in the place where it stands.
type Inlined struct {
	InlinedText string `json:"inlinedText,omitempty"`
	// Twice is in two inlined structs: the first counts for With methods.
	Twice *string `json:"twice,omitempty"`
}

// InlinedPointer is inlined through a pointer.
type InlinedPointer struct {
	PointerText string `json:"pointerText,omitempty"`
}

// Embedded is a field in JSON, though its fields are promoted in Go.
type Embedded struct {
	EmbeddedTexts []string `json:"embeddedTexts,omitempty"`
	Twice         *string  `json:"twice,omitempty"`
}

// EmbeddedPointer is the same through a pointer.
type EmbeddedPointer struct {
	EmbeddedMap map[string]string `json:"embeddedMap,omitempty"`
}

// Keyed is an element of lists.
//
// +structType=granular
type Keyed struct {
	Name string `json:"name"`
	// +default="TCP"
	Protocol string `json:"protocol,omitempty"`
	// +kubebuilder:default=1
	Weight int32 `json:"weight,omitempty"`
}

// Part is a part.
type Part struct {
	Value string `json:"value"`
}

// Alias is another name for a part, Defined a type like it, and Words has a name for slices.
type (
	Alias   = Part
	Defined Part
	Words   []string
)

// Tree is made of itself.
type Tree struct {
	Name     string          `json:"name"`
	Children map[string]Tree `json:"children,omitempty"`
}

// ThingStatus is a union of one field.
//
// +union
type ThingStatus struct {
	// +unionDiscriminator
	Type string `json:"type"`
	// +optional
	Ready *Empty `json:"ready,omitempty"`
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// Empty has no fields.
type Empty struct{}

// Scale is what a subresource takes.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Scale struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Replicas int32 `json:"replicas"`
}

// ThingList is a list of things.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type ThingList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Thing `json:"items"`
}

// Doc is cluster scoped, has no status, and the name of a file.
//
// +genclient
// +genclient:nonNamespaced
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Doc struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Defaults to a constant.
	//
	// +default=ref(DefaultMode)
	Mode Mode `json:"mode,omitempty"`
}

// Mode is a mode.
type Mode string

// DefaultMode is what a mode is when nobody sets it.
const DefaultMode Mode = "plain"

// DocList is a list of docs.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type DocList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Doc `json:"items"`
}

// ReadOnly cannot be applied.
//
// +genclient
// +genclient:readonly
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type ReadOnly struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}

// ReadOnlyList is a list of read-only objects.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type ReadOnlyList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []ReadOnly `json:"items"`
}
