package rest

import (
	"bytes"
	"encoding/json"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
)

// claimsList refuses an answer that a decoder takes for an empty list though it does not say that it is one: null, or an object
// without a kind or items, and for an untyped list any object without items; in protobuf an envelope without anything. Taken for
// a list it would mean that everything was deleted.
func (r Result) claimsList(untyped bool) error {
	mediaType, _, err := r.content.mediaType(r.contentType)
	if err != nil {
		return err
	}
	kind, items := "", false
	switch mediaType {
	case runtime.ContentTypeJSON:
		var fields map[string]json.RawMessage
		err = json.Unmarshal(r.body, &fields)
		kind = jsonString(fields["kind"])
		_, items = fields["items"]
	case runtime.ContentTypeCBOR:
		var fields map[string]any
		err = direct.Unmarshal(r.body, &fields)
		kind, _ = fields["kind"].(string)
		_, items = fields["items"]
	case runtime.ContentTypeProtobuf:
		var envelope runtime.Unknown
		message, _ := bytes.CutPrefix(r.body, []byte("k8s\x00"))
		err = envelope.Unmarshal(message)
		kind, items = envelope.Kind, envelope.Raw != nil
	default:
		return nil
	}
	if err != nil || items || kind != "" && !untyped {
		return nil //nolint:nilerr // what cannot be read at all is an error of the decoder
	}
	if status := r.content.status(r.contentType, r.body); status != nil {
		return apierrors.FromObject(status)
	}
	return fmt.Errorf("the server answered with an object of kind %.100q where a list was expected", kind)
}
