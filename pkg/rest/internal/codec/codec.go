// Package codec makes the decoders of apimachinery for JSON and protobuf faster, whatever they are part of, without a change to
// what they decode.
//
//	NegotiatedSerializer ── SupportedMediaTypes ──▶ serializer ── Decode ──▶ learned ── yes ──▶ fastjson or ── done ──▶ object
//	                                                                            │               fastproto
//	                                                                            └── no ──┐            └── not done ──┐
//	                                                                            apimachinery's Serializer ◀──────────┘
//
// What a document of some kind is decoded into depends on how a scheme was set up, so that is not guessed: the first document
// of a kind goes the long way, and shows which Go type belongs to it. Errors are always those of apimachinery.
package codec

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
)

// Faster returns n with faster decoders for JSON and protobuf if its own are those of apimachinery, and n itself if not. What n
// does with decoded objects, such as conversion and defaulting, is still done.
func Faster(n runtime.NegotiatedSerializer) runtime.NegotiatedSerializer {
	infos := slices.Clone(n.SupportedMediaTypes())
	changed := false
	for i := range infos {
		info := &infos[i]
		fast := faster(info.MediaType, info.Serializer)
		if fast == nil {
			continue
		}
		if info.StreamSerializer != nil && info.StreamSerializer.Serializer == info.Serializer {
			stream := *info.StreamSerializer
			stream.Serializer = fast
			info.StreamSerializer = &stream
		}
		info.Serializer = fast
		changed = true
	}
	if !changed {
		return n
	}
	return &negotiated{NegotiatedSerializer: n, infos: infos}
}

// faster returns a faster serializer, or nil.
func faster(mediaType string, slow runtime.Serializer) runtime.Serializer {
	switch slow := slow.(type) {
	case *json.Serializer:
		if mediaType == runtime.ContentTypeJSON && !slow.IsStrict() {
			return &jsonSerializer{Serializer: slow}
		}
	case *protobuf.Serializer:
		if mediaType == runtime.ContentTypeProtobuf {
			return &protobufSerializer{Serializer: slow}
		}
	}
	return nil
}

// negotiated is a NegotiatedSerializer with other serializers.
type negotiated struct {
	runtime.NegotiatedSerializer
	infos []runtime.SerializerInfo
}

func (n *negotiated) SupportedMediaTypes() []runtime.SerializerInfo { return n.infos }
