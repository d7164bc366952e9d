package codec

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// List writes a list of objects of the storage to w as rep says. An error before the first byte is the client's, which must be told of it; a later one is
// that of w.
func (c *Codec) List(w io.Writer, rep Representation, t kind.Target, list metav1.ListMeta, items []kind.Object, include metav1.IncludeObjectPolicy) error {
	listKind := t.Resource.GroupVersionKind(t.Version).GroupVersion().WithKind(t.Resource.ListKind)
	item := func(media Media, obj kind.Object) ([]byte, error) { return c.bare(media, t, obj) }
	switch rep.As {
	case AsPartialMetadata:
		return notAcceptable("you requested PartialObjectMetadata, but the requested object is a list (*%s)", internalType(t.Resource.Group, t.Resource.ListKind))
	case AsPartialList:
		listKind = metaKind(rep.Version, string(AsPartialList))
		item = func(media Media, obj kind.Object) ([]byte, error) { return c.partial(media, rep.Version, t, obj) }
		if rep.Media == Protobuf {
			item = func(_ Media, obj kind.Object) ([]byte, error) {
				return c.marshal(Protobuf, meta.AsPartialObjectMetadata(obj))
			}
		}
	case AsTable:
		table, err := c.table(rep, t, items, include, true)
		if err != nil {
			return err
		}
		table.ListMeta = list
		data, err := c.finish(rep, func(media Media) ([]byte, error) { return c.other(media, table) })
		return write(w, data, err)
	}
	if rep.Media == CBOR {
		data, err := c.listCBOR(rep, t, listKind, list, items)
		return write(w, data, err)
	}
	if rep.Media == Protobuf {
		return c.listProtobuf(w, listKind, list, items, item)
	}
	if rep.Media == JSON && !rep.Pretty {
		return c.listJSON(w, t.Resource.Custom && rep.As == AsItself, listKind, list, items, item)
	}
	data, err := c.finish(rep, func(Media) ([]byte, error) {
		var out writer
		err := c.listJSON(&out, t.Resource.Custom && rep.As == AsItself, listKind, list, items, item)
		return out, err
	})
	return write(w, data, err)
}

func write(w io.Writer, data []byte, err error) error {
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// writer is a slice that is written to.
type writer []byte

func (w *writer) Write(p []byte) (int, error) {
	*w = append(*w, p...)
	return len(p), nil
}

// listJSON writes items one after the other, from the cache if they are there. Lists of custom objects have their fields sorted.
func (c *Codec) listJSON(w io.Writer, custom bool, gvk schema.GroupVersionKind, list metav1.ListMeta, items []kind.Object, item func(Media, kind.Object) ([]byte, error)) error {
	head, tail, err := listFrame(custom, gvk, list)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 32<<10)
	separator := head
	for _, obj := range items {
		data, err := item(JSON, obj)
		if err != nil {
			return err
		}
		if _, err := out.Write(separator); err != nil {
			return err
		}
		if _, err := out.Write(data); err != nil {
			return err
		}
		separator = []byte{','}
	}
	if len(items) == 0 {
		tail = slices.Concat(head, tail)
	}
	if _, err := out.Write(tail); err != nil {
		return err
	}
	return out.Flush()
}

// listFrame returns what comes before and behind the items of a list.
func listFrame(custom bool, gvk schema.GroupVersionKind, list metav1.ListMeta) (head, tail []byte, err error) {
	if custom {
		head = fmt.Appendf(nil, `{"apiVersion":%q,"items":[`, gvk.GroupVersion())
		tail, err = json.Marshal(customList{Kind: gvk.Kind, Metadata: customListMeta{list.Continue, list.RemainingItemCount, list.ResourceVersion}})
		if err != nil {
			return nil, nil, err
		}
		return head, slices.Concat([]byte(`],`), tail[1:], []byte{'\n'}), nil
	}
	metadata, err := json.Marshal(list)
	if err != nil {
		return nil, nil, err
	}
	head = withKind(gvk, fmt.Appendf(nil, `{"metadata":%s,"items":[`, metadata))
	return head, []byte("]}\n"), nil
}

// customList is what comes behind the items of a list of custom objects.
type customList struct {
	Kind     string         `json:"kind"`
	Metadata customListMeta `json:"metadata"`
}

type customListMeta struct {
	Continue           string `json:"continue"`
	RemainingItemCount *int64 `json:"remainingItemCount,omitempty"`
	ResourceVersion    string `json:"resourceVersion"`
}

// The fields that every list of k8s.io/api and metav1 has.
const (
	listMetadataTag = 1<<3 | 2 // field 1, bytes
	listItemsTag    = 2<<3 | 2
)

// listProtobuf builds the message of a list from those of its items.
func (c *Codec) listProtobuf(w io.Writer, gvk schema.GroupVersionKind, list metav1.ListMeta, items []kind.Object, item func(Media, kind.Object) ([]byte, error)) error {
	metadata, err := list.Marshal()
	if err != nil {
		return err
	}
	raw := append([]byte{listMetadataTag}, binary.AppendUvarint(nil, uint64(len(metadata)))...)
	raw = append(raw, metadata...)
	for _, obj := range items {
		data, err := item(Protobuf, obj)
		if err != nil {
			return err
		}
		raw = append(raw, listItemsTag)
		raw = binary.AppendUvarint(raw, uint64(len(data)))
		raw = append(raw, data...)
	}
	data, err := envelope(gvk, raw)
	return write(w, data, err)
}

// listCBOR builds the list as an object: few ask for it.
func (c *Codec) listCBOR(rep Representation, t kind.Target, gvk schema.GroupVersionKind, list metav1.ListMeta, items []kind.Object) ([]byte, error) {
	if rep.As == AsPartialList {
		out := &metav1.PartialObjectMetadataList{ListMeta: list}
		out.SetGroupVersionKind(gvk)
		for _, obj := range items {
			one := meta.AsPartialObjectMetadata(obj)
			one.SetGroupVersionKind(metaKind(rep.Version, string(AsPartialMetadata)))
			out.Items = append(out.Items, *one)
		}
		return c.marshal(CBOR, out)
	}
	out := t.Version.NewList()
	objects := make([]runtime.Object, 0, len(items))
	for _, obj := range items {
		converted, err := Convert(obj, t.Version, t.Resource)
		if err != nil {
			return nil, err
		}
		own := schema.GroupVersionKind{}
		if t.Resource.Custom {
			own = t.Resource.GroupVersionKind(t.Version)
		}
		objects = append(objects, stamped(converted, own))
	}
	if err := meta.SetList(out, objects); err != nil {
		return nil, err
	}
	out.GetObjectKind().SetGroupVersionKind(gvk)
	accessor, err := meta.ListAccessor(out)
	if err != nil {
		return nil, err
	}
	accessor.SetResourceVersion(list.ResourceVersion)
	accessor.SetContinue(list.Continue)
	accessor.SetRemainingItemCount(list.RemainingItemCount)
	if u, ok := out.(*unstructured.UnstructuredList); ok {
		return c.marshal(CBOR, &unstructured.Unstructured{Object: u.UnstructuredContent()})
	}
	return c.marshal(CBOR, out)
}
