package reflector

import (
	"context"
	"errors"
	"io"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

// stream opens a watch that begins with the collection (KEP-3157), and collects that. The watch stays open: it goes on
// with what changes after the collection.
//
// Objects come in no order of their versions, so none of these is taken for that of the collection: it is the one of the
// bookmark at the end. What changes while the collection is sent comes as an event before the end, too.
//
// Where any version would do, the newest is asked for: a server streams it from its memory, too, and only waits until that is
// as new as its storage was when it was asked. So the first collection has all that was written before.
func (r *Reflector[T]) stream(ctx context.Context, list ListState) input {
	failure := input{kind: failed, stage: StageStream}
	at := list.At
	if at == anyVersion {
		at = newestVersion
	}
	patience := r.options.StreamPatience
	w, err := r.open(ctx, metav1.ListOptions{
		ResourceVersion:      at,
		ResourceVersionMatch: metav1.ResourceVersionMatchNotOlderThan,
		SendInitialEvents:    new(true),
	}, patience, errStalled)
	if err != nil {
		failure.err = err
		return failure
	}
	failure.opened = true

	giveUp := func() { w.cancel(errStalled) }
	silence, length := time.AfterFunc(patience, giveUp), time.AfterFunc(listTimeout, giveUp)
	defer silence.Stop()
	defer length.Stop()
	for {
		event, err := w.stream.Next(w.ctx)
		switch {
		case errors.Is(err, io.EOF):
			failure.err = errCut
			return failure
		case err != nil:
			failure.err = err
			return failure
		case event.Type == watch.Bookmark && event.InitialEnd:
			r.heard()
			return input{kind: streamTaken, stage: StageStream, version: event.Version, objects: r.collected.size()}
		case event.Type != watch.Bookmark:
			r.collected.apply(event)
			r.progress()
			silence.Reset(patience)
		}
	}
}
