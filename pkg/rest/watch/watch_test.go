package watch

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/streaming"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

type codec struct {
	runtime.SerializerInfo
	codecs serializer.CodecFactory
}

func newCodec(t *testing.T, mediaType string) codec {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	codecs := serializer.NewCodecFactory(scheme)
	info, ok := runtime.SerializerInfoForMediaType(codecs.SupportedMediaTypes(), mediaType)
	if !ok {
		t.Fatalf("no serializer for %s", mediaType)
	}
	return codec{info, codecs}
}

func (c codec) decoder(r io.ReadCloser) *Decoder {
	return NewDecoder(streaming.NewDecoder(c.StreamSerializer.Framer.NewFrameReader(r), c.StreamSerializer.Serializer), c.codecs.UniversalDeserializer())
}

func (c codec) encoder(w io.Writer) *Encoder {
	return NewEncoder(streaming.NewEncoder(c.StreamSerializer.Framer.NewFrameWriter(w), c.StreamSerializer.Serializer),
		c.codecs.EncoderForVersion(c.Serializer, corev1.SchemeGroupVersion))
}

func TestEventsComeBackAsTheyWere(t *testing.T) {
	for _, mediaType := range []string{runtime.ContentTypeJSON, runtime.ContentTypeProtobuf} {
		t.Run(mediaType, func(t *testing.T) {
			c := newCodec(t, mediaType)
			var stream bytes.Buffer
			e := c.encoder(&stream)
			var sent []watch.Event
			for _, typ := range []watch.EventType{watch.Added, watch.Modified, watch.Deleted, watch.Bookmark, watch.Error} {
				pod := &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: metav1.ObjectMeta{Name: "p"}}
				sent = append(sent, watch.Event{Type: typ, Object: pod})
				if err := e.Encode(&sent[len(sent)-1]); err != nil {
					t.Fatal(err)
				}
			}
			d := c.decoder(io.NopCloser(&stream))
			for _, want := range sent {
				typ, obj, err := d.Decode()
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(want, watch.Event{Type: typ, Object: obj}); d != "" {
					t.Errorf("(-want +got):\n%s", d)
				}
			}
			if _, _, err := d.Decode(); !errors.Is(err, io.EOF) {
				t.Errorf("error %v at the end, want io.EOF", err)
			}
		})
	}
}

func TestWhatIsNoEventIsAnError(t *testing.T) {
	c := newCodec(t, runtime.ContentTypeJSON)
	for stream, want := range map[string]string{
		`{"type":"RENAMED","object":{"kind":"Pod","apiVersion":"v1"}}`:   `unknown type "RENAMED"`,
		`{"type":"ADDED","object":{"kind":"Nothing","apiVersion":"v1"}}`: `object of a watch event of type ADDED`,
		`{"type":"ADDED"`: `EOF`,
	} {
		if _, _, err := c.decoder(io.NopCloser(strings.NewReader(stream))).Decode(); err == nil || !strings.Contains(canary.Err(t, err).Error(), want) {
			t.Errorf("%s: error %v, want one with %q", stream, err, want)
		}
	}
	if err := c.encoder(io.Discard).Encode(&watch.Event{Type: watch.Added, Object: &unknown{}}); err == nil || !strings.Contains(canary.Err(t, err).Error(), "type ADDED") {
		t.Errorf("error %v of an object that cannot be encoded", err)
	}
}

type unknown struct{ corev1.Pod }

type closer struct {
	io.Reader
	closed *bool
}

func (c closer) Close() error { *c.closed = true; return nil }

func TestCloseClosesTheStream(t *testing.T) {
	closed := false
	newCodec(t, runtime.ContentTypeJSON).decoder(closer{strings.NewReader(""), &closed}).Close()
	if !closed {
		t.Error("the stream is still open")
	}
}
