package rest

import (
	"bytes"
	"errors"
	"fmt"
	"mime"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor"
)

// ContentConfig says how the objects of a client are encoded.
type ContentConfig struct {
	// AcceptContentTypes is the Accept header; empty means ContentType first, then anything.
	AcceptContentTypes string
	// ContentType is the media type of the objects that are sent; empty means application/json.
	ContentType string
	// GroupVersion is the API's group and version. RESTClientFor needs it; UnversionedRESTClientFor does not.
	GroupVersion *schema.GroupVersion
	// NegotiatedSerializer encodes and decodes objects.
	NegotiatedSerializer runtime.NegotiatedSerializer
}

// ClientContentConfig is ContentConfig as RESTClient uses it.
type ClientContentConfig struct {
	// AcceptContentTypes is the Accept header; empty means ContentType first, then anything.
	AcceptContentTypes string
	// ContentType is the media type of the objects that are sent; empty means application/json.
	ContentType string
	// GroupVersion is the API's group and version, and the one in which VersionedParams encodes.
	GroupVersion schema.GroupVersion
	// Negotiator finds the encoder or decoder for a media type.
	Negotiator runtime.ClientNegotiator
}

// The values of headers that are set often; shared, so never changed.
var (
	acceptProtobufThenJSON = []string{runtime.ContentTypeProtobuf + "," + runtime.ContentTypeJSON}
	justJSON               = []string{runtime.ContentTypeJSON}
)

// content is how one request's objects are encoded.
type content struct {
	contentType string   // of objects that are sent; never empty
	accept      []string // the Accept header, one value that is never empty; shared, so never changed
	// unset says that the Config named no type at all, so that a request may choose.
	unset      bool
	negotiator runtime.ClientNegotiator
}

func newContent(c ClientContentConfig) content {
	out := content{contentType: c.ContentType, negotiator: c.Negotiator}
	out.unset = c.ContentType == "" && c.AcceptContentTypes == ""
	if out.contentType == "" {
		out.contentType = runtime.ContentTypeJSON
	}
	accept := c.AcceptContentTypes
	if accept == "" {
		accept = out.contentType + ", */*"
	}
	out.accept = []string{accept}
	return out
}

// encode returns obj as contentType.
func (c *content) encode(obj runtime.Object, contentType string) ([]byte, error) {
	if c.negotiator == nil {
		return nil, errors.New("the client was made without a NegotiatedSerializer: pass bytes instead")
	}
	mediaType, params := contentType, map[string]string(nil)
	if mediaType != runtime.ContentTypeJSON && mediaType != runtime.ContentTypeProtobuf {
		var err error
		if mediaType, params, err = mime.ParseMediaType(contentType); err != nil {
			return nil, fmt.Errorf("content type %q: %w", contentType, err)
		}
	}
	encoder, err := c.negotiator.Encoder(mediaType, params)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := encoder.Encode(obj, &buf); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// decoder returns the decoder for a response's Content-Type header.
func (c *content) decoder(header string) (runtime.Decoder, error) {
	mediaType, params, err := c.mediaType(header)
	if err != nil {
		return nil, err
	}
	if c.negotiator == nil {
		return nil, fmt.Errorf("this client cannot decode %q: it was made without a NegotiatedSerializer; use Raw or DoRaw", mediaType)
	}
	return c.negotiator.Decoder(mediaType, params)
}

// streamDecoder returns the decoder of the objects within a watch stream and the stream's media type.
func (c *content) streamDecoder(header string) (decoder runtime.Decoder, mediaType string, err error) {
	mediaType, params, err := c.mediaType(header)
	if err != nil {
		return nil, "", err
	}
	if c.negotiator == nil {
		return nil, "", fmt.Errorf("this client cannot decode %q: it was made without a NegotiatedSerializer", mediaType)
	}
	if mediaType == runtime.ContentTypeCBORSequence {
		mediaType = runtime.ContentTypeCBOR // what a sequence of is registered
	}
	decoder, _, _, err = c.negotiator.StreamDecoder(mediaType, params)
	return decoder, mediaType, err
}

// mediaType parses a Content-Type header. A response that has none is taken for what the client asked for.
func (c *content) mediaType(header string) (string, map[string]string, error) {
	switch header {
	case "":
		header = c.contentType
	case runtime.ContentTypeJSON, runtime.ContentTypeProtobuf: // what nearly every response has needs no parsing
		return header, nil, nil
	}
	mediaType, params, err := mime.ParseMediaType(header)
	if err != nil {
		return "", nil, fmt.Errorf("the response's Content-Type %q is malformed: %w", header, err)
	}
	return mediaType, params, nil
}

// CodecFactoryForGeneratedClient returns the codec factory that a generated client shall use instead of codecs, which was
// made from scheme: one that knows CBOR, too. It is used only by clients whose ContentType or AcceptContentTypes names
// application/cbor; servers do not send it unasked. It is for generated code.
func CodecFactoryForGeneratedClient(scheme *runtime.Scheme, codecs serializer.CodecFactory) serializer.CodecFactory {
	if _, known := runtime.SerializerInfoForMediaType(codecs.SupportedMediaTypes(), runtime.ContentTypeCBOR); known {
		return codecs
	}
	return serializer.NewCodecFactory(scheme, serializer.WithSerializer(cbor.NewSerializerInfo))
}
