package rest

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/internal/text"
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
	kind    *kindOfItems // of a JSON list, else nil
	shared  *text.Shared // strings of the items
}

func newListReader(r *Request, resp *http.Response, format *listFormat, list runtime.Object, each func(ListItem) error) *listReader {
	body := &boundedBody{source: resp.Body, max: r.maxBody}
	l := &listReader{
		request: r,
		body:    body,
		format:  format,
		items:   format.encoding.list(body, maxFrameBytes),
		result:  Result{contentType: resp.Header.Get(contentTypeHeader), statusCode: resp.StatusCode, content: &r.content},
		list:    list,
		each:    each,
		shared:  text.Borrow(),
	}
	if format.encoding == jsonItems {
		l.kind = newKindOfItems(list, format, each)
		l.each = l.kind.take
	}
	return l
}

// read reads all of it. The reader cannot be used any more.
func (l *listReader) read() error {
	defer l.shared.Return()
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
		item, err := l.format.decode(data, l.shared)
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
	}
	if l.isUntyped() {
		return nil
	}
	soFar := l.rest().intoList(l.list.DeepCopyObject())
	if soFar == nil {
		return nil
	}
	// The decoder may say more of what it is if it sees all of it.
	l.items.KeepItems()
	if _, err := l.items.Next(); errors.Is(err, io.EOF) {
		if err := l.rest().intoList(l.list.DeepCopyObject()); err != nil {
			return err
		}
	}
	return soFar
}

// finish decodes what is around the items, all of which has been read.
func (l *listReader) finish() error {
	rest := l.rest()
	if len(rest.body) > 0 {
		if err := rest.claimsList(l.isUntyped()); err != nil {
			return err
		}
	}
	if err := rest.intoList(l.list); err != nil {
		return err
	}
	if meta.LenList(l.list) > 0 {
		return l.explain(frame.ErrNotAList) // the decoder sees items where the list has none
	}
	if l.kind != nil {
		return l.kind.finish(rest.body)
	}
	return nil
}

func (l *listReader) isUntyped() bool {
	_, untyped := l.list.(*unstructured.UnstructuredList)
	return untyped
}

// rest is what was read besides the items, as an answer of its own.
func (l *listReader) rest() Result {
	result := l.result
	result.body = l.items.Rest()
	return result
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
