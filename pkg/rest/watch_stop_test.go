package rest

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// slowToClose is a connection as one of TLS whose peer does not read: to tell it of the end is tried for a while.
type slowToClose struct {
	net.Conn
	once *sync.Once
}

const tlsGoodbye = 5 * time.Second

func (c slowToClose) Close() error {
	c.once.Do(func() { time.Sleep(tlsGoodbye) })
	return c.Conn.Close()
}

// Stop held its sync.Once while the body was closed, so that the next Stop waited for a lock, and in a bubble forever.
func TestStopDoesNotWaitForTheConnectionToClose(t *testing.T) {
	for name, frames := range map[string]string{
		"that is silent": "",
		"that is broken": "no event",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				local, remote := net.Pipe()
				defer remote.Close()
				go func() {
					if _, err := http.ReadRequest(bufio.NewReader(remote)); err == nil {
						_, _ = fmt.Fprintf(remote, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: 1000\r\n\r\n%s", jsonStream, frames)
					}
				}()
				config := testConfig("http://server.example")
				config.Transport = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
					return slowToClose{local, new(sync.Once)}, nil
				}}
				c, err := RESTClientFor(config)
				if err != nil {
					t.Fatal(err)
				}
				w, err := c.Get().Resource("configmaps").Watch(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if frames != "" {
					status(t, <-w.ResultChan())
				}
				synctest.Wait()
				began := time.Now()
				var stops sync.WaitGroup
				for range 5 {
					stops.Go(w.Stop)
				}
				stops.Wait()
				if waited := time.Since(began); waited != 0 {
					t.Errorf("Stop took %v", waited)
				}
				if _, open := <-w.ResultChan(); open {
					t.Error("there is an event after Stop")
				}
				if waited := time.Since(began); waited != tlsGoodbye {
					t.Errorf("the channel was closed after %v, want %v: with the connection", waited, tlsGoodbye)
				}
			})
		})
	}
}

func TestStop(t *testing.T) {
	frame := frameOf(t, jsonStream, "ADDED", configMap())
	for _, test := range []struct {
		name string
		read bool // the consumer takes the event before
	}{{"while reading", true}, {"while delivering", false}} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := watchOf(t, jsonStream, endless(frame))
				if test.read {
					<-w.ResultChan()
				}
				synctest.Wait()
				w.Stop()
				w.Stop()
				for e := range w.ResultChan() { // the channel is closed
					t.Errorf("event %s after Stop", e.Type)
				}
			})
		})
	}
}
