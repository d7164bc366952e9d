package cache

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"
)

// measuredOptions are what makes informers whose metrics are told.
type measuredOptions struct {
	name     *InformerName
	provider InformerMetricsProvider
	indexers Indexers
	tuning   InformerTuning
}

// measuredMakes are the ways to a shared informer that has metrics.
var measuredMakes = map[string]func(*fakeServer, measuredOptions) configMapInformer{
	"typed": func(s *fakeServer, o measuredOptions) configMapInformer {
		return NewClientInformer(s, configMaps, &corev1.ConfigMap{}, ClientInformerOptions{
			InformerName: o.name, InformerMetricsProvider: o.provider, Indexers: o.indexers, Tuning: o.tuning,
		})
	},
	"untyped": func(s *fakeServer, o measuredOptions) configMapInformer {
		return NewTypedSharedIndexInformer[*corev1.ConfigMap](NewSharedIndexInformerWithOptions(s.listWatch(), &corev1.ConfigMap{}, SharedIndexInformerOptions{
			Identifier: o.name.WithResource(configMaps), InformerMetricsProvider: o.provider, Indexers: o.indexers, Tuning: o.tuning,
		}))
	},
}

// measured runs a test with each make of informer, named "test", that has metrics. The test starts the informer.
func measured(t *testing.T, options measuredOptions, names []string, test func(r *rig, l *metricsLog)) {
	for make, newInformer := range measuredMakes {
		t.Run(make, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &metricsLog{}
				name, err := NewInformerName("test")
				must(t, err)
				defer name.Release()
				options := options
				options.name, options.provider = name, l
				server := newFakeServer(names...)
				r := &rig{TB: t, server: server, configMapInformer: newInformer(server, options)}
				test(r, l)
				r.stop()
			})
		})
	}
}

// While the cache is busy with one change, three more come: their number, the time and the versions are told.
func TestInformerTellsItsMetrics(t *testing.T) {
	slow := Indexers{"slow": func(obj interface{}) ([]string, error) {
		if show(obj) == "a=slow" {
			time.Sleep(time.Minute)
		}
		return nil, nil
	}}
	measured(t, measuredOptions{indexers: slow}, []string{"a", "b"}, func(r *rig, l *metricsLog) {
		r.start()
		r.server.set("a", "slow") // 103
		synctest.Wait()
		r.server.set("a", "1")
		r.server.set("b", "1")
		r.server.remove("b") // 106
		time.Sleep(2 * time.Minute)
		for metric, want := range map[string][]string{
			"test queued":  {"1", "0", "1", "3", "3", "0"},
			"test latency": {"0", "60", "0"},
			"test version": {"102", "103", "106"},
		} {
			if diff := cmp.Diff(want, l.of(metric)); diff != "" {
				r.Errorf("%s was told (-want +got):\n%s", metric, diff)
			}
		}
	})
}

func TestHandlersThatComeAreNoChanges(t *testing.T) {
	measured(t, measuredOptions{}, []string{"a"}, func(r *rig, l *metricsLog) {
		r.start()
		l.take()
		r.logs()
		synctest.Wait()
		if l.last("test queued") != "0" || l.last("test latency") != "" || l.last("test version") != "" {
			r.Errorf("told %v", l.take())
		}
	})
}

func TestReleasedInformerIsNotMeasured(t *testing.T) {
	measured(t, measuredOptions{}, []string{"a"}, func(r *rig, l *metricsLog) {
		r.start()
		time.Sleep(time.Minute + time.Second) // no look is under way
		if l.last("test version") != "101" || l.last("test objects") != "1" {
			r.Errorf("told %v", l.take())
		}
		informerNames.used["test"].Release()
		l.take()
		r.server.set("b", "")
		time.Sleep(time.Hour)
		r.stop()
		if told := l.take(); told != nil {
			r.Errorf("after the release, told %v", told)
		}
	})
}

// looked is an informer that counts how often somebody looks at it.
type looked struct{ statuses, sizes int }

func (l *looked) Status() InformerStatus { l.statuses++; return InformerStatus{} }
func (l *looked) Size() int64            { l.sizes++; return 0 }

func TestNobodyLooksAtAReleasedInformer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		name, err := NewInformerName("test")
		must(t, err)
		informer := &looked{}
		stop := newStateMetrics(metricsOf(name.WithResource(configMaps), &metricsLog{})).start(t.Context(), informer)
		time.Sleep(time.Minute + time.Second)
		name.Release()
		time.Sleep(time.Hour)
		stop()
		if informer.statuses > 8 || informer.sizes > 3 {
			t.Errorf("looked %d times, %d times at the size", informer.statuses, informer.sizes)
		}
	})
}

// Two informers of one identity, or of none, cannot be told from each other in metrics: the first has them all.
func TestInformersThatAreNotReservedHaveNoMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reserved, taken, none := identities(t)
		for id, told := range map[InformerNameAndResource]bool{reserved: true, taken: false, none: false} {
			l := &metricsLog{}
			r := &rig{TB: t, configMapInformer: NewTypedSharedIndexInformer[*corev1.ConfigMap](
				NewSharedIndexInformerWithOptions(newFakeServer("a").listWatch(), &corev1.ConfigMap{}, SharedIndexInformerOptions{
					Identifier: id, InformerMetricsProvider: l,
				}))}
			r.start()
			time.Sleep(time.Minute)
			r.stop()
			if got := l.take(); told != (got != nil) {
				t.Errorf("informer of %q, reserved %v: told %v", id.Name(), id.Reserved(), got)
			}
		}
	})
}

// The provider of an informer's own options is asked, and else the default one; and of a Controller just so.
func TestInformersHaveTheirProviderOrTheDefault(t *testing.T) {
	defer func() { defaultProviders.informer = nil }()
	standard, own := &metricsLog{}, &metricsLog{}
	SetInformerMetricsProvider(standard)
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			name     string
			provider InformerMetricsProvider
		}{{"first", nil}, {"second", own}} {
			name, err := NewInformerName(c.name)
			must(t, err)
			defer name.Release()
			r := &rig{TB: t, configMapInformer: measuredMakes["typed"](newFakeServer("a"), measuredOptions{name: name, provider: c.provider})}
			r.start()
			r.stop()
		}
		name, err := NewInformerName("third")
		must(t, err)
		defer name.Release()
		_, controller := NewInformerWithOptions(InformerOptions{
			ListerWatcher: newFakeServer("a").listWatch(), ObjectType: &corev1.ConfigMap{}, Handler: ResourceEventHandlerFuncs{},
			Identifier: name.WithResource(configMaps), InformerMetricsProvider: own,
		})
		ctx, cancel := context.WithCancel(t.Context())
		go func() { synctest.Wait(); cancel() }()
		controller.RunWithContext(ctx)
	})
	standard.check(t, map[string]string{"first version": "101", "second version": "", "third version": ""})
	own.check(t, map[string]string{"first version": "", "second version": "101", "third version": "101"})
}

func TestInformerTellsItsState(t *testing.T) {
	tuning := InformerTuning{Backoff: &wait.Backoff{Duration: time.Second, Factor: 1, Steps: 10}}
	measured(t, measuredOptions{tuning: tuning}, []string{"a", "b", "bad"}, func(r *rig, l *metricsLog) {
		must(r, r.SetTransform(func(obj interface{}) (interface{}, error) {
			if obj.(*corev1.ConfigMap).Name == "bad" {
				return nil, errors.New("cannot be transformed")
			}
			return obj, nil
		}))
		release := make(chan struct{})
		_, err1 := r.AddEventHandler(ResourceEventHandlerFuncs{AddFunc: func(interface{}) { <-release }})
		_, err2 := r.AddEventHandlerWithOptions(ResourceEventHandlerFuncs{AddFunc: func(interface{}) { panic("bad handler") }}, HandlerOptions{OnPanic: PanicSkip})
		must(r, err1, err2)
		r.server.objects["b"].ResourceVersion = "900" // the server is not in order
		r.start()
		r.server.set("b", "old") // 104, which is dropped, and listed after a second
		synctest.Wait()
		if told := l.of("test objects"); len(told) != 0 {
			r.Errorf("before the first look, told %v", told)
		}
		time.Sleep(stateLook)
		synctest.Wait()
		bytes := strconv.FormatInt(r.observed().Size(), 10)
		l.check(r, map[string]string{
			"test objects": "2", "test bytes": bytes, "test quarantined": "1",
			"test backlog": "4", "test delay": "10", "test silence": "9",
			"test relists": "1", "test restarts": "1", "test differences": "", "test dropped": "1", "test panics": "2",
		})

		close(release)
		time.Sleep(time.Minute)
		r.server.hangUp(nil) // opens one more watch, and with
		status := apierrors.NewResourceExpired("too old").Status()
		time.Sleep(time.Minute)
		r.server.inject(errorEvent(&status)) // this a list and one more
		time.Sleep(time.Minute)
		l.check(r, map[string]string{"test backlog": "0", "test delay": "0", "test relists": "2", "test restarts": "3"})

		time.Sleep(time.Second)
		r.server.set("c", "")
		synctest.Wait()
		l.check(r, map[string]string{"test objects": "2", "test panics": "2"})
		r.stop() // with a last look
		l.check(r, map[string]string{"test objects": "3", "test panics": "3", "test bytes": strconv.FormatInt(r.observed().Size(), 10)})
	})
}

func TestAuditDifferencesAreMeasured(t *testing.T) {
	measured(t, measuredOptions{tuning: InformerTuning{Audit: time.Hour}}, []string{"a", "b", "c"}, func(r *rig, l *metricsLog) {
		r.start()
		r.server.mu.Lock()
		delete(r.server.objects, "a") // and nobody is told
		delete(r.server.objects, "b")
		r.server.version++
		r.server.mu.Unlock()
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		l.check(r, map[string]string{"test objects": "1", "test differences": "2", "test relists": "1"})
	})
}

// I14: that a server says nothing, or never has, shows.
func TestSilenceIsMeasured(t *testing.T) {
	measured(t, measuredOptions{}, nil, func(r *rig, l *metricsLog) {
		r.server.hangUp(errForbidden)
		r.start()
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		l.check(r, map[string]string{"test silence": "300", "test objects": "0"})
		r.server.hangUp(nil)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if silence, err := strconv.ParseFloat(l.last("test silence"), 64); err != nil || silence > 120 {
			r.Errorf("silence after a list is %v, %v", silence, err)
		}
	})
}

func TestBytesAreMeasuredEveryMinute(t *testing.T) {
	measured(t, measuredOptions{}, []string{"a"}, func(r *rig, l *metricsLog) {
		r.start()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if objects, bytes := len(l.of("test objects")), len(l.of("test bytes")); objects != 60 || bytes != 10 {
			r.Errorf("looked %d times, and %d times at the bytes", objects, bytes)
		}
	})
}

// fewMetrics is a provider of client-go's metrics only.
type fewMetrics struct{ InformerMetricsProvider }

func TestProviderNeedNotWantTheState(t *testing.T) {
	l := &metricsLog{}
	reserved, _, none := identities(t)
	if m := newStateMetrics(metricsOf(reserved, l)); m == nil {
		t.Error("a provider of the state is not asked")
	}
	if m := newStateMetrics(metricsOf(reserved, fewMetrics{l})); m != nil {
		t.Error("a provider of other metrics is asked")
	}
	if m := newStateMetrics(metricsOf(none, l)); m != nil {
		t.Error("an informer without a name has metrics")
	}
}

// nothing is a metric that allocates nothing.
type nothing struct{ InformerMetricsProvider }

func (nothing) NewQueuedItemMetric(InformerNameAndResource) GaugeMetric            { return discard{} }
func (nothing) NewProcessingLatencyMetric(InformerNameAndResource) HistogramMetric { return discard{} }
func (nothing) NewStoreResourceVersionMetric(InformerNameAndResource) GaugeMetric  { return discard{} }

// Metrics cost nothing where nobody wants them, and no allocation where somebody does.
func TestMetricsAllocateNothing(t *testing.T) {
	if m := writerMetrics(metricsOf(InformerNameAndResource{}, &metricsLog{})); m.QueueDepth != nil || m.Processing != nil || m.Version != nil {
		t.Error("an informer tells metrics that nobody wants")
	}
	reserved, _, _ := identities(t)
	hooks := writerMetrics(metricsOf(reserved, nothing{}))
	allocations := testing.AllocsPerRun(100, func() {
		hooks.QueueDepth(1000)
		hooks.Processing(time.Second)
		hooks.Version("123456789")
	})
	if allocations != 0 {
		t.Errorf("%v allocations for a batch", allocations)
	}
}
