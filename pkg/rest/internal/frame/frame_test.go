package frame

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// chunks returns its parts one per Read, then err.
type chunks struct {
	parts [][]byte
	err   error
}

func (c *chunks) Read(p []byte) (int, error) {
	for len(c.parts) > 0 && len(c.parts[0]) == 0 {
		c.parts = c.parts[1:]
	}
	if len(c.parts) == 0 {
		return 0, c.err
	}
	n := copy(p, c.parts[0])
	c.parts[0] = c.parts[0][n:]
	return n, nil
}

func all(r Reader) (frames []string, err error) {
	for {
		f, err := r.Next()
		if err != nil {
			if f, again := r.Next(); f != nil || !errors.Is(again, err) {
				return frames, errors.New("the error is not final")
			}
			return frames, err
		}
		frames = append(frames, string(f))
	}
}

func prefixed(frames ...string) []byte {
	var b bytes.Buffer
	for _, f := range frames {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(f)))
		b.WriteString(f)
	}
	return b.Bytes()
}

var (
	jsonFrames = []string{
		`{}`,
		`{"type":"ADDED","object":{"a":[1,{"b":"}]{["}],"c":"\"\\","d":"\\\\\""}}`,
		`{"unicode":"\u007d é 日本"}`,
	}
	jsonStream  = []byte(" \n" + strings.Join(jsonFrames, "\n") + "\r\n\t")
	protoFrames = []string{"first", "", "\x00\x00\x00\x05 {\"", strings.Repeat("x", 300)}
)

// cborFrames have each kind of head.
var cborFrames = []string{
	"\x00", // 0
	"\xa1\x61a\x83\x01\x39\x01\xf3\x42\x00\xff", // {"a": [1, -500, h'00ff']}
	"\xa0", "\x80", "\x60", "\x40", // {}, [], "", h''
	"\xbf\x61k\x9f\x01\xf6\xff\x61l\x7f\x61x\x61y\xff\xff", // {_ "k": [_ 1, null], "l": (_ "x", "y")}
	"\xc1\x1a\x51\x4b\x67\xb0",                             // 1(1363896240)
	"\xfb\x3f\xf1\x99\x99\x99\x99\x99\x9a",                 // 1.1
	"\x79\x01\x2c" + strings.Repeat("x", 300),              // a text of 300 bytes
}

type kind struct {
	name   string
	new    func(io.Reader, int) Reader
	stream []byte
	want   []string
}

func kinds() []kind {
	return []kind{
		{"JSON", NewJSON, jsonStream, jsonFrames},
		{"LengthPrefixed", NewLengthPrefixed, prefixed(protoFrames...), protoFrames},
		{"CBOR", NewCBOR, []byte(strings.Join(cborFrames, "")), cborFrames},
	}
}

func TestFramesDoNotDependOnChunks(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			for split := range len(k.stream) + 1 {
				got, err := all(k.new(&chunks{parts: [][]byte{k.stream[:split], k.stream[split:]}, err: io.EOF}, 1<<20))
				if !errors.Is(err, io.EOF) {
					t.Fatalf("split at %d: error %v, want io.EOF", split, err)
				}
				if d := cmp.Diff(k.want, got); d != "" {
					t.Fatalf("split at %d: frames (-want +got):\n%s", split, d)
				}
			}
			got, err := all(k.new(iotest.OneByteReader(bytes.NewReader(k.stream)), 1<<20))
			if d := cmp.Diff(k.want, got); d != "" || !errors.Is(err, io.EOF) {
				t.Fatalf("byte by byte: error %v, frames (-want +got):\n%s", err, d)
			}
		})
	}
}

func TestTruncatedStreamGivesNoHalfFrame(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			for cut := range len(k.stream) {
				got, err := all(k.new(bytes.NewReader(k.stream[:cut]), 1<<20))
				if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Fatalf("cut at %d: error %v", cut, err)
				}
				if len(got) > len(k.want) || !slices.Equal(k.want[:len(got)], got) {
					t.Fatalf("cut at %d: frames %q are no prefix of what was sent", cut, got)
				}
			}
		})
	}
}

func TestEndWithinAFrameIsUnexpected(t *testing.T) {
	for _, c := range []struct {
		name   string
		reader Reader
	}{
		{"object", NewJSON(strings.NewReader(`{"a":1`), 100)},
		{"string", NewJSON(strings.NewReader(`{"a":"}`), 100)},
		{"array", NewCBOR(strings.NewReader("\x82\x01"), 100)},
		{"text", NewCBOR(strings.NewReader("\x63ab"), 100)},
		{"head", NewCBOR(strings.NewReader("\x19\x01"), 100)},
		{"length", NewLengthPrefixed(strings.NewReader("\x00\x00"), 100)},
		{"payload", NewLengthPrefixed(strings.NewReader("\x00\x00\x00\x02x"), 100)},
		{"payload that is missing wholly", NewLengthPrefixed(strings.NewReader("\x00\x00\x00\x02"), 100)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := c.reader.Next(); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("error %v, want io.ErrUnexpectedEOF", err)
			}
		})
	}
}

func TestReadErrorIsReturnedAfterTheFramesBeforeIt(t *testing.T) {
	broken := errors.New("broken")
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			got, err := all(k.new(&chunks{parts: [][]byte{k.stream}, err: broken}, 1<<20))
			if d := cmp.Diff(k.want, got); d != "" || !errors.Is(err, broken) {
				t.Errorf("error %v, frames (-want +got):\n%s", err, d)
			}
		})
	}
}

func TestFrameOfExactlyTheLimitPassesAndOneMoreByteDoesNot(t *testing.T) {
	body := `{"a":"` + strings.Repeat("x", 100_000) + `"}`
	for _, c := range []struct {
		name   string
		new    func(io.Reader, int) Reader
		stream []byte
	}{
		{"JSON", NewJSON, []byte(body)},
		{"LengthPrefixed", NewLengthPrefixed, prefixed(body)},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := c.new(bytes.NewReader(c.stream), len(body)).Next()
			if err != nil || string(f) != body {
				t.Errorf("at the limit: %d bytes, error %v", len(f), err)
			}
			if _, err := c.new(bytes.NewReader(c.stream), len(body)-1).Next(); !errors.Is(err, ErrTooLarge) {
				t.Errorf("above the limit: error %v, want ErrTooLarge", err)
			}
		})
	}
}

func TestJSONFrameWithoutEndIsBounded(t *testing.T) {
	endless := io.MultiReader(strings.NewReader(`{"a":"`), iotest.DataErrReader(&repeat{}))
	r := &jsonReader{buf: buffer{source: endless, max: 1 << 20}}
	if _, err := r.Next(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("error %v, want ErrTooLarge", err)
	}
	if n := len(r.buf.data); n > 4<<20 {
		t.Errorf("the buffer has grown to %d bytes for a limit of %d", n, 1<<20)
	}
}

type repeat struct{}

func (*repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestBufferOfAHugeFrameIsGivenUp(t *testing.T) {
	huge := `{"a":"` + strings.Repeat("x", 1<<20) + `"}`
	source := &chunks{parts: [][]byte{[]byte(huge)}, err: io.EOF}
	r := &jsonReader{buf: buffer{source: source, max: 4 << 20}}
	if f, err := r.Next(); err != nil || string(f) != huge {
		t.Fatalf("%d bytes, error %v", len(f), err)
	}
	source.parts = [][]byte{[]byte(`{"b":1}`)}
	if f, err := r.Next(); err != nil || string(f) != `{"b":1}` {
		t.Fatalf("%s, error %v", f, err)
	}
	if n := len(r.buf.data); n > maxIdleBuffer {
		t.Errorf("the buffer still has %d bytes", n)
	}
}

func TestClaimedLengthIsNotAllocated(t *testing.T) {
	r := &lengthReader{buf: buffer{source: strings.NewReader("\x7f\xff\xff\xffxyz"), max: 1 << 31}}
	if _, err := r.Next(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v, want io.ErrUnexpectedEOF", err)
	}
	if n := len(r.buf.data); n > initialBuffer {
		t.Errorf("the buffer has %d bytes after 7 bytes of input", n)
	}
}

func TestJSONStreamOfOtherThings(t *testing.T) {
	for _, in := range []string{`<html>`, `[]`, `null`, `"x"`, `}`, `{} x`, "\xef\xbb\xbf{}"} {
		_, err := all(NewJSON(strings.NewReader(in), 100))
		if !errors.Is(err, ErrNotAnObject) {
			t.Errorf("%q: error %v, want ErrNotAnObject", in, err)
		}
	}
}

func TestReaderThatMakesNoProgress(t *testing.T) {
	if _, err := NewJSON(&chunks{parts: nil}, 100).Next(); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("error %v, want io.ErrNoProgress", err)
	}
}

// FuzzJSON holds the reader against encoding/json: where that finds a stream of objects, the frames are those objects.
func FuzzJSON(f *testing.F) {
	f.Add(jsonStream, 3)
	f.Add([]byte(`{"a":"\\"}{"b":"\""}`), 1)
	f.Add([]byte(`{"a":[[[{}]]]} {`), 5)
	f.Fuzz(func(t *testing.T, stream []byte, split int) {
		var want []string
		var valid bool
		for d := json.NewDecoder(bytes.NewReader(stream)); ; {
			var m json.RawMessage
			if err := d.Decode(&m); err != nil {
				valid = errors.Is(err, io.EOF)
				break
			}
			if m[0] != '{' {
				valid = false
				break
			}
			want = append(want, string(m))
		}
		if split < 0 || split > len(stream) {
			split = 0
		}
		got, err := all(NewJSON(&chunks{parts: [][]byte{bytes.Clone(stream[:split]), bytes.Clone(stream[split:])}, err: io.EOF}, 1<<20))
		if valid && !errors.Is(err, io.EOF) {
			t.Fatalf("error %v for a valid stream", err)
		}
		if len(got) < len(want) || !slices.Equal(want, got[:len(want)]) {
			t.Fatalf("frames %q, want at least %q", got, want)
		}
	})
}

// FuzzLengthPrefixed checks that frames put together are the stream again.
func FuzzLengthPrefixed(f *testing.F) {
	f.Add(prefixed(protoFrames...), 3)
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 1}, 4)
	f.Add([]byte{0x80, 0, 0, 0}, 1)
	f.Fuzz(func(t *testing.T, stream []byte, split int) {
		if split < 0 || split > len(stream) {
			split = 0
		}
		got, err := all(NewLengthPrefixed(&chunks{parts: [][]byte{bytes.Clone(stream[:split]), bytes.Clone(stream[split:])}, err: io.EOF}, 1<<20))
		again := prefixed(got...)
		if !bytes.HasPrefix(stream, again) {
			t.Fatalf("frames %q are not in the stream %q", got, stream)
		}
		if errors.Is(err, io.EOF) && len(again) != len(stream) {
			t.Fatalf("%d bytes are left after a clean end", len(stream)-len(again))
		}
	})
}
