package codec

import (
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"

	"github.com/kubewright/kubewright/pkg/internal/fastjson"
	"github.com/kubewright/kubewright/pkg/internal/text"
)

// jsonSerializer is a JSON serializer that knows a way around its decoder. It is safe for concurrent use.
type jsonSerializer struct {
	*json.Serializer
	learned
}

// Decode decodes data. See json.Serializer.
func (s *jsonSerializer) Decode(data []byte, defaults *schema.GroupVersionKind, into runtime.Object) (runtime.Object, *schema.GroupVersionKind, error) {
	return s.decodeSharing(data, defaults, into, nil)
}

func (s *jsonSerializer) decodeSharing(data []byte, defaults *schema.GroupVersionKind, into runtime.Object, shared *text.Shared) (runtime.Object, *schema.GroupVersionKind, error) {
	fresh := into == nil
	if target := s.target(data, into); target != nil {
		if gvk, ok := s.decode(data, target, shared); ok {
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
	if s.made.Load() == nil {
		return nil
	}
	apiVersion, kind, ok := fastjson.TypeMeta(data)
	if !ok {
		return nil
	}
	return s.fresh(apiVersion, kind)
}

// decode decodes data into target if both are known to be of the same kind.
func (s *jsonSerializer) decode(data []byte, target runtime.Object, shared *text.Shared) (*schema.GroupVersionKind, bool) {
	known := s.kindOf(target)
	if known == nil || !fastjson.Unmarshal(data, target, shared) {
		return nil, false
	}
	gvk := *known
	if target.GetObjectKind().GroupVersionKind() != gvk {
		reflect.ValueOf(target).Elem().SetZero()
		return nil, false
	}
	return &gvk, true
}
