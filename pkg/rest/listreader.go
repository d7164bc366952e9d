package rest

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/rest/internal/frame"
)

// listReader reads one answer item by item. What is around the items is decoded as an answer of its own, by the decoder of
// the client: that knows what is a list of the right type, and what to make of anything else.
type listReader struct {
	request *Request
	body    *boundedBody
	format  *listFormat
	items   frame.List
	result  Result // of what is around the items
	list    runtime.Object
	each    func(ListItem) error
	kind    *inheritedKind // of the items of an untyped list, else nil
}

func newListReader(r *Request, resp *http.Response, format *listFormat, list runtime.Object, each func(ListItem) error) *listReader {
	body := &boundedBody{source: resp.Body, max: maxBodyBytes}
	l := &listReader{
		request: r,
		body:    body,
		format:  format,
		items:   format.encoding.list(body, maxFrameBytes),
		result:  Result{contentType: resp.Header.Get(contentTypeHeader), statusCode: resp.StatusCode, content: &r.content},
		list:    list,
		each:    each,
	}
	if _, untyped := list.(*unstructured.UnstructuredList); untyped {
		l.kind = &inheritedKind{each: each}
		l.each = l.kind.take
	}
	return l
}

func (l *listReader) read() error {
	if err := l.open(); err != nil {
		return err
	}
	for {
		data, err := l.items.Next()
		if errors.Is(err, io.EOF) {
			return l.finish()
		}
		if err != nil {
			return l.explain(err)
		}
		item, err := l.format.decode(data)
		if err != nil {
			return l.explain(err)
		}
		if err := l.each(item); err != nil {
			return err
		}
	}
}

// open reads as far as the items, and returns what is wrong with the list so far.
func (l *listReader) open() error {
	if err := l.items.Open(); err != nil && !errors.Is(err, io.EOF) {
		return l.explain(err)
	}
	if l.kind != nil {
		l.kind.learn(l.items.Rest())
		return nil
	}
	soFar := l.restInto(l.list.DeepCopyObject())
	if soFar == nil {
		return nil
	}
	// The decoder may say more of what it is if it sees all of it.
	l.items.KeepItems()
	if _, err := l.items.Next(); errors.Is(err, io.EOF) {
		if err := l.restInto(l.list.DeepCopyObject()); err != nil {
			return err
		}
	}
	return soFar
}

// finish decodes what is around the items, all of which has been read.
func (l *listReader) finish() error {
	rest := l.items.Rest()
	if l.format.encoding == jsonItems && len(rest) > 0 {
		if err := l.checkFields(rest); err != nil {
			return err
		}
	}
	if err := l.restInto(l.list); err != nil {
		return err
	}
	if meta.LenList(l.list) > 0 {
		return l.explain(frame.ErrNotAList) // the decoder sees items where the list has none
	}
	if l.kind != nil {
		return l.kind.finish(rest)
	}
	return nil
}

// checkFields refuses JSON that a decoder might take for an empty list: any object for an untyped one, and for a typed one an
// object that does not say what it is.
func (l *listReader) checkFields(rest []byte) error {
	fields := jsonFields(rest)
	kind := jsonString(fields["kind"])
	if _, ok := fields["items"]; ok || kind != "" && l.kind == nil || fields == nil {
		return nil
	}
	if status := l.result.content.status(l.result.contentType, rest); status != nil {
		return apierrors.FromObject(status)
	}
	return fmt.Errorf("the server answered with an object of kind %.100q where a list was expected", kind)
}

// restInto decodes what was read besides the items.
func (l *listReader) restInto(list runtime.Object) error {
	result := l.result
	result.body = l.items.Rest()
	return result.intoList(list)
}

// explain returns what an error of reading is about.
func (l *listReader) explain(err error) error {
	switch {
	case errors.Is(err, errBodyTooLarge):
		return l.request.errTooLarge()
	case errors.Is(err, frame.ErrNotAList):
		return fmt.Errorf("unable to decode the response: %w", err)
	case errors.Is(err, frame.ErrTooLarge):
		return fmt.Errorf("the response to %s %s has an object, or something besides its objects, of more than %d bytes", l.request.verb, l.request.URL().Path, maxFrameBytes)
	}
	return l.request.errBrokeOff(l.body.count, err)
}

// boundedBody counts what is read, and fails with errBodyTooLarge when that is more than max bytes.
type boundedBody struct {
	source     io.Reader
	count, max int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.count > b.max {
		return 0, errBodyTooLarge
	}
	n, err := b.source.Read(p)
	if b.count += int64(n); b.count > b.max {
		return n, errBodyTooLarge
	}
	return n, err
}
