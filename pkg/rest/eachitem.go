package rest

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// ListItem is one object of a list that is read item by item.
type ListItem struct {
	// Object is nil if it could not be decoded. It is the receiver's, and shares no memory with other objects
	// but for equal strings.
	Object runtime.Object
	// Size is the number of bytes of its encoding; 0 if the list was read whole.
	Size int
	// Undecodable is set exactly if Object is nil.
	Undecodable *UndecodableError
}

// UndecodableError is about an object that arrived whole but cannot be decoded. It names the object as far as that could be
// read, and does not repeat anything else of it.
type UndecodableError struct {
	Namespace, Name string
	UID             types.UID
	ResourceVersion string
	Err             error // what is wrong
}

func (e *UndecodableError) Error() string {
	name := e.Name
	if e.Namespace != "" {
		name = e.Namespace + "/" + name
	}
	return fmt.Sprintf("object %.600q (uid %.100q, resourceVersion %.100q) cannot be decoded: %v", name, e.UID, e.ResourceVersion, e.Err)
}

func (e *UndecodableError) Unwrap() error { return e.Err }

func undecodable(id identity, err error) *UndecodableError {
	return &UndecodableError{Namespace: id.namespace, Name: id.name, UID: id.uid, ResourceVersion: id.version, Err: err}
}

// EachItem sends the request of a list and calls each for every object while the answer still arrives, in order, so that
// there is never more of it in memory than an object. list is an empty list of the type that is expected, to be filled with
// all that the list has besides its items. Objects are pointers to the type of its items, and what Do(ctx).Into(list) would
// have made of them.
//
// An object that cannot be decoded, has no identity in its metadata, or says to be of another kind than a typed list, is handed
// to each as such and does not end the list.
// An error of each ends it and is returned as it is. Every other error is about the whole answer, as with Do: it is no list,
// or one of something else, is too large, or broke off. Then what each was given is not the list, and may be any part of it.
//
// JSON and protobuf are read in this way, if the client's decoder for them neither converts objects nor sets defaults. Other
// answers are read whole, and any object that cannot be decoded is then an error.
//
// The deadline of Do bounds all, the time that each takes included. An attempt is repeated as with Do until it is answered;
// one whose answer breaks off is not, since each has seen some of it.
func (r *Request) EachItem(ctx context.Context, list runtime.Object, each func(ListItem) error) error {
	ctx, cancel := r.boundAnswer(ctx)
	defer cancel()
	x, err := r.exchange(r.limiter)
	if err != nil {
		return err
	}
	resp, err := x.send(ctx)
	if err != nil {
		return err
	}
	format := r.content.itemFormat(resp.Header.Get(contentTypeHeader), list)
	if format == nil || !succeeded(resp) {
		return r.receive(ctx, resp).eachItem(list, each)
	}
	defer resp.Body.Close()
	handleWarnings(ctx, resp.Header, r.warnings)
	l := newListReader(r, resp, format, list, each)
	if err := l.read(); err != nil {
		return err
	}
	r.observeBody(ctx, int(l.body.count))
	return nil
}

// eachItem is EachItem for an answer that has been read whole.
func (r Result) eachItem(list runtime.Object, each func(ListItem) error) error {
	if err := r.intoList(list); err != nil {
		return err
	}
	if err := r.checkEmpty(list); err != nil {
		return err
	}
	err := meta.EachListItemWithAlloc(list, func(object runtime.Object) error {
		if object == nil {
			return each(ListItem{Undecodable: &UndecodableError{Err: errNotDecoded}})
		}
		return each(ListItem{Object: object})
	})
	if err != nil {
		return err
	}
	return meta.SetList(list, nil)
}

// checkEmpty looks whether the body of an empty list is one. (That of another is not looked at again.)
func (r Result) checkEmpty(list runtime.Object) error {
	if meta.LenList(list) > 0 {
		return nil
	}
	_, untyped := list.(runtime.Unstructured)
	return r.claimsList(untyped)
}

// intoList decodes the body into list. It takes no Status for a list, whatever that says.
func (r Result) intoList(list runtime.Object) error {
	out, err := r.decode(list)
	if err != nil || out == list {
		return err
	}
	if status := failure(out); status != nil {
		return apierrors.FromObject(status)
	}
	return fmt.Errorf("the server answered with %T where %T was expected", out, list)
}
