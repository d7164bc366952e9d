package bench

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
)

// objectWire puts answers together from objects that were encoded once, so that an answer costs the server hardly more than its
// bytes. What comes out is what an API server sends (TestObjectWire).
type objectWire interface {
	// watchType is the content type of a watch.
	watchType() string
	// item encodes an object as it is within a list.
	item(object servedObject) ([]byte, error)
	// writeList writes a list of items.
	writeList(w io.Writer, meta metav1.ListMeta, items [][]byte) error
	// event returns an event of a watch, with its frame.
	event(eventType watch.EventType, item []byte) ([]byte, error)
}

// objectWires make the objectWire of a kind, by media type.
var objectWires = map[string]func(kind string) objectWire{
	runtime.ContentTypeJSON:     func(kind string) objectWire { return jsonObjects{kind} },
	runtime.ContentTypeProtobuf: func(kind string) objectWire { return protobufObjects{kind} },
}

type jsonObjects struct{ kind string }

func (jsonObjects) watchType() string { return runtime.ContentTypeJSON }

func (jsonObjects) item(object servedObject) ([]byte, error) { return json.Marshal(object) }

func (j jsonObjects) writeList(w io.Writer, meta metav1.ListMeta, items [][]byte) error {
	head, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	parts := [][]byte{[]byte(`{"kind":"` + j.kind + `List","apiVersion":"v1","metadata":`), head, []byte(`,"items":[`)}
	for i, item := range items {
		if i > 0 {
			parts = append(parts, []byte(","))
		}
		parts = append(parts, item)
	}
	return writeAll(w, append(parts, []byte("]}\n"))...)
}

func (j jsonObjects) event(eventType watch.EventType, item []byte) ([]byte, error) {
	return bytes.Join([][]byte{
		[]byte(`{"type":"`), []byte(eventType), []byte(`","object":{"kind":"` + j.kind + `","apiVersion":"v1",`), item[1:], []byte("}\n"),
	}, nil), nil
}

// protobufObjects wraps objects in a runtime.Unknown, as all Kubernetes does.
type protobufObjects struct{ kind string }

func (protobufObjects) watchType() string { return runtime.ContentTypeProtobuf + ";stream=watch" }

func (protobufObjects) item(object servedObject) ([]byte, error) { return object.Marshal() }

func (p protobufObjects) writeList(w io.Writer, meta metav1.ListMeta, items [][]byte) error {
	head, err := meta.Marshal()
	if err != nil {
		return err
	}
	parts := [][]byte{fieldHead(1, len(head)), head}
	for _, item := range items {
		parts = append(parts, fieldHead(2, len(item)), item)
	}
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	before, after, err := unknown(p.kind+"List", size)
	if err != nil {
		return err
	}
	if err := writeAll(w, before); err != nil {
		return err
	}
	return writeAll(w, append(parts, after)...)
}

func (p protobufObjects) event(eventType watch.EventType, item []byte) ([]byte, error) {
	before, after, err := unknown(p.kind, len(item))
	if err != nil {
		return nil, err
	}
	event := metav1.WatchEvent{Type: string(eventType), Object: runtime.RawExtension{Raw: bytes.Join([][]byte{before, item, after}, nil)}}
	body, err := event.Marshal()
	if err != nil {
		return nil, err
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...), nil
}

// unknown returns what stands before and after the size bytes of an object.
func unknown(kind string, size int) (before, after []byte, err error) {
	typeMeta, err := (&runtime.TypeMeta{APIVersion: "v1", Kind: kind}).Marshal()
	if err != nil {
		return nil, nil, err
	}
	before = bytes.Join([][]byte{[]byte("k8s\x00"), fieldHead(1, len(typeMeta)), typeMeta, fieldHead(2, size)}, nil)
	return before, append(fieldHead(3, 0), fieldHead(4, 0)...), nil // no encoding, no type of the content
}

// fieldHead is what stands before the size bytes of a field.
func fieldHead(number protowire.Number, size int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, number, protowire.BytesType), uint64(size))
}

func writeAll(w io.Writer, parts ...[]byte) error {
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}
