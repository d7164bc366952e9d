package fault

import (
	"time"
)

// onConn is an effect on the connection of a request, or another if there is none.
func onConn(steer func(*Conn), without Effect) Effect {
	return func(x *Exchange) {
		c := x.Conn()
		if c == nil {
			without(x)
			return
		}
		steer(c)
		x.Serve()
	}
}

// Blackhole loses what the connection of the request carries in a direction, from now on, see Conn.Blackhole. The server
// has the request, and answers; over HTTP/2 the other requests on the connection are lost as well. Without a connection the
// answer is Silence, or, for ToServer, is not touched.
func Blackhole(d Direction) Effect {
	without := Break(Silence)
	if d&ToClient == 0 {
		without = (*Exchange).Serve
	}
	return onConn(func(c *Conn) { c.Blackhole(d) }, without)
}

// CutWire ends the connection when it has sent n more bytes, see Conn.CutAfter: n counts TLS, the header, and what else
// the connection carries. Without a connection it is Cut behind n bytes of the body.
func CutWire(n int64, end End) Effect {
	return onConn(func(c *Conn) { c.CutAfter(n, end) }, Cut(n, end))
}

// Throttle slows down the connection of the request from now on, see Conn.Throttle. Without a connection it is Trickle.
func Throttle(size int, every time.Duration) Effect {
	return onConn(func(c *Conn) { c.Throttle(size, every) }, Trickle(size, every))
}
