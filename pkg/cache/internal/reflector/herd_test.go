package reflector

import (
	"context"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// herdServer is a source for many reflectors that can go down, and counts requests by time.
type herdServer struct {
	mu       sync.Mutex    // guards what follows
	down     error         // the answer to everything
	version  string        // watches from another have expired
	restarts chan struct{} // closed when all watches end
	requests []time.Time
	lists    []time.Time
}

// herdClient is what one reflector sees of the server.
type herdClient struct {
	*herdServer
	streams bool
	listing int // lists under way
	most    int // of them
}

// request counts a request and returns what to answer.
func (s *herdServer) request(list bool) (version string, restarts chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, time.Now())
	if list {
		s.lists = append(s.lists, time.Now())
	}
	return s.version, s.restarts, s.down
}

// restart ends all watches; the server is down until up.
func (s *herdServer) restart(version string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests, s.lists = nil, nil
	s.version, s.down = version, errBroken
	close(s.restarts)
	s.restarts = make(chan struct{})
}

func (s *herdServer) up() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = nil
}

func (c *herdClient) StreamsLists() bool    { return c.streams }
func (c *herdClient) Key(object string) Key { return keyOf(object) }

func (c *herdClient) List(_ context.Context, _ metav1.ListOptions, each func(Item[string]) error) (Page, error) {
	c.listing++
	defer func() { c.listing-- }()
	c.most = max(c.most, c.listing)
	version, _, err := c.request(true)
	if err != nil {
		return Page{}, err
	}
	time.Sleep(100 * time.Millisecond)
	return Page{Version: version}, each(Item[string]{Object: "a"})
}

func (c *herdClient) Watch(_ context.Context, options metav1.ListOptions) (Stream[string], error) {
	version, restarts, err := c.request(options.SendInitialEvents != nil)
	if err != nil {
		return nil, err
	}
	stream := &herdStream{ends: restarts}
	switch {
	case options.SendInitialEvents != nil:
		stream.events = []Event[string]{added("a", "1"), end(version)}
	case options.ResourceVersion != version:
		return nil, errExpired
	}
	return stream, nil
}

type herdStream struct {
	events []Event[string]
	ends   chan struct{}
}

func (s *herdStream) Next(ctx context.Context) (Event[string], error) {
	if len(s.events) > 0 {
		event := s.events[0]
		s.events = s.events[1:]
		return event, nil
	}
	select {
	case <-s.ends:
		return Event[string]{}, io.EOF
	case <-ctx.Done():
		return Event[string]{}, context.Cause(ctx)
	}
}

func (s *herdStream) Stop() {}

type nowhere struct{}

func (nowhere) Apply(Event[string]) error  { return nil }
func (nowhere) Replace(List[string]) error { return nil }

// R3, R5, row 14: a server with a thousand watches restarts. However it comes back, its clients do not come all at once:
// with n of them, no tenth of a second sees more than n/4 requests, of which n/5 lists, and no second more than 2n, a
// list and a watch of each; while it is down the load falls below n/20 per second; and none of them lists twice at a time.
func TestAThousandReflectorsStayWithinTheirBudget(t *testing.T) {
	const n = 1000
	for name, c := range map[string]struct {
		outage  time.Duration
		version string // another one than 5: history is gone
		streams bool
		total   int // requests per client after the restart, at most
	}{
		"restart":                         {0, "5", false, 1},
		"restart, history gone":           {0, "900", false, 3},
		"restart, history gone, streamed": {0, "900", true, 2},
		"down for two minutes":            {2 * time.Minute, "5", false, 9},
		"down, and history gone":          {2 * time.Minute, "900", false, 11},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &herdServer{version: "5", restarts: make(chan struct{})}
				ctx, cancel := context.WithCancel(t.Context())
				var run sync.WaitGroup
				var clients []*herdClient
				for range n {
					client := &herdClient{herdServer: server, streams: c.streams}
					clients = append(clients, client)
					r := New[string](client, nowhere{}, Options{})
					run.Go(func() { r.Run(ctx) })
				}
				time.Sleep(time.Minute)
				began := time.Now()
				server.restart(c.version)
				if c.outage > 0 {
					time.Sleep(c.outage)
				}
				server.up()
				time.Sleep(3 * time.Minute)
				cancel()
				run.Wait()

				for _, client := range clients {
					if client.most > 1 {
						t.Errorf("%d lists at a time", client.most)
					}
				}
				if got := len(server.requests); got < n || got > c.total*n {
					t.Errorf("%d requests, want %d to %d", got, n, c.total*n)
				}
				if tenth := most(server.requests, 100*time.Millisecond); tenth > n/4 {
					t.Errorf("%d requests in a tenth of a second", tenth)
				}
				if second := most(server.requests, time.Second); second > 2*n {
					t.Errorf("%d requests in a second", second)
				}
				if tenth := most(server.lists, 100*time.Millisecond); tenth > n/5 {
					t.Errorf("%d lists in a tenth of a second", tenth)
				}
				if c.outage > 0 {
					late := 0
					for _, at := range server.requests {
						if since := at.Sub(began); since > c.outage/2 && since < c.outage {
							late++
						}
					}
					if perSecond := late / int(c.outage/2/time.Second); perSecond > n/20 {
						t.Errorf("%d requests per second to a server that is down", perSecond)
					}
				}
			})
		})
	}
}

// most is the largest number of requests within a time.
func most(requests []time.Time, within time.Duration) int {
	most, first := 0, 0
	for i, at := range requests {
		for at.Sub(requests[first]) >= within {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}
