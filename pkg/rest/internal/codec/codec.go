// Package codec makes the JSON decoder of apimachinery faster, whatever it is part of, without a change to what it decodes.
//
//	NegotiatedSerializer ── SupportedMediaTypes ──▶ JSON serializer ── Decode ──▶ learned ── yes ──▶ fastjson ── done ──▶ object
//	                                                                               └── no ──┐            └── not done ──┐
//	                                                                               apimachinery's Serializer ◀──────────┘
//
// What a document of some kind is decoded into depends on how a scheme was set up, so that is not guessed: the first document
// of a kind goes the long way, and shows which Go type belongs to it. Errors are always those of apimachinery.
package codec

import (
	"reflect"
	"slices"
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"

	"github.com/kubewright/kubewright/pkg/internal/fastjson"
)

// Faster returns n with a faster decoder for JSON if its own is that of apimachinery, and n itself if not. What n does with
// decoded objects, such as conversion and defaulting, is still done.
func Faster(n runtime.NegotiatedSerializer) runtime.NegotiatedSerializer {
	infos := slices.Clone(n.SupportedMediaTypes())
	changed := false
	for i := range infos {
		info := &infos[i]
		slow, ok := info.Serializer.(*json.Serializer)
		if !ok || info.MediaType != runtime.ContentTypeJSON || slow.IsStrict() {
			continue
		}
		fast := &jsonSerializer{Serializer: slow}
		info.Serializer = fast
		if info.StreamSerializer != nil && info.StreamSerializer.Serializer == runtime.Serializer(slow) {
			stream := *info.StreamSerializer
			stream.Serializer = fast
			info.StreamSerializer = &stream
		}
		changed = true
	}
	if !changed {
		return n
	}
	return &negotiated{NegotiatedSerializer: n, infos: infos}
}

// negotiated is a NegotiatedSerializer with other serializers.
type negotiated struct {
	runtime.NegotiatedSerializer
	infos []runtime.SerializerInfo
}

func (n *negotiated) SupportedMediaTypes() []runtime.SerializerInfo { return n.infos }

// jsonSerializer is a JSON serializer that knows a way around its decoder. It is safe for concurrent use.
type jsonSerializer struct {
	*json.Serializer
	// kinds has what was last decoded into a type: reflect.Type to *schema.GroupVersionKind, which is never changed.
	kinds sync.Map
	// made is the type that was last made for a document. All objects of a watch are of one kind.
	made atomic.Pointer[made]
}

// made says which type documents of a kind are decoded into if the caller has none. It is never changed.
type made struct {
	apiVersion, kind string
	typ              reflect.Type
}

// Decode decodes data. See json.Serializer.
func (s *jsonSerializer) Decode(data []byte, defaults *schema.GroupVersionKind, into runtime.Object) (runtime.Object, *schema.GroupVersionKind, error) {
	fresh := into == nil
	if target := s.target(data, into); target != nil {
		if gvk, ok := s.decode(data, target); ok {
			return target, gvk, nil
		}
	}
	obj, gvk, err := s.Serializer.Decode(data, defaults, into)
	if err == nil && (fresh || obj == into) {
		s.learn(obj, *gvk, fresh)
	}
	return obj, gvk, err
}

// target returns what data may be decoded into: into, or a new object if that is nil and it is known of what type. Else nil.
func (s *jsonSerializer) target(data []byte, into runtime.Object) runtime.Object {
	if into != nil {
		return into
	}
	m := s.made.Load()
	if m == nil {
		return nil
	}
	apiVersion, kind, ok := fastjson.TypeMeta(data)
	if !ok || string(apiVersion) != m.apiVersion || string(kind) != m.kind {
		return nil
	}
	return reflect.New(m.typ).Interface().(runtime.Object)
}

// decode decodes data into target if both are known to be of the same kind.
func (s *jsonSerializer) decode(data []byte, target runtime.Object) (*schema.GroupVersionKind, bool) {
	v := reflect.ValueOf(target)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil, false
	}
	known, ok := s.kinds.Load(v.Type().Elem())
	if !ok || !fastjson.Unmarshal(data, target) {
		return nil, false
	}
	gvk := *known.(*schema.GroupVersionKind)
	if target.GetObjectKind().GroupVersionKind() != gvk {
		v.Elem().SetZero()
		return nil, false
	}
	return &gvk, true
}

// learn notes that a document that says it is of kind gvk was decoded into obj. fresh says that obj was made for it.
func (s *jsonSerializer) learn(obj runtime.Object, gvk schema.GroupVersionKind, fresh bool) {
	switch obj.(type) {
	case runtime.Unstructured, *runtime.Unknown:
		return // which decode themselves
	}
	v := reflect.ValueOf(obj)
	if v.Kind() != reflect.Pointer || v.IsNil() || gvk.Kind == "" || gvk.Version == "" || obj.GetObjectKind().GroupVersionKind() != gvk {
		return
	}
	typ := v.Type().Elem()
	if known, ok := s.kinds.Load(typ); !ok || *known.(*schema.GroupVersionKind) != gvk {
		s.kinds.Store(typ, &gvk)
	}
	if fresh {
		apiVersion, kind := gvk.ToAPIVersionAndKind()
		s.made.Store(&made{apiVersion: apiVersion, kind: kind, typ: typ})
	}
}
