package frame

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// items reads a list to its end, which must be final.
func items(l List) (items []string, rest string, err error) {
	for err = l.Open(); err == nil; {
		var item []byte
		if item, err = l.Next(); err == nil {
			items = append(items, string(item))
		}
	}
	if _, again := l.Next(); !errors.Is(again, err) || !errors.Is(l.Open(), err) {
		return items, "", errors.New("the error is not final")
	}
	return items, string(l.Rest()), err
}

// field returns a field of a message, of wire type 2.
func field(number int, value string) string {
	head := binary.AppendUvarint(nil, uint64(number<<3|2))
	return string(binary.AppendUvarint(head, uint64(len(value)))) + value
}

type listKind struct {
	name       string
	new        func(io.Reader, int) List
	body, rest string
	want       []string
}

func listKinds() []listKind {
	long := `{"a":"` + strings.Repeat("x", 5000) + `"}`
	message := strings.Repeat("m", 5000)
	meta, unknown := field(1, "meta"), "\x18\x96\x01"+field(300, "x")+"\x2d1234"+"\x3112345678"
	return []listKind{
		{
			"JSON", NewJSONList,
			"\n{ \"kind\":\"L\",\"a\":[{\"items\":[1]}],\t\"items\" : [{\"b\":\"]}\\\"\"} , null,-1.5e3,\"s\\\\\", [[]]," + long + " ] ,\"metadata\":{} , \"z\":true} ",
			`{"kind":"L","a":[{"items":[1]}],"metadata":{},"z":true,"items":[]}`,
			[]string{`{"b":"]}\""}`, `null`, `-1.5e3`, `"s\\"`, `[[]]`, long},
		},
		{"JSON without items", NewJSONList, `{"kind":"L","metadata":{"a":1}}`, `{"kind":"L","metadata":{"a":1}}`, nil},
		{"JSON with null items", NewJSONList, `{"items":null,"kind":"L"}`, `{"kind":"L","items":[]}`, nil},
		{"JSON with just items", NewJSONList, `{"items":[1]}`, `{"items":[]}`, []string{"1"}},
		{"JSON of nothing", NewJSONList, ` {} `, `{}`, nil},
		{"empty JSON", NewJSONList, ` `, ``, nil},
		{
			"protobuf", NewProtobufList,
			protobufPrefix + field(1, "type") + field(2, meta+field(2, "one")+field(2, "")+unknown+field(2, message)+meta) + field(3, "") + "\x20\x05",
			protobufPrefix + field(1, "type") + field(3, "") + "\x20\x05" + field(2, meta+unknown+meta),
			[]string{"one", "", message},
		},
		{"protobuf without items", NewProtobufList, protobufPrefix + field(2, meta), protobufPrefix + field(2, meta), nil},
		{"protobuf of nothing", NewProtobufList, protobufPrefix + field(2, ""), protobufPrefix + field(2, ""), nil},
		{"empty protobuf", NewProtobufList, ``, ``, nil},
	}
}

func TestListsDoNotDependOnChunks(t *testing.T) {
	for _, k := range listKinds() {
		t.Run(k.name, func(t *testing.T) {
			check := func(how string, r io.Reader) {
				t.Helper()
				got, rest, err := items(k.new(r, 1<<20))
				if d := cmp.Diff(k.want, got); d != "" || rest != k.rest || !errors.Is(err, io.EOF) {
					t.Fatalf("%s: error %v, rest %q, want %q; items (-want +got):\n%s", how, err, rest, k.rest, d)
				}
			}
			for split := range len(k.body) + 1 {
				check(fmt.Sprintf("split at %d", split), &chunks{parts: [][]byte{[]byte(k.body[:split]), []byte(k.body[split:])}, err: io.EOF})
			}
			check("byte by byte", iotest.OneByteReader(strings.NewReader(k.body)))
			check("with the end", iotest.DataErrReader(strings.NewReader(k.body)))
		})
	}
}

func TestListThatIsCutGivesNoHalfItem(t *testing.T) {
	broke := errors.New("broke")
	for _, k := range listKinds() {
		for cut := range len(k.body) {
			got, _, err := items(k.new(strings.NewReader(k.body[:cut]), 1<<20))
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) || len(got) > len(k.want) || !slices.Equal(got, k.want[:len(got)]) {
				t.Fatalf("%s cut at %d: error %v, items %q", k.name, cut, err, got)
			}
			if _, _, err := items(k.new(&chunks{parts: [][]byte{[]byte(k.body[:cut])}, err: broke}, 1<<20)); !errors.Is(err, broke) {
				t.Fatalf("%s broken at %d: error %v", k.name, cut, err)
			}
		}
	}
}

// What is around the items can be asked for at any time, and is always well-formed.
func TestRestSoFar(t *testing.T) {
	l := NewJSONList(strings.NewReader(`{"kind":"L","items":[1,2],"metadata":{}}`), 1<<20)
	if rest := l.Rest(); len(rest) > 0 {
		t.Errorf("before Open: %s", rest)
	}
	want := `{"kind":"L","items":[]}`
	if err := l.Open(); err != nil || string(l.Rest()) != want {
		t.Errorf("after Open: %s, error %v", l.Rest(), err)
	}
	if _, err := l.Next(); err != nil || string(l.Rest()) != want {
		t.Errorf("after an item: %s, error %v", l.Rest(), err)
	}
	p := NewProtobufList(strings.NewReader(protobufPrefix+field(1, "type")+field(2, field(1, "meta")+field(2, "item"))), 1<<20)
	want = protobufPrefix + field(1, "type") + field(2, "")
	if err := p.Open(); err != nil || string(p.Rest()) != want {
		t.Errorf("after Open: %q, error %v", p.Rest(), err)
	}
	want = protobufPrefix + field(1, "type") + field(2, field(1, "meta"))
	if _, err := p.Next(); err != nil || string(p.Rest()) != want {
		t.Errorf("after an item: %q, error %v", p.Rest(), err)
	}
}

func TestKeepItems(t *testing.T) {
	body := protobufPrefix + field(1, "type") + field(2, field(1, "meta")+field(2, "text")+field(3, "more"))
	p := NewProtobufList(strings.NewReader(body), 1<<20)
	if err := p.Open(); err != nil {
		t.Fatal(err)
	}
	p.KeepItems()
	if item, err := p.Next(); !errors.Is(err, io.EOF) || string(p.Rest()) != body {
		t.Errorf("item %q, error %v, rest %q", item, err, p.Rest())
	}
	const text = `{"a":1,"items":[1],"b":2}`
	j := NewJSONList(strings.NewReader(text), 1<<20)
	j.KeepItems()
	if err := j.Open(); !errors.Is(err, io.EOF) || string(j.Rest()) != text {
		t.Errorf("error %v, rest %s", err, j.Rest())
	}
}

func TestItemsAndRestOfExactlyTheLimitPassAndOneMoreByteDoesNot(t *testing.T) {
	const max = 100
	x := func(n int) string { return strings.Repeat("x", n) }
	for name, test := range map[string]struct {
		new  func(io.Reader, int) List
		body func(n int) string // with an item, or a rest, of n bytes
	}{
		"a JSON object":    {NewJSONList, func(n int) string { return `{"items":[{"a":"` + x(n-8) + `"}]}` }},
		"a JSON string":    {NewJSONList, func(n int) string { return `{"items":["` + x(n-2) + `"]}` }},
		"a JSON number":    {NewJSONList, func(n int) string { return `{"items":[` + x(n) + `]}` }},
		"a JSON field":     {NewJSONList, func(n int) string { return `{"a":"` + x(n-6) + `","items":[]}` }},
		"two JSON fields":  {NewJSONList, func(n int) string { return `{"a":1,"items":[],"b":"` + x(n-12) + `"}` }},
		"a protobuf item":  {NewProtobufList, func(n int) string { return protobufPrefix + field(2, field(2, x(n))) }},
		"a protobuf field": {NewProtobufList, func(n int) string { return protobufPrefix + field(2, field(1, x(n-2))) }},
		"an outer field":   {NewProtobufList, func(n int) string { return protobufPrefix + field(1, x(n-2)) + field(2, "") }},
		"an outer and some": {NewProtobufList, func(n int) string {
			return protobufPrefix + field(1, "12345678") + field(2, strings.Repeat("\x18\x05", (n-10)/2))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := items(test.new(strings.NewReader(test.body(max)), max)); !errors.Is(err, io.EOF) {
				t.Errorf("%d bytes: %v", max, err)
			}
			over := test.body(max + 2)
			for _, r := range []io.Reader{strings.NewReader(over), iotest.OneByteReader(strings.NewReader(over))} {
				if _, _, err := items(test.new(r, max)); !errors.Is(err, ErrTooLarge) {
					t.Errorf("%d bytes: %v", max+2, err)
				}
			}
		})
	}
}

func TestEndlessListsAreBounded(t *testing.T) {
	const max = 1 << 20
	for name, test := range map[string]struct {
		new   func(io.Reader, int) List
		begin string
	}{
		"an object":        {NewJSONList, `{"items":[{"a`},
		"a string":         {NewJSONList, `{"items":["`},
		"a number":         {NewJSONList, `{"items":[1`},
		"a field":          {NewJSONList, `{"a":"`},
		"protobuf":         {NewProtobufList, protobufPrefix + "\x12\xff\xff\xff\xff\x7f"},                     // fields of two bytes
		"a protobuf claim": {NewProtobufList, protobufPrefix + "\x12\xff\xff\xff\xff\x7f\x12\xff\xff\xff\x7f"}, // more than max
	} {
		t.Run(name, func(t *testing.T) {
			source := &repeat{}
			if _, _, err := items(test.new(io.MultiReader(strings.NewReader(test.begin), source), max)); !errors.Is(err, ErrTooLarge) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// FuzzJSONList compares with a decoder that has the whole list in hand.
func FuzzJSONList(f *testing.F) {
	for _, k := range listKinds() {
		f.Add([]byte(k.body), 7)
	}
	for _, s := range []string{`{"items":[{]}]}`, `{"items":[1,]}`, `{"items":[],"items":[]}`, `{"\u0069tems":[1]}`, `{"items":[1]}x`, `[]`, `{"a":{"items":[1]},"b" : [ ] }`, `{"items":["\\\"",tru]}`} {
		f.Add([]byte(s), 3)
	}
	f.Fuzz(func(t *testing.T, data []byte, split int) {
		got, rest, err := items(NewJSONList(bytes.NewReader(data), 1<<20))
		if split < 0 || split > len(data) {
			split = 0
		}
		parts := &chunks{parts: [][]byte{data[:split], data[split:]}, err: io.EOF}
		if again, restAgain, errAgain := items(NewJSONList(parts, 1<<20)); !slices.Equal(got, again) || rest != restAgain || !errors.Is(errAgain, err) {
			t.Errorf("in one part %q, %q, %v; in two %q, %q, %v", got, rest, err, again, restAgain, errAgain)
		}
		whole, ok := decodeList(data)
		parsed := errors.Is(err, io.EOF) && json.Valid([]byte(rest)) && !slices.ContainsFunc(got, func(s string) bool { return !json.Valid([]byte(s)) })
		if ok != parsed {
			t.Fatalf("%q: %q, %q, %v, but as a whole it is JSON with items: %v", data, got, rest, err, ok)
		}
		if ok && !slices.Equal(got, whole) {
			t.Errorf("got %q, want %q", got, whole)
		}
	})
}

// decodeList returns the items of a list; false if it is no object, or has items that are none, or twice.
func decodeList(data []byte) (items []string, ok bool) {
	if !json.Valid(data) || bytes.TrimLeft(data, " \t\r\n")[0] != '{' {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(data))
	_, _ = d.Token()
	seen := false
	for d.More() {
		name, _ := d.Token()
		var value json.RawMessage
		_ = d.Decode(&value)
		if name != "items" {
			continue
		}
		var raw []json.RawMessage
		if seen || json.Unmarshal(value, &raw) != nil {
			return nil, false
		}
		seen = true
		for _, r := range raw {
			items = append(items, string(bytes.TrimSpace(r)))
		}
	}
	return items, true
}

// FuzzProtobufList checks that taking a list apart loses nothing of it.
func FuzzProtobufList(f *testing.F) {
	for _, k := range listKinds() {
		f.Add([]byte(k.body), 7)
	}
	for _, s := range []string{"\x12\x02\x12\x05", "\x12\x80\x80\x80\x80\x08", "\x0b\x12\x00", "\x12\x00\x12\x00", "\x00\x00", "\x92\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"} {
		f.Add([]byte(protobufPrefix+s), 5)
	}
	f.Fuzz(func(t *testing.T, data []byte, split int) {
		got, rest, err := items(NewProtobufList(bytes.NewReader(data), 1<<20))
		if split < 0 || split > len(data) {
			split = 0
		}
		parts := &chunks{parts: [][]byte{data[:split], data[split:]}, err: io.EOF}
		if again, restAgain, errAgain := items(NewProtobufList(parts, 1<<20)); !slices.Equal(got, again) || rest != restAgain || !errors.Is(errAgain, err) {
			t.Errorf("in one part %q, %q, %v; in two %q, %q, %v", got, rest, err, again, restAgain, errAgain)
		}
		size := len(rest)
		for _, item := range got {
			size += len(item)
		}
		if size > len(data)+10 { // a length that is longer than it was
			t.Errorf("%d bytes became %d", len(data), size)
		}
		if !errors.Is(err, io.EOF) || len(data) == 0 {
			return
		}
		if none, again, err := items(NewProtobufList(strings.NewReader(rest), 1<<20)); len(none) > 0 || again != rest || !errors.Is(err, io.EOF) {
			t.Errorf("the rest %q is a list of %q with the rest %q, %v", rest, none, again, err)
		}
	})
}
