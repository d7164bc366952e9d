package frame

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/serializer/cbor"
)

func TestCBORStreamOfOtherThings(t *testing.T) {
	for name, in := range map[string]string{
		"break outside":                 "\xff",
		"reserved head":                 "\x1c",
		"integer without length":        "\x1f",
		"tag without length":            "\xdf",
		"break in a list of fixed size": "\x82\x01\xff",
		"break between key and value":   "\xbf\x01\xff",
		"chunk of another type":         "\x7f\x41x\xff",
		"chunk of chunks":               "\x7f\x7f\x61x\xff\xff",
		"too deep":                      strings.Repeat("\x81", maxCBORDepth+1) + "\x00",
	} {
		if _, err := all(NewCBOR(strings.NewReader(in), 1<<20)); !errors.Is(err, ErrNotCBOR) {
			t.Errorf("%s: error %v, want ErrNotCBOR", name, err)
		}
	}
	deep := strings.Repeat("\x81", maxCBORDepth) + "\x00"
	if got, err := all(NewCBOR(strings.NewReader(deep), 1<<20)); !slices.Equal(got, []string{deep}) || !errors.Is(err, io.EOF) {
		t.Errorf("%d levels: error %v", maxCBORDepth, err)
	}
}

func TestClaimedCBORSizeIsRefusedAtOnce(t *testing.T) {
	for name, in := range map[string]string{
		"text":           "\x7b\x00\x00\x00\x00\x7f\xff\xff\xff",
		"text, overflow": "\x82\x61x\x7b\xff\xff\xff\xff\xff\xff\xff\xff",
		"map, overflow":  "\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
	} {
		r := &cborReader{buf: buffer{source: strings.NewReader(in), max: 1 << 20}}
		if _, err := r.Next(); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: error %v, want ErrTooLarge", name, err)
		}
		if n := len(r.buf.data); n > initialBuffer {
			t.Errorf("%s: the buffer has %d bytes", name, n)
		}
	}
	// As many values as that cannot be refused by their number, but none of them is there.
	if _, err := NewCBOR(strings.NewReader("\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"), 1<<20).Next(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("list: error %v, want io.ErrUnexpectedEOF", err)
	}
}

// FuzzCBOR holds the reader against apimachinery's: where that finds values, the frames are the same, however the stream is
// split.
func FuzzCBOR(f *testing.F) {
	f.Add([]byte(strings.Join(cborFrames, "")), 7)
	f.Add([]byte("\xbf\x61a\x01\xff\xff"), 2)
	f.Add([]byte("\x9f\x7f\x60\xff\xff\x1b"), 3)
	f.Add([]byte("\x5f\x41\x00\x40\xff"), 1)
	f.Fuzz(func(t *testing.T, stream []byte, split int) {
		if split < 0 || split > len(stream) {
			split = 0
		}
		got, err := all(NewCBOR(&chunks{parts: [][]byte{bytes.Clone(stream[:split]), bytes.Clone(stream[split:])}, err: io.EOF}, 1<<20))
		whole, wholeErr := all(NewCBOR(bytes.NewReader(stream), 1<<20))
		if !slices.Equal(got, whole) || !errors.Is(err, wholeErr) {
			t.Fatalf("frames %q and error %v in two parts, %q and %v in one", got, err, whole, wholeErr)
		}
		if joined := strings.Join(got, ""); !strings.HasPrefix(string(stream), joined) || errors.Is(err, io.EOF) && len(joined) != len(stream) {
			t.Fatalf("frames %q are not the stream %q", got, stream)
		}
		r := cbor.NewFramer().NewFrameReader(io.NopCloser(bytes.NewReader(stream)))
		buf := make([]byte, len(stream)+1)
		for i := 0; ; i++ {
			n, err := r.Read(buf)
			if err != nil {
				return // it refuses more than we do: what is inside is the decoder's business
			}
			if i >= len(got) || got[i] != string(buf[:n]) {
				t.Fatalf("frames %q, but frame %d is %q", got, i, buf[:n])
			}
		}
	})
}
