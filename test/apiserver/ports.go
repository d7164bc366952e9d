package apiserver

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// loopback is the one address that all servers listen on.
const loopback = "127.0.0.1"

// portAttempts is how often a server is started anew when another process took the
// port between the choice and the start.
const portAttempts = 5

// freePort returns a port that was free a moment ago. It is chosen below the range
// from which kernels take the local ports of outgoing connections (from 32768 on
// Linux, 49152 elsewhere): the port of a stopped server, which clients go on dialing,
// must still be free when the server starts again.
func freePort() (int, error) {
	const first, last = 20000, 29999
	var errs []error
	for range 100 {
		port := first + rand.IntN(last-first+1)
		l, err := net.Listen("tcp", hostPort(port))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		return port, l.Close()
	}
	return 0, fmt.Errorf("found no free port from %d to %d: %w", first, last, errors.Join(errs[:3]...))
}

func hostPort(port int) string { return net.JoinHostPort(loopback, strconv.Itoa(port)) }
