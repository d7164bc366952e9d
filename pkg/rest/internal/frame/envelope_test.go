package frame

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestEvent(t *testing.T) {
	for frame, want := range map[string][2]string{
		`{"type":"ADDED","object":{"a":"}"}}`:                                 {"ADDED", `{"a":"}"}`},
		" {\n\"object\" : {} , \"type\" : \"DELETED\" }\r\n":                  {"DELETED", `{}`},
		`{"x":[1,"]"],"y":-1.5e3,"z":null,"s":"a\"b","type":"X","object":{}}`: {"X", `{}`},
		`{"type":"A","type":"B","object":{"old":1},"object":{}}`:              {"B", `{}`}, // as encoding/json
		`{"\u0074ype":"A","object":5}`:                                        {"", "5"},
		`{}`:                                                                  {"", ""},
	} {
		typ, object, err := Event([]byte(frame))
		if err != nil || string(typ) != want[0] || string(object) != want[1] {
			t.Errorf("%s: type %q, object %q, error %v", frame, typ, object, err)
		}
	}
	for _, frame := range []string{
		``, `[]`, `{`, `{"type"}`, `{"type":}`, `{"type":"A"`, `{"type":"A",}`, `{"type":{}}`, `{"type":"A\u0042"}`, `{type:"A"}`,
		`{"object":{}`, `{"object":}`, `{"object":{}} x`, `{} {}`, `{"type":"A"]`, `{"type":"A`, `{1:2}`,
	} {
		if typ, object, err := Event([]byte(frame)); !errors.Is(err, ErrNotAnEvent) || typ != nil || object != nil {
			t.Errorf("%s: type %q, object %q, error %v, want ErrNotAnEvent", frame, typ, object, err)
		}
	}
}

func TestEventCopiesNothing(t *testing.T) {
	frame := []byte(`{"type":"ADDED","object":{"a":"` + strings.Repeat("x", 1000) + `"}}`)
	if n := testing.AllocsPerRun(100, func() {
		if _, _, err := Event(frame); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// FuzzEvent holds Event against encoding/json, which must find the same in all that it takes for an event.
func FuzzEvent(f *testing.F) {
	for _, s := range []string{
		`{"type":"ADDED","object":{"a":"}"}}`, `{"object":{},"type":"A"}`, `{"type":"A\u0042"}`, `{"a":1,"type":null}`, `{"type":"A"}}`, `{"object":[[]]}`, `{"Type":"A"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		typ, object, err := Event(frame)
		var keys map[string]json.RawMessage
		if json.Unmarshal(frame, &keys) != nil || keys == nil || bytes.Contains(frame, []byte(`\`)) {
			return // keys and types with escapes are no events to us
		}
		var want string
		if raw, ok := keys["type"]; ok && (json.Unmarshal(raw, &want) != nil || string(raw) == "null") {
			if err == nil {
				t.Fatalf("%q: no error for a type that is no string", frame)
			}
			return
		}
		if err != nil {
			return // a duplicate key may have had another type
		}
		if string(typ) != want && json.Valid([]byte(`"`+string(typ)+`"`)) && bytes.Equal(bytes.ToValidUTF8(frame, nil), frame) {
			t.Fatalf("%q: type %q, want %q", frame, typ, want)
		}
		if !bytes.Equal(object, keys["object"]) {
			t.Fatalf("%q: object %q, want %q", frame, object, keys["object"])
		}
	})
}

func BenchmarkEvent(b *testing.B) {
	frame := []byte(`{"type":"ADDED","object":{"metadata":{"name":"` + strings.Repeat(`x","y":"`, 1000) + `"}}}`)
	b.SetBytes(int64(len(frame)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Event(frame); err != nil {
			b.Fatal(err)
		}
	}
}
