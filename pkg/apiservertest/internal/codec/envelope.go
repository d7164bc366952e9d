package codec

import (
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// protobufPrefix marks objects in protobuf: what follows is a runtime.Unknown, which says the kind.
var protobufPrefix = []byte{'k', '8', 's', 0}

// envelope puts raw, an object in protobuf, into the message that says its kind.
func envelope(gvk schema.GroupVersionKind, raw []byte) ([]byte, error) {
	unknown := runtime.Unknown{TypeMeta: runtime.TypeMeta{APIVersion: gvk.GroupVersion().String(), Kind: gvk.Kind}, Raw: raw}
	data, err := unknown.Marshal()
	return slices.Concat(protobufPrefix, data), err
}

// withKind puts the kind before the fields of an object in JSON that has none, where types of k8s.io/api have it.
func withKind(gvk schema.GroupVersionKind, bare []byte) []byte {
	out := make([]byte, 0, len(bare)+len(gvk.Kind)+len(gvk.Group)+len(gvk.Version)+30)
	out = append(out, `{"kind":`...)
	out = strconv.AppendQuote(out, gvk.Kind)
	out = append(out, `,"apiVersion":`...)
	out = strconv.AppendQuote(out, gvk.GroupVersion().String())
	if len(bare) > len(`{}`) {
		out = append(out, ',')
	}
	return append(out, bare[1:]...)
}

// internalType is the name that kube-apiserver has for the type that all versions of a kind share, and that its error texts show.
func internalType(group, kind string) string {
	pkg, _, _ := strings.Cut(group, ".")
	if group == "" || group == "events.k8s.io" {
		pkg = "core"
	}
	return pkg + "." + kind
}
