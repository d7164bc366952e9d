package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"
)

// clientTask is to run the informer of a stack on the object server, in a process in which nothing else happens.
type clientTask struct {
	Stack     string
	MediaType string
	Mode      string // see objectServer
	Of        string // a population; "" is that of a cluster
	Count     int    // of objects
	Server    address
}

// clientReport is what a clientTask took. Of an informer that fills its cache it is all until its handler has seen all
// pods; of one that follows changes, all between the first and the last update but for those that warm it up.
type clientReport struct {
	usage
	Peak    uint64 // by how many bytes resident memory grew at most
	Held    uint64 // by how many bytes the heap is larger than before, without garbage
	Handled int    // additions or updates
}

// add makes r the sum of two reports.
func (r *clientReport) add(other clientReport) {
	r.Wall += other.Wall
	r.CPU += other.CPU
	r.Allocs += other.Allocs
	r.AllocBytes += other.AllocBytes
	r.Peak += other.Peak
	r.Held += other.Held
	r.Handled += other.Handled
}

// connect returns the informer of the task.
func (t clientTask) connect() (podInformer, error) {
	i := slices.IndexFunc(informerStacks, func(s informerStack) bool { return s.name == t.Stack })
	if i < 0 {
		return podInformer{}, fmt.Errorf("there is no stack %q", t.Stack)
	}
	population, err := t.population()
	if err != nil {
		return podInformer{}, err
	}
	o := options{
		host: fmt.Sprintf("%s/%s/%s/%d", t.Server.URL, t.Mode, population.name, t.Count), ca: t.Server.CA, mediaType: t.MediaType,
	}
	if population.resource != "pods" {
		return informerStacks[i].connectConfigMaps(o)
	}
	return informerStacks[i].connect(o)
}

func (t clientTask) population() (population, error) {
	if t.Of == "" {
		return populations[0], nil
	}
	return populationNamed(t.Of)
}

// run does the task. In the end the informer is stopped; what it caches can still be read.
func (t clientTask) run(ctx context.Context, informer podInformer) (clientReport, error) {
	if t.Mode == changing {
		return t.follow(ctx, informer)
	}
	return t.fill(ctx, informer)
}

// fill measures how an informer fills its cache, with one handler.
func (t clientTask) fill(ctx context.Context, informer podInformer) (clientReport, error) {
	var handled atomic.Int64
	handler, err := informer.handle(podHandler{added: func(any) { handled.Add(1) }})
	if err != nil {
		return clientReport{}, err
	}
	heapBefore := liveHeap()
	residentBefore, _, err := residentMemory()
	if err != nil {
		return clientReport{}, err
	}
	before := usageNow()
	stop, err := informer.start(ctx)
	if err != nil {
		return clientReport{}, err
	}
	defer stop()
	select {
	case <-handler.synced:
	case <-time.After(syncTimeout):
		return clientReport{}, errors.New("the handler has not synced")
	}
	report := clientReport{usage: usageNow().since(before), Handled: int(handled.Load())}
	_, peak, err := residentMemory()
	if err != nil {
		return clientReport{}, err
	}
	report.Peak, report.Held = peak-residentBefore, liveHeap()-heapBefore
	if cached := len(informer.indexer.ListKeys()); report.Handled != t.Count || cached != t.Count {
		return clientReport{}, fmt.Errorf("%s caches %d of %d pods and has told its handler of %d", t.Stack, cached, t.Count, report.Handled)
	}
	return report, nil
}

// follow measures how an informer follows changes, with one handler.
func (t clientTask) follow(ctx context.Context, informer podInformer) (clientReport, error) {
	var before, after usage
	done := make(chan struct{})
	handled := 0
	handler := podHandler{updated: func(_, _ any) {
		switch handled++; handled {
		case t.Count: // the first round warms up
			before = usageNow()
		case t.Count * updateRounds:
			after = usageNow()
			close(done)
		}
	}}
	if _, err := informer.handle(handler); err != nil {
		return clientReport{}, err
	}
	stop, err := informer.start(ctx)
	if err != nil {
		return clientReport{}, err
	}
	defer stop()
	select {
	case <-done:
	case <-time.After(syncTimeout):
		return clientReport{}, errors.New("not all updates have come")
	}
	return clientReport{usage: after.since(before), Handled: t.Count * (updateRounds - 1)}, nil
}
