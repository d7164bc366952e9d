package bench

import (
	"bytes"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/streaming"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/utils/ptr"
)

// TestObjectWire compares what the object server sends with what the encoders of apimachinery, and so an API server, write.
func TestObjectWire(t *testing.T) {
	pods := clusterPods(3)
	for _, encoding := range encodings {
		t.Run(encoding.name, func(t *testing.T) {
			wire := objectWires[encoding.mediaType]("Pod")
			list := &corev1.PodList{ListMeta: metav1.ListMeta{ResourceVersion: "5", Continue: "c", RemainingItemCount: ptr.To[int64](7)}}
			var items [][]byte
			for _, pod := range pods {
				item, err := wire.item(pod)
				if err != nil {
					t.Fatal(err)
				}
				items = append(items, item)
				list.Items = append(list.Items, *pod)
			}

			var got bytes.Buffer
			if err := wire.writeList(&got, list.ListMeta, items); err != nil {
				t.Fatal(err)
			}
			want, err := runtime.Encode(encoderFor(encoding.mediaType), list)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("list:\n%q\nwant:\n%q", &got, want)
			}

			object, err := runtime.Encode(encoderFor(encoding.mediaType), pods[1])
			if err != nil {
				t.Fatal(err)
			}
			event, err := wire.event(watch.Modified, items[1])
			if err != nil {
				t.Fatal(err)
			}
			info := serializerFor(encoding.mediaType).StreamSerializer
			var frame bytes.Buffer
			encoder := streaming.NewEncoder(info.Framer.NewFrameWriter(&frame), serializers().EncoderForVersion(info.Serializer, metav1.Unversioned))
			if err := encoder.Encode(&metav1.WatchEvent{Type: string(watch.Modified), Object: runtime.RawExtension{Raw: object}}); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(event, frame.Bytes()) {
				t.Errorf("event:\n%q\nwant:\n%q", event, &frame)
			}
		})
	}
}

// TestPodsAreRealistic holds the size of the pods to what DESIGN.md, section 7, speaks of.
func TestPodsAreRealistic(t *testing.T) {
	pods := clusterPods(2 * replicas)
	for mediaType, want := range map[string]int{runtime.ContentTypeJSON: 9000, runtime.ContentTypeProtobuf: 5500} {
		size := 0
		for _, pod := range pods {
			item, err := objectWires[mediaType]("Pod").item(pod)
			if err != nil {
				t.Fatal(err)
			}
			size += len(item)
		}
		if mean := size / len(pods); mean < want*9/10 || mean > want*11/10 {
			t.Errorf("a pod has %d bytes as %s, want about %d", mean, mediaType, want)
		}
	}
}
