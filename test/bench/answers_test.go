package bench

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
)

// encodings maps the names of the encodings in the names of benchmarks to media types.
var encodings = []struct{ name, mediaType string }{
	{"json", runtime.ContentTypeJSON},
	{"protobuf", runtime.ContentTypeProtobuf},
}

// serializers are those of core/v1.
var serializers = sync.OnceValue(func() serializer.CodecFactory {
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		panic(err)
	}
	return serializer.NewCodecFactory(scheme)
})

func serializerFor(mediaType string) runtime.SerializerInfo {
	info, ok := runtime.SerializerInfoForMediaType(serializers().SupportedMediaTypes(), mediaType)
	if !ok {
		panic("no serializer for " + mediaType)
	}
	return info
}

func encoderFor(mediaType string) runtime.Encoder {
	return serializers().EncoderForVersion(serializerFor(mediaType).Serializer, corev1.SchemeGroupVersion)
}

// question is what an answer depends on.
type question struct{ method, path, mediaType string }

type answer struct {
	code      int
	mediaType string
	body      []byte
}

// answers has every answer that the benchmarks need, encoded once, for the canned transport and for the server.
var answers = sync.OnceValue(func() map[question]answer {
	oneConfigMap, onePod := configMap(objectName), pod(objectName)
	all := map[question]answer{}
	for _, encoding := range encodings {
		encoder := encoderFor(encoding.mediaType)
		add := func(code int, method, path string, obj runtime.Object) {
			body, err := runtime.Encode(encoder, obj)
			if err != nil {
				panic(err)
			}
			all[question{method, "/api/v1/namespaces/" + namespace + path, encoding.mediaType}] = answer{code, encoding.mediaType, body}
		}
		for resource, objects := range map[string]struct{ one, list runtime.Object }{
			"/configmaps": {&oneConfigMap, configMapList()},
			"/pods":       {&onePod, podList()},
		} {
			add(http.StatusOK, http.MethodGet, resource+"/"+objectName, objects.one)
			add(http.StatusOK, http.MethodPatch, resource+"/"+objectName, objects.one)
			add(http.StatusCreated, http.MethodPost, resource, objects.one)
			add(http.StatusOK, http.MethodGet, resource, objects.list)
		}
	}
	return all
})

// answerTo returns the answer to a request, in the first media type that it accepts. What is not known is a 404.
func answerTo(r *http.Request) answer {
	mediaType, _, _ := strings.Cut(r.Header.Get("Accept"), ",")
	if a, ok := answers()[question{r.Method, r.URL.Path, mediaType}]; ok {
		return a
	}
	return answer{http.StatusNotFound, "text/plain", fmt.Appendf(nil, "no answer to %s %s as %q", r.Method, r.URL, mediaType)}
}

// canned is a transport that costs next to nothing.
type canned struct{}

func (canned) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return nil, err
		}
		r.Body.Close()
	}
	a := answerTo(r)
	length := int64(len(a.body))
	if length > 2048 {
		length = -1 // as Go's server, and so the API server, answers
	}
	return &http.Response{
		StatusCode: a.code, Status: http.StatusText(a.code), Proto: "HTTP/2.0", ProtoMajor: 2,
		Header:        http.Header{"Content-Type": {a.mediaType}},
		Body:          io.NopCloser(bytes.NewReader(a.body)),
		ContentLength: length,
		Request:       r,
	}, nil
}
