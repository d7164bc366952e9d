package frame

import (
	"bytes"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// FuzzProtobufEvent checks that an event that is taken apart is what its Unmarshal finds.
func FuzzProtobufEvent(f *testing.F) {
	usual, err := (&metav1.WatchEvent{Type: "ADDED", Object: runtime.RawExtension{Raw: []byte("object")}}).Marshal()
	if err != nil {
		f.Fatal(err)
	}
	if typ, object, ok := ProtobufEvent(usual); !ok || string(typ) != "ADDED" || string(object) != "object" {
		f.Errorf("the usual event is %q %q %v", typ, object, ok)
	}
	f.Add(usual)
	f.Add(append(bytes.Clone(usual), usual...))
	f.Add(usual[:len(usual)-1])
	f.Add([]byte{})
	f.Add([]byte{2<<3 | 2, 2, 1<<3 | 2, 0})
	f.Fuzz(func(t *testing.T, frame []byte) {
		typ, object, ok := ProtobufEvent(frame)
		if !ok {
			return
		}
		var want metav1.WatchEvent
		if err := want.Unmarshal(frame); err != nil || want.Type != string(typ) || !bytes.Equal(want.Object.Raw, object) {
			t.Errorf("%q: type %q, object %q; Unmarshal finds %+v, %v", frame, typ, object, want, err)
		}
	})
}
