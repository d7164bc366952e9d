package codec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor"
	"sigs.k8s.io/yaml"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// Config is what a Codec stands on.
type Config struct {
	// Scheme knows the kinds that are not of a resource's own: Scale, Eviction, DeleteOptions, Status.
	Scheme *runtime.Scheme
	// Now is the clock that ages in tables are told by. Default time.Now.
	Now func() time.Time
	// Columns returns the columns of a resource's Table; nil, or no column, means the server's own.
	Columns func(*kind.Resource, *kind.Version) []Column
	// Prune removes from a custom object the fields that its schema does not have, and returns their paths, such as "spec.x". Nil: all fields are kept.
	Prune func(t kind.Target, object map[string]any) (unknown []string)
	// CacheBytes bounds what is kept of encoded objects: twice as many bytes, at most. Default 16 MiB.
	CacheBytes int
}

// Codec turns objects into bytes and bytes into objects. All methods may be called concurrently.
type Codec struct {
	config Config
	cache  *cache
	cbor   cbor.Serializer
}

// New returns a Codec.
func New(config Config) *Codec {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.CacheBytes == 0 {
		config.CacheBytes = 16 << 20
	}
	return &Codec{
		config: config,
		cache:  newCache(config.CacheBytes),
		cbor:   cbor.NewSerializer(config.Scheme, config.Scheme),
	}
}

// Forget drops what is kept of encoded objects, and so the objects, which may be no one else's any more.
func (c *Codec) Forget() { c.cache.clear() }

// Object returns obj, which was asked for at t, as rep says. Objects of t's resource are those of the storage, of any version; they must not change
// afterwards. Other objects, such as a Scale, are written as they are; they need a kind, or one in the scheme.
func (c *Codec) Object(rep Representation, t kind.Target, obj runtime.Object, include metav1.IncludeObjectPolicy) ([]byte, error) {
	own, ok := c.ofResource(t, obj)
	if !ok || rep.As == AsItself {
		return c.finish(rep, func(media Media) ([]byte, error) {
			if ok {
				return c.full(media, t, own)
			}
			return c.other(media, obj)
		})
	}
	switch rep.As {
	case AsPartialMetadata:
		return c.finish(rep, func(media Media) ([]byte, error) { return c.partial(media, rep.Version, t, own) })
	case AsPartialList:
		return nil, notAcceptable("you requested PartialObjectMetadataList, but the requested object is not a list (*%s)", internalType(t.Resource.Group, t.Resource.Kind))
	}
	table, err := c.table(rep, t, []kind.Object{own}, include, true)
	if err != nil {
		return nil, err
	}
	table.ResourceVersion = own.GetResourceVersion()
	return c.finish(rep, func(media Media) ([]byte, error) { return c.other(media, table) })
}

// ofResource returns obj as one of t's resource, which can be converted and turned into a Table; false for a Status, a Scale and the like.
func (c *Codec) ofResource(t kind.Target, obj runtime.Object) (kind.Object, bool) {
	own, ok := obj.(kind.Object)
	if !ok || t.Resource == nil {
		return nil, false
	}
	if u, ok := own.(*unstructured.Unstructured); ok {
		return own, t.Resource.Custom && u.GetKind() == t.Resource.Kind
	}
	if t.Resource.Custom {
		return nil, false
	}
	gvks, _, err := c.config.Scheme.ObjectKinds(obj)
	return own, err == nil && gvks[0].Kind == t.Resource.Kind
}

// finish makes what write returns pretty, or YAML, if rep is.
func (c *Codec) finish(rep Representation, write func(Media) ([]byte, error)) ([]byte, error) {
	switch {
	case rep.Media == YAML:
		data, err := write(JSON)
		if err != nil {
			return nil, err
		}
		return yaml.JSONToYAML(data)
	case rep.Media == JSON && rep.Pretty:
		data, err := write(JSON)
		if err != nil {
			return nil, err
		}
		var out bytes.Buffer
		err = json.Indent(&out, bytes.TrimRight(data, "\n"), "", "  ")
		return out.Bytes(), err
	case rep.Media == JSON:
		data, err := write(JSON)
		return append(data[:len(data):len(data)], '\n'), err
	}
	return write(rep.Media)
}

// full returns an object of t's resource with its kind, in t's version.
func (c *Codec) full(media Media, t kind.Target, obj kind.Object) ([]byte, error) {
	gvk := t.Resource.GroupVersionKind(t.Version)
	if media == CBOR {
		converted, err := Convert(obj, t.Version, t.Resource)
		if err != nil {
			return nil, err
		}
		return c.marshal(CBOR, stamped(converted, gvk))
	}
	data, err := c.bare(media, t, obj)
	if err != nil {
		return nil, err
	}
	switch {
	case media == Protobuf:
		return envelope(gvk, data)
	case t.Resource.Custom:
		return data, nil
	}
	return withKind(gvk, data), nil
}

// bare returns an object of t's resource, in t's version, as it is in lists: those of built-in resources have no kind there.
func (c *Codec) bare(media Media, t kind.Target, obj kind.Object) ([]byte, error) {
	encode := func() ([]byte, error) {
		converted, err := Convert(obj, t.Version, t.Resource)
		if err != nil {
			return nil, err
		}
		gvk := t.Resource.GroupVersionKind(t.Version)
		if !t.Resource.Custom {
			gvk = schema.GroupVersionKind{}
		}
		return c.marshal(media, stamped(converted, gvk))
	}
	if obj.GetName() == "" { // a bookmark: made for one watch
		return encode()
	}
	return c.cache.get(cacheKey{obj, form{version: t.Version, media: media}}, encode)
}

// other returns an object that has a kind, or has one in the scheme.
func (c *Codec) other(media Media, obj runtime.Object) ([]byte, error) {
	gvk := obj.GetObjectKind().GroupVersionKind()
	if gvk.Empty() {
		gvks, _, err := c.config.Scheme.ObjectKinds(obj)
		if err != nil {
			return nil, err
		}
		gvk = gvks[0]
		if gvk.Kind == "Status" { // the scheme has it in every group; it is written in one
			gvk.Group, gvk.Version = "", "v1"
		}
		obj = stamped(obj, gvk)
	}
	data, err := c.marshal(media, obj)
	if err == nil && media == Protobuf {
		return envelope(gvk, data)
	}
	return data, err
}

// marshal returns obj as it is; protobuf without the envelope that says the kind.
func (c *Codec) marshal(media Media, obj runtime.Object) ([]byte, error) {
	switch media {
	case Protobuf:
		m, ok := obj.(interface{ Marshal() ([]byte, error) })
		if !ok {
			return nil, notAcceptable("object %T does not implement the protobuf marshalling interface and cannot be encoded to a protobuf message", obj)
		}
		return m.Marshal()
	case CBOR:
		var out bytes.Buffer
		err := c.cbor.Encode(obj, &out)
		return out.Bytes(), err
	}
	if u, ok := obj.(*unstructured.Unstructured); ok {
		return json.Marshal(u.Object)
	}
	return json.Marshal(obj)
}

// stamped returns a shallow copy of obj of that kind.
func stamped(obj runtime.Object, gvk schema.GroupVersionKind) runtime.Object {
	if obj.GetObjectKind().GroupVersionKind() == gvk {
		return obj
	}
	if u, ok := obj.(*unstructured.Unstructured); ok {
		content := make(map[string]any, len(u.Object))
		for k, v := range u.Object {
			content[k] = v
		}
		out := &unstructured.Unstructured{Object: content}
		out.SetGroupVersionKind(gvk)
		return out
	}
	value := reflect.ValueOf(obj).Elem()
	shallow := reflect.New(value.Type())
	shallow.Elem().Set(value)
	out, ok := shallow.Interface().(runtime.Object)
	if !ok {
		return obj // cannot be: it has obj's type
	}
	out.GetObjectKind().SetGroupVersionKind(gvk)
	return out
}

// partial returns the metadata of obj as a PartialObjectMetadata.
func (c *Codec) partial(media Media, version string, t kind.Target, obj kind.Object) ([]byte, error) {
	encode := func() ([]byte, error) {
		converted, err := Convert(obj, t.Version, t.Resource)
		if err != nil {
			return nil, err
		}
		out := meta.AsPartialObjectMetadata(converted)
		out.SetGroupVersionKind(metaKind(version, "PartialObjectMetadata"))
		return c.other(media, out)
	}
	if obj.GetName() == "" {
		return encode()
	}
	return c.cache.get(cacheKey{obj, form{version: t.Version, media: media, as: AsPartialMetadata, meta: version}}, encode)
}

func metaKind(version, kind string) schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: metav1.GroupName, Version: version, Kind: kind}
}

func notAcceptable(format string, args ...any) error {
	return status(http.StatusNotAcceptable, metav1.StatusReasonNotAcceptable, fmt.Sprintf(format, args...), nil)
}
