package codec

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	sigsjson "sigs.k8s.io/json"

	"github.com/kubewright/kubewright/pkg/internal/fastjson"
)

// Plain reports whether all that d does with a list's items is to decode each into a Go value, as UnmarshalJSON does, or the
// Unmarshal of a protobuf message. A decoder that converts, sets defaults or refuses unknown fields does more, and one that
// is not known may.
func Plain(d runtime.Decoder) bool {
	if w, ok := d.(runtime.WithoutVersionDecoder); ok {
		d = w.Decoder
	}
	switch s := d.(type) {
	case *jsonSerializer, *protobufSerializer, *protobuf.Serializer:
		return true
	case *json.Serializer:
		return !s.IsStrict()
	}
	return d == runtime.Decoder(unstructured.UnstructuredJSONScheme)
}

// UnmarshalJSON decodes data into obj, which is empty, as the JSON decoder of apimachinery decodes an item of a list. Nothing
// in obj refers to data afterwards, nor to memory of another object.
func UnmarshalJSON(data []byte, obj runtime.Object) error {
	u, ok := obj.(*unstructured.Unstructured)
	if !ok {
		if fastjson.Unmarshal(data, obj) {
			return nil
		}
		return sigsjson.UnmarshalCaseSensitivePreserveInts(data, obj)
	}
	var content any
	if fastjson.Unmarshal(data, &content) {
		if u.Object, ok = content.(map[string]any); ok {
			return nil
		}
	}
	return sigsjson.UnmarshalCaseSensitivePreserveInts(data, &u.Object)
}
