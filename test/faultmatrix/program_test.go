package faultmatrix

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/test/faultmatrix/check"
	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// FuzzProgram plays a program of writes, faults, and things that are done to informers, and checks all invariants. The first
// byte chooses the kind of informer; then each instruction has two bytes, an operation and its argument. A program that
// fails is printed in words. Seeds are in program_seeds_test.go; what the fuzzer finds becomes one, with a name.
func FuzzProgram(f *testing.F) {
	for _, seed := range programSeeds {
		for kind := range rig.Kinds {
			f.Add(seed.bytes(kind))
		}
	}
	f.Fuzz(func(t *testing.T, bytes []byte) {
		kind, program := parseProgram(bytes)
		synctest.Test(t, func(t *testing.T) { program.play(t, rig.Kinds[kind]) })
	})
}

// instruction is an operation with its argument, which any byte is.
type instruction struct {
	operation string
	arg       byte
}

// program is what a fuzzer wrote.
type program []instruction

// mostInstructions is how many are played of a program.
const mostInstructions = 60

// parseProgram makes a program of any bytes.
func parseProgram(bytes []byte) (kind int, p program) {
	if len(bytes) == 0 {
		return 0, nil
	}
	kind = int(bytes[0]) % len(rig.Kinds)
	for rest := bytes[1:]; len(rest) >= 2 && len(p) < mostInstructions; rest = rest[2:] {
		p = append(p, instruction{operations[int(rest[0])%len(operations)].name, rest[1]})
	}
	return kind, p
}

// bytes is the reverse of parseProgram.
func (p program) bytes(kind int) []byte {
	bytes := []byte{byte(kind)}
	for _, i := range p {
		for n, o := range operations {
			if o.name == i.operation {
				bytes = append(bytes, byte(n), i.arg)
			}
		}
	}
	return bytes
}

func (p program) String() string {
	var text strings.Builder
	for _, i := range p {
		fmt.Fprintf(&text, "  %s %d\n", i.operation, i.arg)
	}
	return text.String()
}

// player plays a program.
type player struct {
	*S
	current  *rig.Informer // nil: the last one was stopped
	handlers []*rig.Handler
	stopped  bool // the server is
	gates    []func()
}

// mostInformers is how many informers a program can have, one after the other or at once.
const mostInformers = 4

func (p program) play(t *testing.T, kind rig.Kind) {
	s := newS(t, run{row: row{name: "program"}, scenario: scenario{name: "program", within: 2*longestWatch + patience}, net: "memory", kind: kind, seed: 1})
	s.envelope = &check.Envelope{Limits: []check.Limit{{Count: 100, In: time.Minute}}, Pause: usual.Pause}
	x := &player{S: s}
	for _, i := range p {
		for _, o := range operations {
			if o.name == i.operation {
				o.do(x, i.arg)
			}
		}
		s.settle()
	}
	x.open()
	s.rules = nil // which need not have hit anything
	violations := s.end()
	if len(violations) > 0 {
		t.Errorf("%d violations, the first is %.3000s\n%sof a %s informer, by the program\n%s", len(violations), violations[0], s.story(), kind.Name, p)
	}
}

// open releases the handlers that are blocked.
func (x *player) open() {
	for _, release := range x.gates {
		release()
	}
	x.gates = nil
}

// key is one of a dozen.
func key(arg byte) string {
	return fmt.Sprintf("%s/c%d", rig.Namespaces[int(arg)%2], int(arg)/2%rig.Names)
}

// operations are what programs consist of. New ones come last, so that programs keep their meaning.
var operations = []struct {
	name string
	do   func(x *player, arg byte)
}{
	{"wait", func(x *player, arg byte) {
		x.sleep([]time.Duration{time.Millisecond, 100 * time.Millisecond, time.Second, 10 * time.Second, time.Minute, 3 * time.Minute, 15 * time.Minute}[arg%7])
	}},
	{"create", func(x *player, arg byte) {
		key := key(arg)
		if x.State()[key] == nil {
			x.Create(key, rig.Apps[arg/32%3], func(c *corev1.ConfigMap) {
				if arg >= 224 {
					c.Finalizers = []string{"example.com/held"}
				}
			})
		}
	}},
	{"update", func(x *player, arg byte) {
		if key := key(arg); x.State()[key] != nil {
			x.Update(key, func(c *corev1.ConfigMap) {
				if arg >= 128 {
					rig.App(rig.Apps[arg/32%3])(c)
				}
			})
		}
	}},
	{"delete", func(x *player, arg byte) {
		if key := key(arg); x.State()[key] != nil {
			x.Delete(key)
		}
	}},
	{"release", func(x *player, arg byte) {
		if key := key(arg); x.State()[key] != nil {
			x.Update(key, func(c *corev1.ConfigMap) { c.Finalizers = nil })
		}
	}},
	{"recreate", func(x *player, arg byte) {
		if key := key(arg); x.State()[key] != nil && len(x.State()[key].GetFinalizers()) == 0 {
			x.Delete(key)
			x.Create(key, rig.Apps[arg/32%3])
		}
	}},
	{"churn", func(x *player, arg byte) { x.Churn(x.Random, int(arg)%8) }},
	{"write in the background", func(x *player, arg byte) { x.write(int(arg) % 8) }},
	{"compact", func(x *player, _ byte) { x.Compact() }},
	{"start an informer", func(x *player, arg byte) {
		if len(x.informers) == mostInformers {
			return
		}
		x.current = x.informer(rig.Options{
			App:       []string{"", "", rig.Apps[0], rig.Apps[1]}[arg%4],
			Namespace: []string{"", rig.Namespaces[0]}[arg/4%2],
			PageSize:  int64([]byte{0, 0, 1, 3}[arg/8%4]),
			Resync:    []time.Duration{0, 5 * time.Second, time.Minute}[arg/32%3],
		})
		x.current.Start()
	}},
	{"stop the informer", func(x *player, _ byte) {
		if x.current != nil {
			x.open()
			x.settle()
			x.current.Stop(x.stopWithin())
			x.current = nil
		}
	}},
	{"add a handler", func(x *player, arg byte) {
		if x.current == nil || len(x.handlers) >= 20 {
			return
		}
		resync := []time.Duration{0, time.Second, time.Minute}[arg%3]
		x.handlers = append(x.handlers, x.handle(x.current, fmt.Sprint("handler-", len(x.handlers)), rig.HandlerOptions{Resync: resync, Untyped: arg >= 128, Watches: arg%2 == 0}))
	}},
	{"add a handler that blocks", func(x *player, _ byte) {
		if x.current == nil || len(x.handlers) >= 20 {
			return
		}
		gate := make(chan struct{})
		h := x.handle(x.current, fmt.Sprint("blocked-", len(x.handlers)), rig.HandlerOptions{During: func(int, check.Call) { <-gate }})
		h.SetSlow(true)
		x.gates = append(x.gates, func() {
			close(gate)
			h.SetSlow(false)
		})
	}},
	{"remove a handler", func(x *player, arg byte) {
		if len(x.handlers) > 0 {
			n := int(arg) % len(x.handlers)
			x.must(x.handlers[n].Remove(arg >= 128))
		}
	}},
	{"add an index", func(x *player, arg byte) {
		if x.current != nil {
			// It is an error if it is there already.
			_ = x.current.AddIndexers(cache.Indexers{fmt.Sprint("added-", arg%4): cache.MetaNamespaceIndexFunc})
		}
	}},
	{"stop the server", func(x *player, _ byte) { x.Stop(); x.stopped = true }},
	{"start the server", func(x *player, _ byte) { x.must(x.Start()); x.stopped = false }},
	{"break connections", func(x *player, _ byte) { x.breakConnections() }},
	{"lose what connections carry", func(x *player, arg byte) {
		for _, c := range x.Faults().Conns() {
			c.Blackhole([]fault.Direction{fault.Both, fault.ToClient, fault.ToServer}[arg%3])
		}
	}},
	{"end watches with 410", func(x *player, arg byte) { x.on("watch", 1+int(arg)%2, fault.InsertFirst(fault.Expired())) }},
	{"end a watch with 410 at an event", func(x *player, arg byte) {
		x.on("watch", 1, fault.InsertBefore(fault.Events{Skip: int(arg) % 4}, fault.Expired()))
	}},
	{"end a watch at an event", func(x *player, arg byte) {
		x.on("watch", 1, fault.StopAfter(fault.Events{Skip: int(arg) % 4}, fault.End(arg/4%5)))
	}},
	{"end a watch within an event", func(x *player, arg byte) {
		x.on("watch", 1, fault.StopWithin(fault.Events{Skip: int(arg) % 4}, int(arg), fault.End(arg/4%5)))
	}},
	{"cut a list", func(x *player, arg byte) { x.on("list", 1, fault.Cut(8*int64(arg), fault.End(arg%4))) }},
	{"refuse requests", func(x *player, arg byte) {
		code := []int{429, 500, 503, 504, 401, 403, 404, 422}[arg%8]
		x.on("", 1+int(arg)/64, fault.Status(code, []string{"", "0", "1", "600"}[arg/8%4]))
	}},
	{"say that versions are too large", func(x *player, arg byte) { x.on("", 1+int(arg)%3, fault.Fail(tooLargeError(arg >= 128), "")) }},
	{"answer with garbage", func(x *player, arg byte) { x.on("", 1, fault.Garbage(int(arg), "")) }},
	{"delay a request", func(x *player, arg byte) {
		x.on("", 1, fault.Delay([]time.Duration{time.Second, time.Minute, 4 * time.Minute, time.Hour}[arg%4]))
	}},
	{"change something before requests", func(x *player, arg byte) {
		x.on("", 1+int(arg)%4, fault.Before(func(*fault.Exchange) { x.Churn(x.Random, 1+int(arg)/64) }))
	}},
	{"forget history before requests", func(x *player, arg byte) {
		x.on("", 1+int(arg)%2, fault.Before(func(*fault.Exchange) {
			x.Churn(x.Random, 1)
			x.Compact()
		}))
	}},
	{"be a replica that is behind", func(x *player, arg byte) {
		x.rule(fault.Rule{Match: request.Match{Verbs: []string{"list", "watch"}}, Times: 1 + int(arg)%4, Effect: behind(x.Revision() - int64(arg)%8)})
	}},
	{"send clients away", func(x *player, arg byte) { x.on("", 1+int(arg)%4, fault.Goaway()) }},
	{"send strange events", func(x *player, arg byte) {
		x.on("watch", 1, fault.Replace(fault.Events{Skip: int(arg) % 4, Times: 1}, []fault.Frame{
			fault.Retyped("STRANGE"),
			fault.StatusEvent("ERROR", metav1.Status{Status: metav1.StatusFailure, Code: http.StatusInternalServerError}),
			fault.Poisoned(fault.WrongKind),
			fault.Poisoned(fault.Null),
		}[arg/4%4]))
	}},
	{"send events twice", func(x *player, arg byte) {
		x.disordered = true
		x.on("watch", 1, fault.Duplicate(fault.Events{Skip: int(arg) % 4}, 1))
	}},
	{"take the faults away", func(x *player, _ byte) { x.Faults().RemoveAll() }},
	{"release handlers", func(x *player, _ byte) { x.open() }},
	{"read at the same time", func(x *player, arg byte) {
		if x.current == nil {
			return
		}
		var reading sync.WaitGroup
		for range 1 + arg%4 {
			reading.Go(func() {
				x.current.GetStore().List()
				_, err := x.current.GetIndexer().ByIndex("app", "x")
				x.must(err)
			})
		}
		reading.Wait()
	}},
}
