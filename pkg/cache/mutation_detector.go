package cache

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubewright/kubewright/pkg/cache/internal/fielddiff"
)

// MutationDetector finds programs that modify objects of a cache, which are shared and must not be.
type MutationDetector interface {
	// AddObject watches an object from now on for a while. Objects that are not of the API are ignored.
	AddObject(obj interface{})
	// Run looks at the objects until stopCh is closed, and panics if one of them has changed.
	Run(stopCh <-chan struct{})
}

const (
	// mutationDetectorVariable turns detectors on.
	mutationDetectorVariable = "KUBE_CACHE_MUTATION_DETECTOR"
	// mutationCheck is how often a detector looks at the objects, and mutationWatch for how long it does. The longer, the
	// more copies it keeps.
	mutationCheck = time.Second
	mutationWatch = 2 * time.Minute
)

// NewCacheMutationDetector returns a detector for tests. It works if the environment variable KUBE_CACHE_MUTATION_DETECTOR
// is true, for which it needs a copy of each object and the time to compare them every second for two minutes; otherwise it
// does nothing, and Run returns at once. The panic names the cache, the object, and the fields that were changed, not what
// they hold.
//
// Every shared informer has such a detector: it watches the objects that enter the cache, and looks at them a last time when
// the informer has ended and the last handler has returned.
func NewCacheMutationDetector(name string) MutationDetector {
	if d := newMutationDetector(name); d != nil {
		return d
	}
	return noMutationDetector{}
}

// newMutationDetector returns a detector, or nil if they are off.
func newMutationDetector(name string) *cacheMutationDetector {
	if on, err := strconv.ParseBool(os.Getenv(mutationDetectorVariable)); err != nil || !on {
		return nil
	}
	return &cacheMutationDetector{name: name}
}

type noMutationDetector struct{}

func (noMutationDetector) AddObject(interface{}) {}
func (noMutationDetector) Run(<-chan struct{})   {}

type cacheMutationDetector struct {
	name string

	mu      sync.Mutex // guards watched
	watched []watchedObject
}

// watchedObject is an object of a cache, and a copy of how it was when it came.
type watchedObject struct {
	object, copy runtime.Object
	until        time.Time
}

func (d *cacheMutationDetector) AddObject(obj interface{}) {
	object, ok := obj.(runtime.Object)
	if !ok {
		return
	}
	watched := watchedObject{object: object, copy: object.DeepCopyObject(), until: time.Now().Add(mutationWatch)}
	if watched.copy == nil { // of a nil pointer
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watched = append(d.watched, watched)
}

func (d *cacheMutationDetector) Run(stopCh <-chan struct{}) {
	ticker := time.NewTicker(mutationCheck)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			d.check()
			d.forget()
		case <-stopCh:
			d.check()
			return
		}
	}
}

// start begins to look at the objects of an informer, and returns how to end that, with a last look. A nil detector does
// nothing.
func (d *cacheMutationDetector) start() (stop func()) {
	if d == nil {
		return func() {}
	}
	stopCh := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { d.Run(stopCh) })
	return func() {
		close(stopCh)
		wg.Wait()
	}
}

// entering is what a detector wants to be told of objects before they enter a cache; nil if there is no detector.
func entering[T any](d *cacheMutationDetector) func(T) {
	if d == nil {
		return nil
	}
	return func(object T) { d.AddObject(object) }
}

// check panics if an object has changed.
func (d *cacheMutationDetector) check() {
	d.mu.Lock()
	watched := slices.Clone(d.watched)
	d.mu.Unlock()
	for _, w := range watched {
		if fields := fielddiff.Paths(w.copy, w.object); len(fields) > 0 {
			panic(fmt.Sprintf("cache %s: %T %s was modified: %s. Objects of a cache are shared with everybody who reads it: copy them with DeepCopy before you change them",
				d.name, w.copy, nameInCache(w.copy), strings.Join(fields, ", ")))
		}
	}
}

// forget ends the watch over old objects.
func (d *cacheMutationDetector) forget() {
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watched = slices.DeleteFunc(d.watched, func(w watchedObject) bool { return now.After(w.until) })
}

// nameInCache is an object's name for messages.
func nameInCache(object runtime.Object) string {
	name, err := ObjectToName(object)
	if err != nil {
		return "without a name"
	}
	return name.String()
}
