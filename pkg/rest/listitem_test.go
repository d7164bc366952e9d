package rest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"unsafe"
	"weak"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kruntime "k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/internal/canary"
)

// jsonList returns a list of ConfigMaps.
func jsonList(items ...string) []byte {
	return fmt.Appendf(nil, `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"9"},"items":[%s]}`, strings.Join(items, ","))
}

// protobufItem returns field 2 of a message: an item of a list.
func protobufItem(data []byte) []byte {
	return append(binary.AppendUvarint([]byte{2<<3 | 2}, uint64(len(data))), data...)
}

// protobufList returns a list of ConfigMaps.
func protobufList(t testing.TB, items ...[]byte) []byte {
	t.Helper()
	list := []byte("\x0a\x03\x12\x019") // resourceVersion
	for _, item := range items {
		list = append(list, protobufItem(item)...)
	}
	envelope := kruntime.Unknown{TypeMeta: kruntime.TypeMeta{APIVersion: "v1", Kind: "ConfigMapList"}, Raw: list}
	data, err := envelope.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return append([]byte("k8s\x00"), data...)
}

// marshalled returns obj in protobuf, without an envelope.
func marshalled(t testing.TB, obj *corev1.ConfigMap) []byte {
	t.Helper()
	data, err := obj.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const identified = `"metadata":{"namespace":"ns","name":"bad","uid":"u","resourceVersion":"5","labels":{"l":"` + secret + `"}}`

// R8: one object that cannot be decoded is reported, by name and without its content, and the others flow.
func TestR8UndecodableItemDoesNotEndTheList(t *testing.T) {
	known := UndecodableError{Namespace: "ns", Name: "bad", UID: "u", ResourceVersion: "5"}
	for name, test := range map[string]struct {
		item string
		want UndecodableError
		err  string
	}{
		"field of a wrong type":   {`{` + identified + `,"data":{"` + secret + `":5}}`, known, "cannot unmarshal number into Go struct field ConfigMap.data of type string"},
		"field behind metadata":   {`{"data":5,` + identified + `}`, known, "cannot unmarshal number into Go struct field ConfigMap.data"},
		"a malformed time":        {`{"metadata":{"name":"bad","creationTimestamp":"` + secret + `"}}`, UndecodableError{Name: "bad"}, "a time is malformed"},
		"malformed base64":        {`{` + identified + `,"binaryData":{"a":"` + secret + `!"}}`, known, "a value is malformed"},
		"labels of a wrong type":  {`{"metadata":{"name":"bad","namespace":"ns","labels":5,"uid":"u","resourceVersion":"5"}}`, known, "cannot unmarshal number"},
		"a name of a wrong type":  {`{"metadata":{"name":5,"namespace":"ns","uid":"u","resourceVersion":"5"}}`, UndecodableError{Namespace: "ns", UID: "u", ResourceVersion: "5"}, "cannot unmarshal number into"},
		"a number that is large":  {`{` + identified + `,"immutable":123456789}`, known, "cannot unmarshal number into"},
		"a name without end":      {`{"metadata":{"name":"` + strings.Repeat("x", 2000) + `","uid":"u"},"data":5}`, UndecodableError{UID: "u"}, "cannot unmarshal"},
		"null":                    {`null`, UndecodableError{}, "neither a name"},
		"a number":                {`5`, UndecodableError{}, "cannot unmarshal number"},
		"a string":                {`"` + secret + `"`, UndecodableError{}, "cannot unmarshal string"},
		"an array":                {`[{` + identified + `}]`, UndecodableError{}, "cannot unmarshal array"},
		"an object with nothing":  {`{}`, UndecodableError{}, "neither a name"},
		"no metadata":             {`{"data":{"a":"` + secret + `"}}`, UndecodableError{}, "neither a name"},
		"metadata of null":        {`{"metadata":null}`, UndecodableError{}, "neither a name"},
		"metadata of wrong type":  {`{"metadata":"` + secret + `"}`, UndecodableError{}, "cannot unmarshal string"},
		"metadata in upper case":  {`{"METADATA":{"name":"x"},"data":5}`, UndecodableError{}, "cannot unmarshal number"},
		"another kind":            {`{"apiVersion":"v1","kind":"Secret",` + identified + `}`, known, `it is a "Secret" of "v1" in a list of "ConfigMap" of "v1"`},
		"just another kind":       {`{"kind":"Secret",` + identified + `}`, known, `it is a "Secret"`},
		"another version":         {`{"apiVersion":"v2","kind":"ConfigMap",` + identified + `}`, known, `it is a "ConfigMap" of "v2"`},
		"another group":           {`{` + identified + `,"apiVersion":"x/v1"}`, known, `of "x/v1"`},
		"a namespace and no name": {`{"metadata":{"namespace":"ns"}}`, UndecodableError{Namespace: "ns"}, "neither a name"},
	} {
		t.Run(name, func(t *testing.T) {
			body := jsonList(`{"metadata":{"name":"first"}}`, test.item, `{"metadata":{"name":"last"}}`)
			checkUndecodable(t, jsonType, body, len(test.item), test.want, test.err)
		})
	}
	valid := configMap()
	valid.Name, valid.UID, valid.ResourceVersion = "bad", "u", "5"
	data := marshalled(t, valid)
	for name, test := range map[string]struct {
		item string
		want UndecodableError
		err  string
	}{
		"nothing":                {"", UndecodableError{}, "neither a name"},
		"no metadata":            {"\x12\x06\x0a\x01k\x12\x01v", UndecodableError{}, "neither a name"},
		"a field of wrong type":  {string(data) + "\x10\x05", known, "proto: wrong wireType = 0 for field Data"},
		"a field that is cut":    {string(data) + "\x12\x7f" + secret, known, "unexpected EOF"},
		"an endless varint":      {string(data) + strings.Repeat("\xff", 11), known, "a value is malformed"},
		"an illegal tag":         {string(data) + "\x07", known, "a value is malformed"},
		"metadata that is cut":   {"\x0a\x7f" + secret, UndecodableError{}, "unexpected EOF"},
		"metadata of wrong type": {"\x08\x05" + string(data), UndecodableError{}, "proto: wrong wireType = 0 for field ObjectMeta"},
	} {
		t.Run("protobuf: "+name, func(t *testing.T) {
			first, last := marshalled(t, named("first")), marshalled(t, named("last"))
			body := protobufList(t, first, []byte(test.item), last)
			checkUndecodable(t, protobufType, body, len(test.item), test.want, test.err)
		})
	}
}

// An item of a typed list was an object of its kind whatever it said to be, with nothing but the metadata of what it is.
func TestItemsOfTypedListsAreOfTheKindThatTheySay(t *testing.T) {
	same, mute, other := `{"apiVersion":"v1","kind":"ConfigMap",`+identified+`}`, `{`+identified+`}`, `{"apiVersion":"x/v1","kind":"Other",`+identified+`}`
	items := func(of ...string) string { return `"items":[` + strings.Join(of, ",") + `]` }
	const apiVersion, kind = `"apiVersion":"v1"`, `"kind":"ConfigMapList"`
	for _, test := range []struct {
		list []string
		want string // o for each object, u for each that is undecodable
	}{
		{[]string{apiVersion, kind, items(same, mute)}, "oo"},
		{[]string{apiVersion, kind, items(same, other, mute, other)}, "ouou"},
		{[]string{apiVersion, items(other, mute, same, other), kind}, "uoou"}, // as encoders of maps sort it
		{[]string{items(other, mute, same, other), apiVersion, kind}, "uoou"},
		{[]string{apiVersion, items(same, other)}, "ou"}, // of the list itself that much is known
		{[]string{kind, items(same, other)}, "ou"},
		{[]string{items(same, other)}, "oo"},
	} {
		all, err := eachOf(t, listClient(t, jsonType, []byte(`{`+strings.Join(test.list, ",")+`}`)), &corev1.ConfigMapList{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, item := range all {
			if got += "o"; item.Undecodable != nil {
				got = got[:len(got)-1] + "u"
			}
		}
		if got != test.want {
			t.Errorf("%v: got %s, want %s", test.list, got, test.want)
		}
	}
}

func named(name string) *corev1.ConfigMap {
	cm := configMap()
	cm.Name = name
	return cm
}

// checkUndecodable checks that the second of three items is undecodable as is wanted.
func checkUndecodable(t *testing.T, mediaType string, body []byte, size int, want UndecodableError, text string) {
	t.Helper()
	list := &corev1.ConfigMapList{}
	items, err := eachOf(t, listClient(t, mediaType, body), list)
	if err != nil || len(items) != 3 || list.ResourceVersion != "9" {
		t.Fatalf("%d items of a list of version %q, error %v", len(items), list.ResourceVersion, err)
	}
	for i, name := range map[int]string{0: "first", 2: "last"} {
		if cm, ok := items[i].Object.(*corev1.ConfigMap); !ok || cm.Name != name {
			t.Errorf("item %d is %v, want %s", i, items[i], name)
		}
	}
	bad := items[1]
	if bad.Undecodable == nil || bad.Size != size {
		t.Fatalf("item %+v", bad)
	}
	got := *bad.Undecodable
	got.Err = nil
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if message := canary.Err(t, bad.Undecodable).Error(); !strings.Contains(message, text) || len(message) > 1000 {
		t.Errorf("message %q, want one with %q", message, text)
	}
	if !errors.Is(bad.Undecodable, bad.Undecodable.Err) {
		t.Error("the reason is not to be had")
	}
}

// R14: an object that is kept keeps nothing else of the list, strings included.
func TestR14ObjectsOfAListShareNoMemory(t *testing.T) {
	for _, mediaType := range []string{jsonType, protobufType} {
		for _, list := range []kruntime.Object{&corev1.ConfigMapList{}, &unstructured.UnstructuredList{}} {
			if _, untyped := list.(*unstructured.UnstructuredList); untyped && mediaType != jsonType {
				continue
			}
			// Names are not seen twice: those that are, are shared.
			long := func(i int) string {
				return fmt.Sprintf("a-name-in-a-%T-of-%s-that-has-no-room-in-a-tiny-block-%d", list, mediaType, i)
			}
			var texts []string
			var protos [][]byte
			for i := range 3 {
				protos = append(protos, marshalled(t, named(long(i))))
				texts = append(texts, fmt.Sprintf(`{"metadata":{"name":%q}}`, long(i)))
			}
			body := jsonList(texts...)
			if mediaType == protobufType {
				body = protobufList(t, protos...)
			}
			var kept any
			var others []weak.Pointer[byte]
			err := listClient(t, mediaType, body).Get().Resource("configmaps").EachItem(t.Context(), list, func(item ListItem) error {
				name := item.Object.(interface{ GetName() string }).GetName()
				if name == long(1) {
					kept = item.Object
				} else {
					others = append(others, weak.Make(unsafe.StringData(name)))
				}
				return nil
			})
			if err != nil || len(others) != 2 {
				t.Fatal(err, len(others))
			}
			runtime.GC()
			for _, other := range others {
				if other.Value() != nil {
					t.Errorf("%s, %T: a name of another object is still there", mediaType, list)
				}
			}
			runtime.KeepAlive(kept)
		}
	}
}

func TestItemsOfAnUntypedListHaveTheKindOfTheList(t *testing.T) {
	item := func(name string) string { return `{"metadata":{"name":"` + name + `"}}` }
	own := `{"kind":"Own","apiVersion":"x/v1","metadata":{"name":"own"}}`
	half := `{"kind":"Half","metadata":{"name":"half"}}`
	const front, version, kind = `"apiVersion":"v1","kind":"ThingList",`, `"apiVersion":"v1",`, `,"kind":"ThingList"`
	for _, body := range []string{
		`{` + front + `"items":[%s]}`,
		`{` + version + `"items":[%s]` + kind + `}`,
		`{"items":[%s]` + kind + `,"apiVersion":"v1"}`,
	} {
		for name, test := range map[string]struct{ items, want string }{
			"none": {"", ""},
			"some": {item("a") + "," + own + "," + half + "," + item("b"), "v1 Thing a|x/v1 Own own| Half half|v1 Thing b"},
			"late": {own + "," + item("a"), "x/v1 Own own|v1 Thing a"},
		} {
			t.Run(body+name, func(t *testing.T) {
				items, err := eachOf(t, listClient(t, jsonType, fmt.Appendf(nil, body, test.items)), &unstructured.UnstructuredList{})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, item := range items {
					u := item.Object.(*unstructured.Unstructured)
					got = append(got, u.GetAPIVersion()+" "+u.GetKind()+" "+u.GetName())
				}
				if strings.Join(got, "|") != test.want {
					t.Errorf("got %q, want %q", got, test.want)
				}
			})
		}
	}
}

func TestDecodedItemsKeepNothingOfTheirEncoding(t *testing.T) {
	cm := named("short")
	cm.Data, cm.BinaryData = map[string]string{"k": strings.Repeat("long", 100)}, map[string][]byte{"b": []byte("bytes")}
	cm.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: "m", FieldsV1: metav1.NewFieldsV1(`{"f:data":{}}`)}}
	for _, test := range []struct {
		encoding *itemEncoding
		data     []byte
		item     kruntime.Object
	}{
		{jsonItems, encoded(t, jsonType, cm), &corev1.ConfigMap{}},
		{jsonItems, encoded(t, jsonType, cm), &unstructured.Unstructured{}},
		{protobufItems, marshalled(t, cm), &corev1.ConfigMap{}},
	} {
		format := listFormat{encoding: test.encoding, item: reflect.TypeOf(test.item).Elem()}
		first, err := format.decode(bytes.Clone(test.data), nil)
		if err != nil || first.Undecodable != nil {
			t.Fatal(err, first.Undecodable)
		}
		second, _ := format.decode(test.data, nil)
		clear(test.data)
		if d := cmp.Diff(first.Object, second.Object); d != "" {
			t.Errorf("%T changes with the encoding:\n%s", test.item, d)
		}
	}
}
