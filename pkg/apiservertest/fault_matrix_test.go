package apiservertest_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/generated/kubernetes"
	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/apiservertest/fault"
	"github.com/kubewright/kubewright/pkg/apiservertest/request"
)

// matrix is a server with the ConfigMaps a, b and c, and a client of it.
type matrix struct {
	t      *testing.T
	server *apiservertest.Server
	client kubernetes.Interface
	before int64 // the revision before a was written
}

// outcome is what an answer was: names, or an error.
func outcome(list *corev1.ConfigMapList, err error) string {
	if err != nil {
		return err.Error()
	}
	var names []string
	for _, o := range list.Items {
		names = append(names, o.Name)
	}
	return strings.Join(names, " ")
}

func (m *matrix) list(opts metav1.ListOptions) string {
	ctx, cancel := context.WithTimeout(m.t.Context(), 2*time.Minute)
	defer cancel()
	return outcome(m.client.CoreV1().ConfigMaps("default").List(ctx, opts))
}

func (m *matrix) all() string { return m.list(metav1.ListOptions{}) }

// watch returns the events after the revision before a, until nothing came for a minute or the watch has ended.
func (m *matrix) watch(opts metav1.ListOptions) string {
	if opts.ResourceVersion == "" && opts.SendInitialEvents == nil {
		opts.ResourceVersion = strconv.FormatInt(m.before, 10)
	}
	events, err := m.client.CoreV1().ConfigMaps("default").Watch(m.t.Context(), opts)
	if err != nil {
		return err.Error()
	}
	defer events.Stop()
	var got []string
	for {
		select {
		case event, ok := <-events.ResultChan():
			if !ok {
				return strings.Join(append(got, "end"), ", ")
			}
			got = append(got, describe(event))
		case <-time.After(time.Minute):
			return strings.Join(append(got, "silence"), ", ")
		}
	}
}

func (m *matrix) changes() string { return m.watch(metav1.ListOptions{}) }

func describe(event watch.Event) string {
	if event.Type == watch.Error {
		return "ERROR " + string(apierrors.ReasonForError(apierrors.FromObject(event.Object)))
	}
	o, ok := event.Object.(*corev1.ConfigMap)
	if !ok {
		return fmt.Sprintf("%s %T", event.Type, event.Object)
	}
	if o.Name == "" {
		return fmt.Sprintf("%s %s", event.Type, o.ResourceVersion)
	}
	return fmt.Sprintf("%s %s", event.Type, o.Name)
}

// TestFaultMatrix goes through what the rows of a fault matrix for clients need of a server, by what one client sees: with fake time,
// in memory, over HTTP/2.
func TestFaultMatrix(t *testing.T) {
	const undisturbed = "ADDED a, ADDED b, ADDED c"
	yes := true
	b := fault.Events{Name: "b"}
	for name, row := range map[string]struct {
		on       string       // the verb that the effect is for
		effect   fault.Effect // none if nil
		times    int
		protobuf bool
		do       func(*matrix) string
		want     string // in the outcome
	}{
		"1 restart with history": {do: func(m *matrix) string {
			m.server.Stop()
			m.must(m.server.Start())
			return m.changes()
		}, want: undisturbed + ", silence"},
		"2 restart without history": {do: func(m *matrix) string {
			m.server.Stop()
			m.must(m.server.Compact())
			m.must(m.server.Start())
			return m.changes()
		}, want: "ERROR Expired, end"},
		"3 history expires in a watch": {on: "watch", effect: fault.InsertBefore(b, fault.Expired()), do: (*matrix).changes, want: "ADDED a, ERROR Expired"},
		"4 restored backup": {do: func(m *matrix) string {
			m.must(m.server.Restore(m.before + 1))
			return m.all()
		}, want: "a"},
		"5 version of the future": {do: func(m *matrix) string {
			return m.list(metav1.ListOptions{ResourceVersion: "999999", ResourceVersionMatch: metav1.ResourceVersionMatchNotOlderThan})
		}, want: "Too large resource version"},
		"6 stale replica": {do: func(m *matrix) string {
			m.server.Faults().Add(fault.Rule{Match: request.Match{Verbs: []string{"list"}}, Effect: fault.AsOf(strconv.FormatInt(m.before+2, 10))})
			return m.all()
		}, want: "a b"},
		"7 slow first byte":   {on: "list", effect: fault.Delay(10 * time.Minute), do: (*matrix).all, want: "context deadline exceeded"},
		"7 slow body":         {on: "list", effect: fault.Trickle(1, time.Second), do: (*matrix).all, want: "context deadline exceeded"},
		"8 reset in a frame":  {on: "watch", effect: fault.StopWithin(b, 20, fault.Reset), do: (*matrix).changes, want: "ADDED a, ERROR InternalError, end"},
		"9 end in a frame":    {on: "watch", effect: fault.StopWithin(b, 20, fault.Clean), do: (*matrix).changes, want: "ADDED a, ERROR InternalError, end"},
		"10 page of a proxy":  {on: "list", effect: fault.HTML(200), do: (*matrix).all, want: "text/html"},
		"10 garbage":          {on: "list", effect: fault.Garbage(1000, ""), do: (*matrix).all, want: "unable to decode"},
		"11 poison in a list": {on: "list", effect: fault.PoisonItem(1, fault.Undecodable), do: (*matrix).all, want: "unable to decode"},
		"11 poison in a watch": {on: "watch", effect: fault.Replace(b, fault.Poisoned(fault.Undecodable)), do: (*matrix).changes,
			want: "ADDED a, ERROR InternalError"},
		"12 unknown event":       {on: "watch", effect: fault.Replace(b, fault.Retyped("STRANGE")), do: (*matrix).changes, want: "ADDED a, ERROR InternalError"},
		"13 too many requests":   {on: "list", effect: fault.Status(429, "5"), times: 1, do: (*matrix).all, want: "a b c"},
		"13 absurd Retry-After":  {on: "list", effect: fault.Status(429, "garbage"), do: (*matrix).all, want: "too many requests"},
		"14 unavailable":         {on: "list", effect: fault.Status(503, ""), do: (*matrix).all, want: "unable to handle the request"},
		"15 revoked token":       {do: func(m *matrix) string { return m.asStranger() }, want: "Unauthorized"},
		"19 GOAWAY":              {on: "list", effect: fault.Goaway(), do: (*matrix).all, want: "a b c"},
		"20 half-open, once":     {on: "list", effect: fault.Blackhole(fault.Both), times: 1, do: (*matrix).all, want: "a b c"},
		"21 silent watch":        {on: "watch", effect: fault.Silent(), do: (*matrix).changes, want: "silence"},
		"22 endless list":        {on: "list", effect: fault.EndlessList(time.Second), do: (*matrix).all, want: "context deadline exceeded"},
		"22 same continue token": {on: "list", effect: fault.RepeatContinue("again"), do: (*matrix).twoPages, want: "a, then a"},
		"23 expired pages": {do: func(m *matrix) string {
			m.server.Faults().Add(fault.Rule{Match: request.Match{Verbs: []string{"list"}}, Skip: 1, Effect: fault.Before(func(*fault.Exchange) {
				m.must(m.server.Seed(m.t.Context(), configMap("d")))
				m.must(m.server.Compact())
			})})
			return m.twoPages()
		}, want: "a, then The provided continue parameter is too old"},
		"25 no bookmark ends the initial events": {on: "watch", effect: fault.Drop(fault.Events{Types: []string{"BOOKMARK"}}), do: func(m *matrix) string {
			return m.watch(metav1.ListOptions{SendInitialEvents: &yes, AllowWatchBookmarks: true, ResourceVersionMatch: metav1.ResourceVersionMatchNotOlderThan})
		}, want: undisturbed + ", silence"},
		"26 bookmark ahead":     {on: "watch", effect: fault.InsertFirst(fault.Bookmark("999999", false)), do: (*matrix).changes, want: "BOOKMARK 999999, " + undisturbed},
		"27 duplicated":         {on: "watch", effect: fault.Duplicate(b, 1), do: (*matrix).changes, want: "ADDED a, ADDED b, ADDED b, ADDED c"},
		"27 replayed":           {on: "watch", effect: fault.Replay(b, 1), do: (*matrix).changes, want: "ADDED a, ADDED b, ADDED a, ADDED c"},
		"28 dropped":            {on: "watch", effect: fault.Drop(b), do: (*matrix).changes, want: "ADDED a, ADDED c"},
		"31 claimed size":       {on: "watch", effect: fault.Replace(b, fault.Claim(1<<31)), protobuf: true, do: (*matrix).changes, want: "ADDED a, ERROR InternalError"},
		"no fault at all":       {do: (*matrix).all, want: "a b c"},
		"no fault in a watch":   {do: (*matrix).changes, want: undisturbed + ", silence"},
		"no fault, in protobuf": {protobuf: true, do: (*matrix).changes, want: undisturbed + ", silence"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMatrix(t, row.protobuf)
				var rule *fault.Fault
				if row.effect != nil {
					rule = m.server.Faults().Add(fault.Rule{Match: request.Match{Verbs: []string{row.on}}, Times: row.times, Effect: row.effect})
				}
				if got := row.do(m); !strings.Contains(got, row.want) || row.want == "a" && got != "a" {
					t.Errorf("got %q, want %q", got, row.want)
				}
				if rule != nil && rule.Hits() == 0 {
					t.Error("the rule has hit nothing")
				}
			})
		})
	}
}

func newMatrix(t *testing.T, protobuf bool) *matrix {
	server := start(t, apiservertest.WithInMemoryNetwork())
	t.Cleanup(server.Close)
	config := server.Config()
	config.ContentType = runtime.ContentTypeJSON
	if protobuf {
		config.ContentType = runtime.ContentTypeProtobuf
	}
	m := &matrix{t: t, server: server, client: newClient(t, config), before: server.Revision()}
	for _, name := range []string{"a", "b", "c"} {
		if _, err := m.client.CoreV1().ConfigMaps("default").Create(t.Context(), configMap(name), metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func (m *matrix) must(err error) {
	if err != nil {
		m.t.Error(err)
	}
}

// asStranger lists with a token that is nobody's any more.
func (m *matrix) asStranger() string {
	config := m.server.ConfigFor("jane")
	m.server.RevokeToken(config.BearerToken)
	return outcome(newClient(m.t, config).CoreV1().ConfigMaps("default").List(m.t.Context(), metav1.ListOptions{}))
}

// twoPages lists one object, and then the next.
func (m *matrix) twoPages() string {
	first, err := m.client.CoreV1().ConfigMaps("default").List(m.t.Context(), metav1.ListOptions{Limit: 1})
	if err != nil {
		return err.Error()
	}
	return outcome(first, nil) + ", then " + m.list(metav1.ListOptions{Limit: 1, Continue: first.Continue})
}
