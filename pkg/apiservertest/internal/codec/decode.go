package codec

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// Decode returns the object in the body of a request that is addressed to t: of t's version, or of the kind of t's subresource. It has no apiVersion and
// kind if it is of a built-in resource. The warnings are of fields that are unknown or given twice; validation Strict makes them an error, Ignore drops
// them.
func (c *Codec) Decode(contentType string, data []byte, t kind.Target, validation string) (obj kind.Object, warnings []string, err error) {
	want := t.Resource.GroupVersionKind(t.Version)
	custom := t.Resource.Custom
	if t.Subresource != nil && t.Subresource.Kind != want && !t.Subresource.Kind.Empty() {
		want, custom = t.Subresource.Kind, false
	}
	media, err := InputMedia(contentType, custom)
	if err != nil {
		return nil, nil, err
	}
	// Other values are refused by who looks at the options; until then nothing is said of fields.
	strict := validation == "" || validation == metav1.FieldValidationWarn || validation == metav1.FieldValidationStrict
	var problems []error
	if custom {
		obj, problems, err = c.decodeCustom(media, data, t, strict)
	} else {
		obj, problems, err = c.decodeTyped(media, data, want, strict)
	}
	if err != nil {
		return nil, nil, err
	}
	if validation == metav1.FieldValidationStrict && len(problems) > 0 {
		return nil, nil, unreadable(&want, runtime.NewStrictDecodingError(problems), want.Kind, data)
	}
	return obj, Warnings(problems), nil
}

// Warnings returns what to tell a client of fields that are unknown or given twice.
func Warnings(problems []error) []string {
	var warnings []string
	for _, problem := range problems {
		if lines, ok := strings.CutPrefix(problem.Error(), "yaml: unmarshal errors:\n"); ok {
			for _, line := range strings.Split(lines, "\n") {
				warnings = append(warnings, strings.TrimSpace(line))
			}
			continue
		}
		warnings = append(warnings, problem.Error())
	}
	return warnings
}

// decodeTyped decodes what has a Go type in the scheme.
func (c *Codec) decodeTyped(media Media, data []byte, want schema.GroupVersionKind, strict bool) (kind.Object, []error, error) {
	decoded, gvk, err := c.decoder(media, strict).Decode(data, &want, nil)
	var problems []error
	if strictErr, ok := runtime.AsStrictDecodingError(err); ok && decoded != nil {
		problems, err = strictErr.Errors(), nil
	}
	if err != nil {
		return nil, nil, unreadable(gvk, err, want.Kind, data)
	}
	if gvk.GroupVersion() != want.GroupVersion() && gvk.Kind == want.Kind {
		return nil, nil, otherVersion(gvk.GroupVersion().String(), want)
	}
	obj, ok := decoded.(kind.Object)
	if !ok || gvk.Kind != want.Kind {
		return nil, nil, unreadable(gvk, fmt.Errorf("converting (%s) to (%s): unknown conversion", reflect.TypeOf(decoded).Elem(), internalType(want.Group, want.Kind)), want.Kind, data)
	}
	obj.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{})
	return obj, problems, nil
}

// decoder returns the decoder of a media type.
func (c *Codec) decoder(media Media, strict bool) runtime.Decoder {
	switch media {
	case Protobuf:
		return protobuf.NewSerializer(c.config.Scheme, c.config.Scheme)
	case CBOR:
		return cbor.NewSerializer(c.config.Scheme, c.config.Scheme, cbor.Strict(strict))
	}
	return json.NewSerializerWithOptions(json.DefaultMetaFactory, c.config.Scheme, c.config.Scheme, json.SerializerOptions{Yaml: media == YAML, Strict: strict})
}

// DeleteOptions decodes the body of a delete, which may be missing: then o stays as it is.
func (c *Codec) DeleteOptions(contentType string, data []byte, o *metav1.DeleteOptions) error {
	media, err := InputMedia(contentType, false)
	if err != nil || len(data) == 0 {
		return err
	}
	want := schema.GroupVersionKind{Version: "v1", Kind: "DeleteOptions"}
	var into deleteOptions
	_, gvk, err := c.decoder(media, false).Decode(data, &want, &into)
	if err != nil {
		return apierrors.NewBadRequest(strings.Replace(err.Error(), "deleteOptions.DeleteOptions.", "DeleteOptions.", 1)) // as if into were not of a type of its own
	}
	if gvk.Kind != want.Kind {
		return apierrors.NewBadRequest(runtime.NewNotRegisteredErrForKind(c.config.Scheme.Name(), *gvk).Error())
	}
	*o = into.DeleteOptions
	return nil
}

// deleteOptions are of a type that the scheme does not know, so that they are decoded whatever group they say they are of: every
// group has them, those of custom resources too.
type deleteOptions struct{ metav1.DeleteOptions }

// DeepCopyObject implements runtime.Object.
func (d *deleteOptions) DeepCopyObject() runtime.Object {
	return &deleteOptions{*d.DeleteOptions.DeepCopy()}
}

// unreadable is the error of a body that has no object of kind want. gvk is what it says that it has, as far as that is known.
func unreadable(gvk *schema.GroupVersionKind, err error, want string, data []byte) error {
	if gvk != nil && gvk.Kind != "" {
		return apierrors.NewBadRequest(fmt.Sprintf("%s in version %q cannot be handled as a %s: %v", gvk.Kind, gvk.Version, want, err))
	}
	return apierrors.NewBadRequest(fmt.Sprintf("the object provided is unrecognized (must be of type %s): %v (%s)", want, err, summary(data)))
}

func otherVersion(got string, want schema.GroupVersionKind) error {
	return apierrors.NewBadRequest(fmt.Sprintf("the API version in the data (%s) does not match the expected API version (%s)", got, want.GroupVersion()))
}

// summary returns how a body begins.
func summary(data []byte) string {
	const most = 30
	text, more := data, ""
	if len(text) > most {
		text, more = text[:most], " ..."
	}
	switch {
	case len(text) == 0:
		return "<empty>"
	case text[0] == '{':
		return string(text) + more
	}
	return hex.EncodeToString(text) + more
}
