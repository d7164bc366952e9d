package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// statusError returns the error that a response without success stands for: the Status in its body or, if there is none, one
// that is made from the status code and what the body begins with.
func (r *Request) statusError(resp *http.Response, body []byte) error {
	if status := r.content.status(resp.Header.Get(contentTypeHeader), body); status != nil {
		return apierrors.FromObject(status)
	}
	text := strings.ToValidUTF8(string(body[:min(len(body), maxErrorTextBytes)]), string(utf8.RuneError))
	text = strings.TrimSpace(text)
	if text == "" {
		text = "unknown"
	}
	wait, _ := retryAfter(resp.Header, time.Now())
	err := apierrors.NewGenericServerResponse(resp.StatusCode, r.verb, schema.GroupResource{Group: r.c.version.Group, Resource: r.resource},
		r.name, text, int(wait/time.Second), true)
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		err.ErrStatus.Message = redirectMessage(resp)
	}
	return err
}

// status returns the failure that body holds, or nil if it holds none.
func (c *content) status(contentType string, body []byte) *metav1.Status {
	if len(body) == 0 {
		return nil
	}
	if mediaType, _, err := c.mediaType(contentType); err == nil && mediaType == runtime.ContentTypeJSON {
		// The same for all clients, whether their scheme knows Status or their objects have no types at all.
		status := &metav1.Status{}
		if err := json.Unmarshal(body, status); err != nil || status.Kind != "Status" {
			return nil
		}
		status.TypeMeta = metav1.TypeMeta{}
		return failure(status)
	}
	decoder, err := c.decoder(contentType)
	if err != nil {
		return nil
	}
	obj, _, err := decoder.Decode(body, nil, nil)
	if err != nil {
		return nil
	}
	return failure(obj)
}

// failure returns obj if it is a Status that tells of a failure, else nil.
func failure(obj runtime.Object) *metav1.Status {
	status, ok := obj.(*metav1.Status)
	if !ok || status.Status == metav1.StatusSuccess {
		return nil
	}
	return status
}

// redirectMessage names the server that a redirect leads to. The rest of the address may have secrets.
func redirectMessage(resp *http.Response) string {
	to := "elsewhere"
	if u, err := url.Parse(resp.Header.Get("Location")); err == nil && u.Host != "" {
		to = fmt.Sprintf("%q", u.Scheme+"://"+u.Host)
	}
	return fmt.Sprintf("the server answered with %s and a redirect to %s, which is not followed: API servers send none, so check that the address in the client's configuration is that of an API server", resp.Status, to)
}
