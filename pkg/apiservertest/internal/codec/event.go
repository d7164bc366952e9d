package codec

import (
	"encoding/binary"
	"encoding/json"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// Events writes the events of one watch. It is for one goroutine.
type Events struct {
	codec   *Codec
	rep     Representation
	target  kind.Target
	include metav1.IncludeObjectPolicy
	tables  int // written so far: only the first has the columns' definitions
	frame   []byte
}

// Events returns the writer of a watch at t.
func (c *Codec) Events(rep Representation, t kind.Target, include metav1.IncludeObjectPolicy) *Events {
	return &Events{codec: c, rep: rep, target: t, include: include}
}

// Frame returns an event as it goes over the wire: a line of JSON, a protobuf message behind its length, or an item of a CBOR sequence. It is good until
// the next call. Objects are those of the storage, a bookmark's, or a Status.
func (e *Events) Frame(event watch.EventType, obj runtime.Object) ([]byte, error) {
	data, err := e.object(obj)
	if err != nil {
		return nil, err
	}
	switch e.rep.Media {
	case Protobuf:
		message := metav1.WatchEvent{Type: string(event), Object: runtime.RawExtension{Raw: data}}
		raw, err := message.Marshal()
		e.frame = binary.BigEndian.AppendUint32(e.frame[:0], uint32(len(raw)))
		e.frame = append(e.frame, raw...)
		return e.frame, err
	case CBOR:
		return e.codec.marshal(CBOR, &metav1.WatchEvent{Type: string(event), Object: runtime.RawExtension{Raw: data}})
	}
	name, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	e.frame = append(e.frame[:0], `{"type":`...)
	e.frame = append(e.frame, name...)
	e.frame = append(e.frame, `,"object":`...)
	e.frame = append(e.frame, data...)
	e.frame = append(e.frame, "}\n"...)
	return e.frame, nil
}

// object returns the object of an event.
func (e *Events) object(obj runtime.Object) ([]byte, error) {
	own, ok := e.codec.ofResource(e.target, obj)
	switch {
	case !ok:
		return e.codec.other(e.rep.Media, obj)
	case e.rep.As == AsPartialMetadata, e.rep.As == AsPartialList:
		return e.codec.partial(e.rep.Media, e.rep.Version, e.target, own)
	case e.rep.As == AsTable:
		table, err := e.codec.table(e.rep, e.target, []kind.Object{own}, e.include, e.tables == 0)
		if err != nil {
			return nil, err
		}
		e.tables++
		table.ResourceVersion = own.GetResourceVersion()
		return e.codec.other(e.rep.Media, table)
	}
	return e.codec.full(e.rep.Media, e.target, own)
}
