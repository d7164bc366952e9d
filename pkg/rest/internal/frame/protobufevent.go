package frame

import "google.golang.org/protobuf/encoding/protowire"

// ProtobufEvent takes a protobuf metav1.WatchEvent apart without a copy: eventType and object are parts of frame. ok is false
// for one that is not as usual, with a type and a raw object once each and nothing else.
func ProtobufEvent(frame []byte) (eventType, object []byte, ok bool) {
	const typeField, objectField, rawField = 1, 2, 1
	eventType, rest, ok := bytesField(frame, typeField)
	if !ok {
		return nil, nil, false
	}
	extension, rest, ok := bytesField(rest, objectField)
	if !ok || len(rest) > 0 {
		return nil, nil, false
	}
	object, rest, ok = bytesField(extension, rawField)
	return eventType, object, ok && len(rest) == 0
}

// bytesField takes the field that message begins with, which must have this number and be a string, bytes or a message.
func bytesField(message []byte, number protowire.Number) (value, rest []byte, ok bool) {
	got, wire, n := protowire.ConsumeTag(message)
	if n < 0 || got != number || wire != protowire.BytesType {
		return nil, nil, false
	}
	value, size := protowire.ConsumeBytes(message[n:])
	if size < 0 {
		return nil, nil, false
	}
	return value, message[n+size:], true
}
