package rest

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/internal/redact"
	"github.com/kubewright/kubewright/pkg/internal/text"
	"github.com/kubewright/kubewright/pkg/rest/internal/codec"
	"github.com/kubewright/kubewright/pkg/rest/internal/frame"
)

var (
	errNotDecoded = errors.New("the type of the list leaves it encoded")
	errNoIdentity = errors.New("its metadata has neither a name, a UID nor a resourceVersion")
)

// listFormat is how the items of a list are found and decoded in an answer.
type listFormat struct {
	encoding *itemEncoding
	item     reflect.Type // what an item is decoded into
}

// itemEncoding is an encoding of lists that can be read item by item. It is never changed.
type itemEncoding struct {
	list      func(r io.Reader, max int) frame.List
	unmarshal func(data []byte, into runtime.Object, shared *text.Shared) error
	valid     func(data []byte) bool // in the encoding, be it an object or not
	identity  func(data []byte) identity
}

var jsonItems = &itemEncoding{
	list:      frame.NewJSONList,
	unmarshal: codec.UnmarshalJSON,
	valid:     json.Valid,
	identity:  jsonIdentity,
}

var protobufItems = &itemEncoding{
	list: frame.NewProtobufList,
	unmarshal: func(data []byte, into runtime.Object, shared *text.Shared) error {
		return codec.UnmarshalProtobuf(data, into.(protobufMessage), shared)
	},
	valid:    func([]byte) bool { return true }, // the list says how long an item is
	identity: protobufIdentity,
}

// protobufMessage is implemented by types that have a protobuf representation.
type protobufMessage interface{ Unmarshal(data []byte) error }

// itemFormat returns how to read an answer with the given Content-Type header item by item, if it is a list like list; nil if
// it has to be read whole.
func (c *content) itemFormat(header string, list runtime.Object) *listFormat {
	mediaType, _, err := c.mediaType(header)
	if err != nil {
		return nil
	}
	if decoder, err := c.decoder(header); err != nil || !codec.Plain(decoder) {
		return nil
	}
	switch mediaType {
	case runtime.ContentTypeJSON:
		if _, ok := list.(*unstructured.UnstructuredList); ok {
			return &listFormat{jsonItems, reflect.TypeFor[unstructured.Unstructured]()}
		}
		if _, ok := list.(json.Unmarshaler); ok {
			return nil // it may do anything
		}
		if item, tag := itemsOf(list); item != nil && tag.Get("json") == "items" {
			return &listFormat{jsonItems, item}
		}
	case runtime.ContentTypeProtobuf:
		item, tag := itemsOf(list)
		if item != nil && reflect.PointerTo(item).Implements(reflect.TypeFor[protobufMessage]()) && strings.HasPrefix(tag.Get("protobuf"), "bytes,2,rep,") {
			return &listFormat{protobufItems, item}
		}
	}
	return nil
}

// itemsOf returns the type of a list's items and the tag of the field; nil if they are not objects in a slice.
func itemsOf(list runtime.Object) (reflect.Type, reflect.StructTag) {
	t := reflect.TypeOf(list)
	if t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		return nil, ""
	}
	items, ok := t.Elem().FieldByName("Items")
	if !ok || items.Type.Kind() != reflect.Slice || !reflect.PointerTo(items.Type.Elem()).Implements(reflect.TypeFor[runtime.Object]()) {
		return nil, ""
	}
	return items.Type.Elem(), items.Tag
}

// decode returns the item that data is, or an error if it is not even in the encoding: then nothing around it can be trusted.
func (f *listFormat) decode(data []byte, shared *text.Shared) (ListItem, error) {
	object := reflect.New(f.item).Interface().(runtime.Object)
	err := f.encoding.unmarshal(data, object, shared)
	if err == nil && hasIdentity(object) {
		return ListItem{Object: object, Size: len(data)}, nil
	}
	if err == nil {
		err = errNoIdentity
	} else if err = redact.ValueError(err); !f.encoding.valid(data) {
		return ListItem{}, frame.ErrNotAList
	}
	return ListItem{Size: len(data), Undecodable: undecodable(f.encoding.identity(data), err)}, nil
}

// hasIdentity reports whether an object says which it is, if its type has metadata at all.
func hasIdentity(object runtime.Object) bool {
	o, ok := object.(metav1.Object)
	return !ok || o.GetName() != "" || o.GetUID() != "" || o.GetResourceVersion() != ""
}
