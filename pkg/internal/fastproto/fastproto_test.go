package fastproto

import (
	"bytes"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"

	"github.com/kubewright/kubewright/pkg/internal/text"
)

// compare decodes data both ways into new values of type typ. What fastproto decodes has to be what the type's method does.
func compare(t *testing.T, typ reflect.Type, data []byte, shared *text.Shared) (done bool) {
	t.Helper()
	ours, theirs := reflect.New(typ), reflect.New(typ)
	before := string(data)
	done = Unmarshal(data, ours.Interface().(Message), shared)
	if string(data) != before {
		t.Fatalf("%s: the document was changed", typ)
	}
	if !done {
		if !ours.Elem().IsZero() {
			t.Errorf("%s: %q\nwas left to the type's method, with something in the value: %+v", typ, data, ours.Elem())
		}
		return false
	}
	if err := theirs.Interface().(Message).Unmarshal(data); err != nil {
		t.Errorf("%s: %q was decoded, but is an error: %v", typ, data, err)
	} else if !reflect.DeepEqual(ours.Interface(), theirs.Interface()) {
		t.Errorf("%s: %q was decoded to something else (-theirs +ours):\n%s", typ, data, cmp.Diff(theirs.Interface(), ours.Interface(), cmp.Exporter(func(reflect.Type) bool { return true })))
	}
	return done
}

// onTheWire calls f for each kind of k8s.io/api that has a protobuf representation, with some messages that are full at random.
func onTheWire(t *testing.T, each int, f func(t *testing.T, gvk schema.GroupVersionKind, typ reflect.Type, message []byte)) {
	t.Helper()
	scheme := everything(t)
	fill := fuzzer.FuzzerFor(metafuzzer.Funcs, rand.NewSource(1), serializer.NewCodecFactory(scheme))
	kinds := 0
	for gvk, typ := range scheme.AllKnownTypes() {
		if _, ok := reflect.New(typ).Interface().(Message); !ok || gvk.Version == runtime.APIVersionInternal {
			continue // never on the wire
		}
		kinds++
		for range each {
			obj := reflect.New(typ)
			fill.Fill(obj.Interface())
			message, err := obj.Interface().(interface{ Marshal() ([]byte, error) }).Marshal()
			if err != nil {
				t.Fatalf("%s: %v", gvk, err)
			}
			f(t, gvk, typ, message)
		}
	}
	if kinds < 500 {
		t.Errorf("only %d kinds have a protobuf representation", kinds)
	}
}

func TestDecodesEveryKindAsItsMethodDoes(t *testing.T) {
	shared := text.NewShared()
	onTheWire(t, 4, func(t *testing.T, gvk schema.GroupVersionKind, typ reflect.Type, message []byte) {
		if planFor(typ).own != nil {
			t.Errorf("%s is not understood", gvk)
		}
		if !compare(t, typ, message, shared) {
			t.Errorf("%s was left to its method: %q", gvk, message)
		}
	})
}

// TestDecodesDamageAsTheMethodDoes: messages that are cut short, changed, or put together of parts.
func TestDecodesDamageAsTheMethodDoes(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	decoded, left := 0, 0
	onTheWire(t, 1, func(t *testing.T, _ schema.GroupVersionKind, typ reflect.Type, message []byte) {
		for range 20 {
			if compare(t, typ, damaged(random, message), nil) {
				decoded++
			} else {
				left++
			}
		}
	})
	if decoded < 100 || left < 100 {
		t.Errorf("%d were decoded, and %d were not", decoded, left)
	}
}

func damaged(random *rand.Rand, message []byte) []byte {
	at := random.Intn(len(message) + 1)
	part := message[at:]
	part = part[:random.Intn(len(part)+1)]
	switch random.Intn(5) {
	case 0:
		return message[:at]
	case 1:
		return slices.Concat(message, part)
	case 2:
		return slices.Concat(message[:at], part, message[at:])
	case 3:
		return slices.Concat(message[:at], message[at+len(part):])
	default:
		message = bytes.Clone(message)
		for i := range part {
			if i < 3 {
				message[at+random.Intn(len(part))] = byte(random.Int())
			}
		}
		return message
	}
}

func field1(b string) string { return "\x0a" + string(rune(len(b))) + b }

// documents are messages of corev1.ConfigMap, or parts of it, and whether they are decoded here.
var documents = map[string]bool{
	"":                                true,
	field1(""):                        true, // metadata
	field1(field1("a")):               true, // name
	field1("\x0a\x80\x00"):            true, // a length that is longer than it needs to be
	field1("\x8a\x00\x01a"):           true, // so is a tag
	field1(field1("a") + "\x12\x01b"): true,
	"\x12\x06\x0a\x01k\x12\x01v":      true, // data
	"\x12\x06\x0a\x01k\x12\x01v\x12\x06\x0a\x01k\x12\x01w": true, // the same key
	"\x12\x06\x0a\x01k\x12\x01v\x12\x06\x0a\x01l\x12\x01w": true,
	"\x1a\x05\x0a\x01k\x12\x00":                            true, // binary data, empty
	"\x20\x01":                                             true, // immutable
	"\x20\x80\x02":                                         true, // more than a bit
	"\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01":         true,
	"\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f":         true,
	"\xf8\x07\x01":                                         true, // not known: a number
	"\xfa\x07\x01x":                                        true, // bytes
	"\xf9\x0712345678":                                     true, // eight bytes
	"\xfd\x071234":                                         true, // four bytes
	"\xfa\x07\x01x\x20\x01":                                true,
	"\xf9\x071234567":                                      false,
	"\xfd\x07123":                                          false,
	"\xfb\x07\xfc\x07":                                     false, // right, but rare: a group
	"\xfc\x07":                                             false,
	"\xfe\x07":                                             false,
	"\x00":                                                 false,
	"\x02\x00":                                             false,
	"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01": false,
	"\x8a\x80\x80\x80\x80\x01\x00":                 false, // right, but rare: a number of a field that is cut off by the method
	"\x0a":                                         false,
	"\x0a\x05a":                                    false,
	"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01": false,
	"\x08\x01":                            false, // another wire type
	"\x22\x01\x01":                        false,
	"\x20":                                false,
	"\x20\xff":                            false,
	"\x20\x01\x20\x00":                    false, // right, but rare: twice
	field1("") + field1(""):               false, // right, but rare: they are merged
	"\x20\x01" + field1(""):               false, // right, but rare: not in order
	"\x12\x00":                            false, // right, but rare: neither key nor value
	"\x12\x03\x0a\x01k":                   true,  // no value
	"\x1a\x03\x0a\x01k":                   true,
	"\x12\x06\x12\x01v\x0a\x01k":          false, // right, but rare: not in order
	"\x12\x09\x0a\x01k\x12\x01v\x12\x01w": false, // right, but rare: two values
	"\x12\x08\x0a\x01k\x12\x01v\x20\x01":  false, // right, but rare: something else in it
	"\x12\x06\x0a\x01k\x12\x01v\xfa\x07\x00\x12\x06\x0a\x01l\x12\x01w": false, // right, but rare: with something between them
	"\x12\x06\x0a\x01k\x12\x01":                                        false,
}

func TestDecodesWhatIsUsualAndLeavesTheRest(t *testing.T) {
	for document, want := range documents {
		if done := compare(t, reflect.TypeFor[corev1.ConfigMap](), []byte(document), nil); done != want {
			t.Errorf("%q: decoded: %v, want %v", document, done, want)
		}
	}
}

func TestLeavesTargetsThatAreNotEmpty(t *testing.T) {
	into := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "there"}}
	if Unmarshal([]byte(field1("")), into, nil) || into.Name != "there" {
		t.Errorf("decoded into it: %v", into)
	}
	if Unmarshal(nil, (*corev1.ConfigMap)(nil), nil) {
		t.Error("decoded into nil")
	}
}

// nested is a type that refers to itself, as no type of k8s.io/api does; its methods are not generated.
type byHand struct {
	Name string `protobuf:"bytes,1,opt,name=name"`
}

func (h *byHand) Unmarshal(data []byte) error {
	h.Name = "by hand " + string(data)
	return nil
}

func TestLeavesTypesToMethodsThatAreNotGenerated(t *testing.T) {
	if planFor(reflect.TypeFor[byHand]()).own == nil {
		t.Error("its method is taken for a generated one")
	}
	if !compare(t, reflect.TypeFor[byHand](), []byte(field1("a")), nil) {
		t.Error("not decoded")
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[metav1.Time](), reflect.TypeFor[metav1.MicroTime](), reflect.TypeFor[metav1.Verbs](), reflect.TypeFor[metav1.FieldsV1]()} {
		if planFor(typ).own == nil {
			t.Errorf("the method of %v is taken for a generated one, of a struct", typ)
		}
	}
}

func TestKeepsNothingOfTheDocument(t *testing.T) {
	cm := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: "short", Annotations: map[string]string{"long": strings.Repeat("long", 100)}, ManagedFields: []metav1.ManagedFieldsEntry{{FieldsV1: metav1.NewFieldsV1("{}")}}},
		BinaryData: map[string][]byte{"key": []byte("value")},
	}
	data, err := cm.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	var ours corev1.ConfigMap
	if !Unmarshal(data, &ours, text.NewShared()) {
		t.Fatal("not decoded")
	}
	for i := range data {
		data[i] = 'x'
	}
	if !reflect.DeepEqual(&ours, cm) {
		t.Error("the value changes with the document:", cmp.Diff(cm, &ours))
	}
}

func FuzzUnmarshal(f *testing.F) {
	for document := range documents {
		f.Add([]byte(document))
	}
	pod := &corev1.Pod{}
	fuzzer.FuzzerFor(metafuzzer.Funcs, rand.NewSource(1), serializer.NewCodecFactory(runtime.NewScheme())).Fill(pod)
	message, err := pod.Marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(message)
	f.Fuzz(func(t *testing.T, data []byte) {
		shared := text.NewShared()
		for range 2 {
			compare(t, reflect.TypeFor[corev1.ConfigMap](), data, shared)
			compare(t, reflect.TypeFor[corev1.Pod](), data, shared)
			compare(t, reflect.TypeFor[metav1.Status](), data, shared)
		}
	})
}
