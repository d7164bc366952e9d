package codec

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Media is how an object is written.
type Media string

// The media types that objects have.
const (
	JSON     = Media(runtime.ContentTypeJSON)
	YAML     = Media(runtime.ContentTypeYAML)
	Protobuf = Media(runtime.ContentTypeProtobuf)
	CBOR     = Media(runtime.ContentTypeCBOR)
	// CBORSequence is that of a watch in CBOR.
	CBORSequence Media = "application/cbor-seq"
)

// As is what an object is turned into before it is written.
type As string

// What the Accept header may ask for by the parameter "as".
const (
	AsItself          As = ""
	AsTable           As = "Table"
	AsPartialMetadata As = "PartialObjectMetadata"
	AsPartialList     As = "PartialObjectMetadataList"
)

// Representation is how an answer is written.
type Representation struct {
	Media  Media
	Stream bool // a watch
	Pretty bool
	As     As
	// Version is that of group meta.k8s.io, "v1" or "v1beta1", in which As is.
	Version string
}

// ContentType is the header of that name.
func (r Representation) ContentType() string {
	switch {
	case r.Stream && r.Media == Protobuf:
		return string(Protobuf) + ";stream=watch"
	case r.Stream && r.Media == CBOR:
		return string(CBORSequence)
	}
	return string(r.Media)
}

// Offer is what an endpoint can answer with.
type Offer struct {
	// Stream says that the answer is a watch.
	Stream bool
	// Collection says that the endpoint has watches too, which one of the error texts tells.
	Collection bool
	// Transform says that the answer can become a Table or a PartialObjectMetadata.
	Transform bool
	// Custom says that the objects have no protobuf form.
	Custom bool
}

const (
	mediaTypes       = "application/json, application/yaml, application/vnd.kubernetes.protobuf"
	streamMediaTypes = "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch"
)

// Negotiate chooses the representation of the answer to r. The errors are those of kube-apiserver, which does not name CBOR while that is behind a
// feature gate.
func Negotiate(r *http.Request, offer Offer) (Representation, error) {
	accept := r.Header.Get("Accept")
	if !offer.Custom && !routable(accept) {
		available := mediaTypes
		if offer.Collection {
			available += ", " + streamMediaTypes
		}
		return Representation{}, status(http.StatusNotAcceptable, metav1.StatusReasonNotAcceptable,
			"406: Not Acceptable\n\nAvailable representations: "+available, &metav1.StatusDetails{})
	}
	for _, clause := range parseAccept(accept) {
		if rep, ok := offer.match(clause); ok {
			rep.Pretty = rep.Media == JSON && !rep.Stream && (rep.Pretty || pretty(r.URL.Query(), r.UserAgent()))
			return rep, nil
		}
	}
	accepted := mediaTypes
	if offer.Stream && !offer.Custom {
		accepted = streamMediaTypes
	}
	return Representation{}, status(http.StatusNotAcceptable, metav1.StatusReasonNotAcceptable,
		"only the following media types are accepted: "+accepted, nil)
}

// NegotiateStatus chooses the representation of an error: JSON for those who read, if nothing else is acceptable.
func NegotiateStatus(r *http.Request) Representation {
	for _, clause := range parseAccept(r.Header.Get("Accept")) {
		if rep, ok := (Offer{}).match(clause); ok {
			rep.Pretty = rep.Media == JSON && (rep.Pretty || pretty(r.URL.Query(), r.UserAgent()))
			return rep
		}
	}
	return Representation{Media: JSON, Pretty: true}
}

// routable says whether one of the media types of an Accept header, their parameters aside, is one that the server's routes produce. Partial wildcards
// are none.
func routable(accept string) bool {
	if strings.TrimSpace(accept) == "" {
		return true
	}
	for _, one := range strings.Split(accept, ",") {
		media, _, _ := strings.Cut(one, ";")
		switch strings.TrimSpace(media) {
		case "*/*", string(JSON), string(YAML), string(Protobuf), string(CBOR), string(CBORSequence):
			return true
		}
	}
	return false
}

// match returns the representation that a clause of the Accept header asks for, if the endpoint has it.
func (o Offer) match(c clause) (Representation, bool) {
	for _, media := range []Media{JSON, YAML, Protobuf, CBOR} {
		switch {
		case o.Stream && media == YAML, o.Custom && media == Protobuf:
			continue
		}
		sequence := media == CBOR && o.Stream && c.matches(CBORSequence)
		if !sequence && !c.matches(media) {
			continue
		}
		rep := Representation{Media: media, Stream: o.Stream}
		if !o.accepts(c.params, &rep) {
			return Representation{}, false
		}
		if rep.As == AsTable && media == Protobuf { // a Table has no such form
			return Representation{}, false
		}
		return rep, true
	}
	return Representation{}, false
}

// accepts puts the parameters of a media type into rep. It returns false if the endpoint cannot do what they say; those that are unknown say nothing.
func (o Offer) accepts(params map[string]string, rep *Representation) bool {
	if stream, ok := params["stream"]; ok && stream != "" && stream != "watch" {
		return false
	}
	if p := params["pretty"]; p == "1" || p == "true" {
		rep.Pretty = true
	}
	as := params["as"]
	if as == "" {
		return true
	}
	if !o.Transform || params["g"] != metav1.GroupName || (params["v"] != "v1" && params["v"] != "v1beta1") {
		return false
	}
	rep.As, rep.Version = As(as), params["v"]
	return rep.As == AsTable || rep.As == AsPartialMetadata || rep.As == AsPartialList
}

// pretty says whether the client is for human eyes, unless it says so itself.
func pretty(query url.Values, userAgent string) bool {
	if p := query.Get("pretty"); p != "" {
		yes, err := strconv.ParseBool(p)
		return err == nil && yes
	}
	for _, browser := range []string{"curl", "Wget", "Mozilla/5.0"} {
		if strings.HasPrefix(userAgent, browser) {
			return true
		}
	}
	return false
}

// InputMedia returns the media type of a body that has an object; an empty header means JSON.
func InputMedia(contentType string, custom bool) (Media, error) {
	media, _, _ := strings.Cut(contentType, ";")
	switch media := Media(strings.ToLower(strings.TrimSpace(media))); media {
	case "":
		return JSON, nil
	case JSON, YAML, CBOR:
		return media, nil
	case Protobuf:
		if !custom {
			return media, nil
		}
	}
	return "", UnsupportedMediaType(mediaTypes)
}

// UnsupportedMediaType is the error of a body that is none of those accepted.
func UnsupportedMediaType(accepted string) error {
	return status(http.StatusUnsupportedMediaType, metav1.StatusReasonUnsupportedMediaType,
		fmt.Sprintf("the body of the request was in an unknown format - accepted media types include: %s", accepted), nil)
}

func status(code int32, reason metav1.StatusReason, message string, details *metav1.StatusDetails) *apierrors.StatusError {
	return &apierrors.StatusError{ErrStatus: metav1.Status{
		Status: metav1.StatusFailure, Code: code, Reason: reason, Message: message, Details: details,
	}}
}
