package rest

import (
	"encoding/json"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
	"k8s.io/apimachinery/pkg/types"
)

// identity is what can be read of the metadata of an object, however wrong the rest of the object is.
type identity struct {
	namespace, name string
	uid             types.UID
	version         string
}

// maxIdentityBytes is more than any name, UID or resourceVersion has. What is longer is none, and is left out.
const maxIdentityBytes = 1 << 10

func newIdentity(namespace, name, uid, version string) identity {
	for _, s := range []*string{&namespace, &name, &uid, &version} {
		if len(*s) > maxIdentityBytes {
			*s = ""
		}
	}
	return identity{namespace: namespace, name: name, uid: types.UID(uid), version: version}
}

// jsonIdentity reads the identity of an object in JSON.
func jsonIdentity(object []byte) identity {
	metadata := jsonFields(jsonFields(object)["metadata"])
	return newIdentity(jsonString(metadata["namespace"]), jsonString(metadata["name"]), jsonString(metadata["uid"]), jsonString(metadata["resourceVersion"]))
}

// jsonFields returns the fields of an object; none if data is no object.
func jsonFields(data []byte) map[string]json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return nil
	}
	return fields
}

// jsonString returns the string that data is; nothing if it is none.
func jsonString(data []byte) string {
	var s string
	if json.Unmarshal(data, &s) != nil {
		return ""
	}
	return s
}

// cborIdentity is jsonIdentity for CBOR.
func cborIdentity(object []byte) identity {
	var fields map[string]any
	if direct.Unmarshal(object, &fields) != nil {
		return identity{}
	}
	metadata, _ := fields["metadata"].(map[string]any)
	text := func(field string) string {
		s, _ := metadata[field].(string)
		return s
	}
	return newIdentity(text("namespace"), text("name"), text("uid"), text("resourceVersion"))
}

// protobufIdentity reads the identity of an object that stands in a protobuf list.
func protobufIdentity(object []byte) identity {
	var o metav1.PartialObjectMetadata // which has its metadata where all objects have them
	_ = o.Unmarshal(object)            // an error leaves what comes before it
	return newIdentity(o.Namespace, o.Name, string(o.UID), o.ResourceVersion)
}

// envelopedIdentity reads the identity of an object that stands alone, in protobuf.
func envelopedIdentity(data []byte) identity {
	const prefix = 4 // which says that the rest is a runtime.Unknown
	var envelope runtime.Unknown
	if len(data) < prefix || envelope.Unmarshal(data[prefix:]) != nil {
		return identity{}
	}
	return protobufIdentity(envelope.Raw)
}
