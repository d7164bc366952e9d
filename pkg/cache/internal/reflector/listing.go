package reflector

import (
	"context"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// listTimeout is the deadline for one page, or for a whole list if it is streamed. An API server by default gives itself
// one minute for a page.
const listTimeout = 5 * time.Minute

// list collects one page.
func (r *Reflector[T]) list(ctx context.Context, list ListState) input {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	options := metav1.ListOptions{ResourceVersion: list.At, Limit: r.options.limit(list)}
	if list.Continue != "" { // the token implies the version; a server refuses both together
		options.ResourceVersion, options.Continue = "", list.Continue
	}
	before := r.collected.list
	page, err := r.source.List(ctx, options, func(item Item[T]) error {
		r.collected.add(item)
		r.progress()
		return nil
	})
	if err != nil {
		r.collected.cut(before) // the page is asked for again
		r.gathered.Store(int64(r.collected.size()))
		return input{kind: failed, stage: StageList, err: err}
	}
	r.heard()
	return input{kind: pageTaken, stage: StageList, page: page, objects: r.collected.size()}
}

// progress lets readers of the state see how far the list is.
func (r *Reflector[T]) progress() {
	r.gathered.Store(int64(r.collected.size()))
	r.heard()
}

// replace hands the list to the sink.
func (r *Reflector[T]) replace(ctx context.Context, list ListState) input {
	content := r.collected.take()
	content.Version = list.Version
	objects := len(content.Objects) + len(content.Poisoned) + content.More
	tellsAll := content.TellsAll()
	news := r.quarantine.replace(content.Poisoned, content.More)
	err := r.sink.Replace(content)
	for _, poison := range news {
		r.tell(ctx, Failure{Stage: StageDecode, Err: poison, Time: r.now()})
	}
	if err != nil {
		return input{kind: failed, stage: StageApply, err: err}
	}
	r.options.Metrics.Listed(r.now().Sub(list.Since), objects)
	r.options.Metrics.Reached(list.Version)
	return input{kind: listTaken, untold: !tellsAll}
}
