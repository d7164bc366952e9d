package frame

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
)

var media = []Media{JSON, Protobuf, CBOR}

// stream is frames of ConfigMaps, the data of which is made to look like borders.
func stream(t testing.TB, m Media) [][]byte {
	var frames [][]byte
	for i, name := range []string{"a", "b", "c"} {
		object := &corev1.ConfigMap{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
			ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: name, ResourceVersion: string(rune('1' + i)), Annotations: map[string]string{"k": "v"}},
			Data:       map[string]string{"text": `}]"{[\` + "\n"},
		}
		raw, err := Bytes(m, object)
		if err != nil {
			t.Fatal(err)
		}
		frame, err := Encode(m, metav1.WatchEvent{Type: "ADDED", Object: runtime.RawExtension{Raw: raw}})
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, frame)
	}
	return frames
}

func TestSplitterFindsBordersWhereverWritesEnd(t *testing.T) {
	for _, m := range media {
		want := stream(t, m)
		whole := slices.Concat(want...)
		for size := 1; size <= len(whole); size++ {
			s := NewSplitter(m)
			var got [][]byte
			for chunk := range slices.Chunk(slices.Clone(whole), size) {
				if err := s.Write(chunk, func(frame []byte) error { got = append(got, frame); return nil }); err != nil {
					t.Fatal(err)
				}
			}
			if m == JSON { // the line feed may come with the next write, and then belongs to the next frame
				if !bytes.Equal(slices.Concat(append(got, s.Rest())...), whole) || len(got) != len(want) {
					t.Fatalf("%s in writes of %d bytes: %q and %q", m, size, got, s.Rest())
				}
				continue
			}
			if !slices.EqualFunc(got, want, bytes.Equal) || len(s.Rest()) != 0 {
				t.Fatalf("%s in writes of %d bytes: %q and %q", m, size, got, s.Rest())
			}
		}
	}
}

func TestSplitterKeepsWhatIsIncomplete(t *testing.T) {
	for _, m := range media {
		first := stream(t, m)[0]
		for n := range len(bytes.TrimSpace(first)) {
			s := NewSplitter(m)
			err := s.Write(first[:n], func([]byte) error { return errors.New("incomplete") })
			if err != nil || !bytes.Equal(s.Rest(), first[:n]) {
				t.Fatalf("%s, %d bytes: %v, rest %q", m, n, err, s.Rest())
			}
		}
	}
}

func TestSplitterStopsAtAnError(t *testing.T) {
	calls, failure := 0, errors.New("enough")
	err := NewSplitter(JSON).Write([]byte("{}\n{}\n"), func([]byte) error { calls++; return failure })
	if !errors.Is(err, failure) || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

func TestSplitterUnderstandsCBORThatOthersWrite(t *testing.T) {
	for _, item := range []string{
		"\xbf\x61a\x9f\x01\x02\xff\xff", // an object and an array of indefinite length
		"\xd9\xd9\xf7\xa0",              // a tag
		"\x7f\x61a\x61b\xff",            // a string in pieces
		"\xfb\x00\x00\x00\x00\x00\x00\x00\x00", "\xf6", "\x20",
	} {
		var got []string
		if err := NewSplitter(CBOR).Write([]byte(item+item), func(frame []byte) error { got = append(got, string(frame)); return nil }); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, []string{item, item}) {
			t.Errorf("%q twice: %q", item, got)
		}
	}
}

func TestFrameTellsItsEvent(t *testing.T) {
	for _, m := range media {
		event, err := Decode(m, stream(t, m)[1])
		if err != nil || event.Type != "ADDED" {
			t.Fatalf("%s: %+v, %v", m, event, err)
		}
		o, err := Object(m, event.Object.Raw)
		if err != nil || o.APIVersion != "v1" || o.Kind != "ConfigMap" || o.Namespace != "ns" || o.Name != "b" || o.ResourceVersion != "2" || o.Annotations["k"] != "v" {
			t.Errorf("%s: %+v, %v", m, o, err)
		}
	}
}

func TestOtherClientsReadTheFrames(t *testing.T) {
	for _, m := range media {
		status := &metav1.Status{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Status"}, Code: 410}
		raw, err := Bytes(m, status)
		if err != nil {
			t.Fatal(err)
		}
		var got metav1.Status
		switch m {
		case Protobuf:
			var u runtime.Unknown
			if err = u.Unmarshal(raw[len(envelope):]); err == nil {
				err = got.Unmarshal(u.Raw)
			}
			if u.Kind != "Status" || u.APIVersion != "v1" {
				t.Errorf("kind is %s %s", u.APIVersion, u.Kind)
			}
		case CBOR:
			err = direct.Unmarshal(raw, &got)
		default:
			err = json.Unmarshal(raw, &got)
		}
		if err != nil || got.Code != 410 {
			t.Errorf("%s: %+v, %v", m, got, err)
		}
	}
}

func TestDecodeRefusesWhatIsNoFrame(t *testing.T) {
	for _, m := range media {
		if _, err := Decode(m, []byte("\x00\x01")); err == nil {
			t.Errorf("%s: no error for garbage", m)
		}
		if _, err := Object(m, []byte("\x00\x01")); err == nil {
			t.Errorf("%s: no error for an object of garbage", m)
		}
	}
}

func TestMediaOf(t *testing.T) {
	for contentType, want := range map[string]Media{
		"application/json":                                 JSON,
		"application/json;stream=watch":                    JSON,
		"application/vnd.kubernetes.protobuf;stream=watch": Protobuf,
		"application/cbor-seq":                             CBOR,
		"text/html; charset=utf-8":                         "",
		"":                                                 "",
	} {
		if got, ok := MediaOf(contentType); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", contentType, got, ok)
		}
	}
}

func FuzzSplitter(f *testing.F) {
	for _, m := range media {
		f.Add(string(m), slices.Concat(stream(f, m)...), 7)
	}
	f.Fuzz(func(t *testing.T, m string, whole []byte, size int) {
		s := NewSplitter(Media(m))
		var got []byte
		for chunk := range slices.Chunk(whole, max(1, size)) {
			if err := s.Write(chunk, func(frame []byte) error { got = append(got, frame...); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if got = append(got, s.Rest()...); !bytes.Equal(got, whole) {
			t.Errorf("%q became %q", whole, got)
		}
	})
}
