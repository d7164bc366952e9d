package codec

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	sigsjson "sigs.k8s.io/json"

	"github.com/kubewright/kubewright/pkg/internal/fastjson"
	"github.com/kubewright/kubewright/pkg/internal/fastproto"
	"github.com/kubewright/kubewright/pkg/internal/text"
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
// in obj refers to data afterwards, nor to memory of another object but for strings that shared has.
func UnmarshalJSON(data []byte, obj runtime.Object, shared *text.Shared) error {
	u, ok := obj.(*unstructured.Unstructured)
	if !ok {
		if fastjson.Unmarshal(data, obj, shared) {
			return nil
		}
		return sigsjson.UnmarshalCaseSensitivePreserveInts(data, obj)
	}
	var content any
	if fastjson.Unmarshal(data, &content, shared) {
		if u.Object, ok = content.(map[string]any); ok {
			return nil
		}
	}
	return sigsjson.UnmarshalCaseSensitivePreserveInts(data, &u.Object)
}

// UnmarshalProtobuf decodes data into m, which is empty, as its own Unmarshal does. Nothing in m refers to data afterwards, nor
// to memory of another object but for strings that shared has.
func UnmarshalProtobuf(data []byte, m fastproto.Message, shared *text.Shared) error {
	if fastproto.Unmarshal(data, m, shared) {
		return nil
	}
	return m.Unmarshal(data)
}
