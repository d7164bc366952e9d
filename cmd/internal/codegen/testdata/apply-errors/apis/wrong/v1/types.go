// Package v1 has fields that no apply configuration can have.
//
// +groupName=wrong.example.com
package v1

import (
	"example.com/go-unclear"
	yaml "example.com/not/there"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// +genclient
// +genclient:onlyVerbs=apply
type Wrong struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Any       any                    `json:"any"`
	Interface runtime.Object         `json:"interface"`
	InMap     map[string]interface{} `json:"inMap"`
	Generic   Box[string]            `json:"generic"`
	Nameless  struct{ A string }     `json:"nameless"`
	Complex   complex128             `json:"complex"`
	Func      func()                 `json:"func"`
	Private   private                `json:"private"`
	Privates  []private              `json:"privates"`
	Word      word                   `json:"word"`
	Unknown   Unknwon                `json:"unknown"`
	Missing   yaml.Node              `json:"missing"`
	Unclear   unclear.Type           `json:"unclear"`
	NotThere  metav1.NoSuchType      `json:"notThere"`
	Loop      Loop                   `json:"loop"`
	Length    [2]string              `json:"length"`
	Quoted    int64                  `json:"quoted,string"`
	Named     Part                   `json:",inline"`
	WithPart  string                 `json:"withPart"`
	Part      Part                   `json:"part"`
	// +listType=list
	Listed []string `json:"listed"`
	// +listType=map
	Keyless []Part `json:"keyless"`
	// +listType=map
	// +listMapKey=nmae
	Misspelled []Part `json:"misspelled"`
	// +listType=map
	// +listMapKey=name
	Scalars []string `json:"scalars"`
	// +listMapKey=name
	Alone []Part `json:"alone"`
	// +mapType=whole
	Whole map[string]string `json:"whole"`
	// Opaque parts of other packages are no problem.
	Lower part `json:"-"`
	Twin  PArt `json:"twin"`

	Endless Endless `json:"endless"`
}

type Box[T any] struct {
	Value T `json:"value"`
}

type private struct {
	A string `json:"a"`
}

type word string

type Loop []Loop

type Part struct {
	Name string `json:"name"`
}

// PArt has the file of Part.
type PArt struct {
	Name string `json:"name"`
}

func (*Wrong) DeepCopyObject() runtime.Object { return nil }

// Endless is made of itself.
type Endless struct {
	*Endless `json:",inline"`
	Value    string `json:"value"`
}
