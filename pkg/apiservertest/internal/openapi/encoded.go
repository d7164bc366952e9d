package openapi

import (
	"crypto/sha512"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	openapi_v2 "github.com/google/gnostic-models/openapiv2"
	openapi_v3 "github.com/google/gnostic-models/openapiv3"
	"google.golang.org/protobuf/proto"
)

// encoded is a document as it is sent.
type encoded struct {
	data     []byte // JSON
	hash     string
	protobuf func() ([]byte, error) // made when it is asked for first
	media    string                 // of the protobuf form
}

// The protobuf forms of documents; clients write them with an @ where answers have a dot.
const (
	protobufV2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
	protobufV3 = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf"
)

func encodeV3(doc *document) (*encoded, error) {
	return encode(doc, protobufV3, func(data []byte) (proto.Message, error) { return openapi_v3.ParseDocument(data) })
}

func encodeV2(doc *swagger) (*encoded, error) {
	return encode(doc, protobufV2, func(data []byte) (proto.Message, error) { return openapi_v2.ParseDocument(data) })
}

func encode(doc any, media string, parse func([]byte) (proto.Message, error)) (*encoded, error) {
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	return &encoded{
		data: data, hash: fmt.Sprintf("%X", sha512.Sum512(data)), media: media,
		protobuf: sync.OnceValues(func() ([]byte, error) {
			message, err := parse(data)
			if err != nil {
				return nil, err
			}
			return proto.MarshalOptions{Deterministic: true}.Marshal(message)
		}),
	}, nil
}

// negotiate returns the media type that a client accepts first; empty if it accepts none.
func (e *encoded) negotiate(r *http.Request) string {
	accept := r.Header.Get("Accept")
	if accept == "" {
		return "application/json"
	}
	for clause := range strings.SplitSeq(accept, ",") {
		media, _, _ := strings.Cut(clause, ";")
		media = strings.Replace(strings.TrimSpace(media), "@", ".", 1)
		if slices.Contains([]string{"application/json", "application/*", "*/*"}, media) {
			return "application/json"
		}
		if media == e.media {
			return media
		}
	}
	return ""
}

// in returns the document in a media type that negotiate returned.
func (e *encoded) in(media string) ([]byte, error) {
	if media == e.media {
		return e.protobuf()
	}
	return e.data, nil
}
