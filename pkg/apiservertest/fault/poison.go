package fault

import (
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/frame"
)

// Poison is a way in which an object is of no use.
type Poison string

const (
	// Undecodable has the name and version of the object, but labels that are a text; in protobuf its metadata is longer
	// than the message.
	Undecodable Poison = "undecodable"
	// Null is no object at all.
	Null Poison = "null"
	// WrongKind has the metadata of the object, but is of a kind that nobody knows.
	WrongKind Poison = "wrong kind"
	// NoMetadata has the kind of the object, and nothing else.
	NoMetadata Poison = "no metadata"
)

// spoil returns what stands for an object in JSON or CBOR.
func (p Poison) spoil(object map[string]any) any {
	metadata, _ := object["metadata"].(map[string]any)
	spoiled := map[string]any{}
	for _, field := range []string{"apiVersion", "kind"} { // which items of lists do not have
		if v, ok := object[field]; ok {
			spoiled[field] = v
		}
	}
	switch p {
	case Null:
		return nil
	case NoMetadata:
	case WrongKind:
		spoiled["apiVersion"], spoiled["kind"], spoiled["metadata"] = "poison.example.com/v1", "Poison", metadata
	case Undecodable:
		kept := map[string]any{"labels": "poison"}
		for _, field := range []string{"namespace", "name", "uid", "resourceVersion"} {
			if v, ok := metadata[field]; ok {
				kept[field] = v
			}
		}
		spoiled["metadata"] = kept
	default:
		panic(fmt.Sprintf("apiservertest: poison %q is not known", string(p)))
	}
	return spoiled
}

// raw returns what stands for an object of a watch.
func (p Poison) raw(media frame.Media, object metav1.PartialObjectMetadata) []byte {
	switch media {
	case frame.Protobuf:
		return p.message(object)
	case frame.CBOR:
		if p == Null {
			return nil
		}
		return append([]byte("\xd9\xd9\xf7"), must(direct.Marshal(p.spoil(asMap(object))))...)
	default:
		return must(json.Marshal(p.spoil(asMap(object))))
	}
}

func asMap(object metav1.PartialObjectMetadata) map[string]any {
	var m map[string]any
	if err := json.Unmarshal(must(json.Marshal(object)), &m); err != nil {
		panic("apiservertest: " + err.Error())
	}
	return m
}

// message returns what stands for an object in protobuf.
func (p Poison) message(object metav1.PartialObjectMetadata) []byte {
	switch p {
	case Null:
		return nil
	case NoMetadata:
		return must(frame.Envelope(object.APIVersion, object.Kind, nil))
	case WrongKind:
		return must(frame.Envelope("poison.example.com/v1", "Poison", must(object.Marshal())))
	case Undecodable:
		const metadata = 1<<3 | 2 // field 1, with a length
		return must(frame.Envelope(object.APIVersion, object.Kind, []byte{metadata, 127, 'p'}))
	}
	panic(fmt.Sprintf("apiservertest: poison %q is not known", string(p)))
}
