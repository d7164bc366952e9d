package frame

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
)

// envelope begins every object in protobuf.
var envelope = []byte("k8s\x00")

// selfDescribed is the CBOR tag that tells CBOR from JSON where either may stand.
var selfDescribed = []byte("\xd9\xd9\xf7")

// Decode returns the event of a frame. Its object is in the media type of the frame.
func Decode(media Media, frame []byte) (metav1.WatchEvent, error) {
	var event metav1.WatchEvent
	var err error
	switch media {
	case Protobuf:
		if len(frame) < 4 {
			return event, fmt.Errorf("frame of %d bytes: the length alone has 4", len(frame))
		}
		err = event.Unmarshal(frame[4:])
	case CBOR:
		err = direct.Unmarshal(frame, &event)
	default:
		err = json.Unmarshal(frame, &event)
	}
	return event, err
}

// Encode returns the frame of an event whose object is in the media type.
func Encode(media Media, event metav1.WatchEvent) ([]byte, error) {
	switch media {
	case Protobuf:
		message, err := event.Marshal()
		if err != nil {
			return nil, err
		}
		return append(binary.BigEndian.AppendUint32(nil, uint32(len(message))), message...), nil
	case CBOR:
		return direct.Marshal(&event)
	default:
		line, err := json.Marshal(event)
		return append(line, '\n'), err
	}
}

// Object returns what identifies an object in a media type: kind, name, uid, version and annotations. The rest is
// ignored, and may or may not be there.
func Object(media Media, object []byte) (*metav1.PartialObjectMetadata, error) {
	var o metav1.PartialObjectMetadata
	var err error
	switch media {
	case Protobuf:
		var u runtime.Unknown
		message, ok := bytes.CutPrefix(object, envelope)
		if !ok {
			return nil, fmt.Errorf("object does not begin with %q", envelope)
		}
		if err := u.Unmarshal(message); err != nil {
			return nil, err
		}
		err = o.Unmarshal(u.Raw)
		o.APIVersion, o.Kind = u.APIVersion, u.Kind
	case CBOR:
		var u unstructured.Unstructured
		if err = direct.Unmarshal(object, &u.Object); err == nil {
			o.TypeMeta = metav1.TypeMeta{APIVersion: u.GetAPIVersion(), Kind: u.GetKind()}
			o.Namespace, o.Name, o.UID = u.GetNamespace(), u.GetName(), u.GetUID()
			o.ResourceVersion, o.Annotations = u.GetResourceVersion(), u.GetAnnotations()
		}
	default:
		err = json.Unmarshal(object, &o)
	}
	return &o, err
}

// Message is an object that has a protobuf form, as all of package metav1 do.
type Message interface {
	runtime.Object
	Marshal() ([]byte, error)
}

// Bytes returns an object with its kind in a media type.
func Bytes(media Media, object Message) ([]byte, error) {
	switch media {
	case Protobuf:
		raw, err := object.Marshal()
		if err != nil {
			return nil, err
		}
		return Envelope(object.GetObjectKind().GroupVersionKind().GroupVersion().String(), object.GetObjectKind().GroupVersionKind().Kind, raw)
	case CBOR:
		raw, err := direct.Marshal(object)
		return append(bytes.Clone(selfDescribed), raw...), err
	default:
		return json.Marshal(object)
	}
}

// Envelope returns a protobuf message of a kind the way it stands for itself.
func Envelope(apiVersion, kind string, raw []byte) ([]byte, error) {
	u := runtime.Unknown{TypeMeta: runtime.TypeMeta{APIVersion: apiVersion, Kind: kind}, Raw: raw}
	message, err := u.Marshal()
	return append(bytes.Clone(envelope), message...), err
}
