package endpoint

import (
	"fmt"
	"io"
	"net/http"
	"net/url"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/conversion"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// negotiate chooses how the answer is written.
func (c *call) negotiate() (codec.Representation, error) {
	return codec.Negotiate(c.r, codec.Offer{
		Stream:     c.verb == "watch",
		Collection: c.verb == "watch" || c.verb == "list",
		Transform:  true,
		Custom:     c.target().Resource.Custom && !c.ownKind(),
	})
}

// ownKind says whether the subresource has objects of a kind of its own, such as Scale.
func (c *call) ownKind() bool {
	t := c.target()
	return t.Subresource != nil && !t.Subresource.Kind.Empty() && t.Subresource.Kind != t.Resource.GroupVersionKind(t.Version)
}

// begin chooses how the answer is written, and reads the options in the query.
func begin[O any](c *call, convert func(*url.Values, *O, conversion.Scope) error) (codec.Representation, O, error) {
	rep, err := c.negotiate()
	if err != nil {
		var none O
		return rep, none, err
	}
	options, err := query(c.r, convert)
	return rep, options, err
}

func (c *call) get() error {
	rep, options, err := begin(c, metav1.Convert_url_Values_To_v1_GetOptions)
	if err != nil {
		return err
	}
	obj, err := c.config.Verbs.Get(c.r.Context(), c.req, options)
	if err != nil {
		return err
	}
	return c.write(rep, http.StatusOK, obj, nil)
}

func (c *call) list() error {
	rep, options, err := begin(c, metav1.Convert_url_Values_To_v1_ListOptions)
	if err != nil {
		return err
	}
	list, err := c.config.Verbs.List(c.r.Context(), c.req, options)
	if err != nil {
		return err
	}
	return c.writeList(rep, list)
}

// decoded returns the object in the body.
func (c *call) decoded(validation string) (kind.Object, []string, error) {
	data, err := body(c.r)
	if err != nil {
		return nil, nil, err
	}
	return c.config.Codec.Decode(c.r.Header.Get("Content-Type"), data, c.target(), validation)
}

func (c *call) create() error {
	rep, options, err := begin(c, metav1.Convert_url_Values_To_v1_CreateOptions)
	if err != nil {
		return err
	}
	obj, warnings, err := c.decoded(options.FieldValidation)
	if err != nil {
		return err
	}
	result, err := c.config.Verbs.Create(c.r.Context(), c.req, obj, options)
	return c.writeResult(rep, result, warnings, err)
}

func (c *call) update() error {
	rep, options, err := begin(c, metav1.Convert_url_Values_To_v1_UpdateOptions)
	if err != nil {
		return err
	}
	obj, warnings, err := c.decoded(options.FieldValidation)
	if err != nil {
		return err
	}
	result, err := c.config.Verbs.Update(c.r.Context(), c.req, obj, options)
	return c.writeResult(rep, result, warnings, err)
}

func (c *call) patch() error {
	typ, err := c.patchType()
	if err != nil {
		return err
	}
	rep, options, err := begin(c, metav1.Convert_url_Values_To_v1_PatchOptions)
	if err != nil {
		return err
	}
	data, err := body(c.r)
	if err != nil {
		return err
	}
	result, err := c.config.Verbs.Patch(c.r.Context(), c.req, typ, data, options)
	return c.writeResult(rep, result, nil, err)
}

func (c *call) delete() error {
	rep, err := c.negotiate()
	if err != nil {
		return err
	}
	options, err := c.deleteOptions()
	if err != nil {
		return err
	}
	result, err := c.config.Verbs.Delete(c.r.Context(), c.req, options)
	return c.writeResult(rep, result, nil, err)
}

func (c *call) deleteCollection() error {
	rep, list, err := begin(c, metav1.Convert_url_Values_To_v1_ListOptions)
	if err != nil {
		return err
	}
	options, err := c.deleteOptions()
	if err != nil {
		return err
	}
	deleted, err := c.config.Verbs.DeleteCollection(c.r.Context(), c.req, options, list)
	if err != nil {
		return err
	}
	return c.writeList(rep, deleted)
}

// log sends what a container has said, and, if it is followed, says.
func (c *call) log() error {
	var options corev1.PodLogOptions
	values := c.r.URL.Query()
	if err := convertLogOptions(values, &options); err != nil {
		return err
	}
	log, err := c.config.Verbs.Log(c.r.Context(), c.req, &options)
	if err != nil {
		return err
	}
	defer log.Close()
	c.w.Header().Set("Content-Type", "text/plain")
	_, err = io.Copy(flushed{c.w}, log)
	return c.cut(err)
}

// connect refuses what kube-apiserver hands on to a kubelet or a pod: there are none.
func (c *call) connect() error {
	object := c.req
	object.Target.Subresource = nil
	if _, err := c.config.Verbs.Get(c.r.Context(), object, metav1.GetOptions{}); err != nil {
		return err
	}
	return &apierrors.StatusError{ErrStatus: metav1.Status{
		Status: metav1.StatusFailure, Code: http.StatusNotImplemented,
		Message: fmt.Sprintf("%s/%s is not served by this test server: nothing runs behind its objects", c.target().Resource.Plural, c.target().Subresource.Name),
	}}
}

// cut breaks a response off whose head has been sent already.
func (c *call) cut(err error) error {
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

// flushed writes what is to be seen at once.
type flushed struct{ http.ResponseWriter }

func (w flushed) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	if err == nil {
		err = flush(w.ResponseWriter)
	}
	return n, err
}
