package differential

import (
	"encoding/json"
	"fmt"
	"mime"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
	jsonserializer "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
)

// encode makes the body of a request, written as YAML, what its content type says.
func encode(body, contentType string) ([]byte, error) {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return []byte(body), nil //nolint:nilerr // a scenario about just that; what is sent is as it is written
	}
	switch {
	case mediaType == protobufType:
		data, err := toJSON(body)
		if err != nil {
			return nil, err
		}
		object, _, err := codecs.UniversalDeserializer().Decode(data, nil, nil)
		if err != nil {
			return nil, err
		}
		return runtime.Encode(protobufSerializer, object)
	case mediaType == cborType:
		data, err := toJSON(body)
		if err != nil {
			return nil, err
		}
		var value any
		if err := json.Unmarshal(data, &value); err != nil {
			return nil, err
		}
		return direct.Marshal(value)
	case strings.HasSuffix(mediaType, "json"):
		return toJSON(body)
	}
	return []byte(body), nil
}

// decode makes of an answer's body what is compared: a tree for what is data, text for what is text.
func decode(data []byte, contentType string, asText bool) (any, error) {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil || asText {
		return string(data), nil //nolint:nilerr // without a media type, it is text
	}
	switch {
	case strings.HasSuffix(mediaType, "json"):
		return unmarshalJSON(data)
	case mediaType == "application/yaml":
		data, err := toJSON(string(data))
		if err != nil {
			return nil, err
		}
		return unmarshalJSON(data)
	case mediaType == protobufType:
		object, _, err := protobufSerializer.Decode(data, nil, nil)
		if err != nil {
			return nil, fmt.Errorf("%w: %q", err, data)
		}
		data, err := runtime.Encode(jsonSerializer, object)
		if err != nil {
			return nil, err
		}
		return unmarshalJSON(data)
	case mediaType == cborType:
		var value any
		if err := direct.Unmarshal(data, &value); err != nil {
			return nil, err
		}
		data, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		return unmarshalJSON(data)
	}
	return string(data), nil
}

const (
	protobufType = "application/vnd.kubernetes.protobuf"
	cborType     = "application/cbor"
)

var (
	scheme             = newScheme()
	codecs             = serializer.NewCodecFactory(scheme)
	protobufSerializer = protobuf.NewSerializer(scheme, scheme)
	jsonSerializer     = jsonserializer.NewSerializerWithOptions(jsonserializer.DefaultMetaFactory, scheme, scheme, jsonserializer.SerializerOptions{})
)
