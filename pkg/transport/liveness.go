package transport

import (
	"net"
	"net/http"
	"strconv"
	"time"

	"k8s.io/klog/v2"
)

const (
	dialTimeout = 30 * time.Second

	// A TCP connection without packets for keepAliveIdle is probed, and closed if keepAliveCount probes are not answered.
	keepAliveIdle     = 15 * time.Second
	keepAliveInterval = 5 * time.Second
	keepAliveCount    = 3
	// unackedTimeout is how long the peer may leave unacknowledged what was sent, when no probes are sent. Linux applies it
	// to probes too: it has to be what the numbers above add up to.
	unackedTimeout = keepAliveIdle + keepAliveCount*keepAliveInterval

	// An HTTP/2 connection without frames for readIdleTimeout is pinged, and closed if there is no answer in pingTimeout.
	readIdleTimeout = 30 * time.Second
	pingTimeout     = 15 * time.Second
)

// newDialer returns a dialer whose connections notice within 30 seconds that the peer is gone without a word: by probes
// when they are quiet, and, on Linux, by the missing acknowledgement of what was sent. TCP alone takes hours and a quarter
// of an hour.
func newDialer() *net.Dialer {
	return livenessDialer(net.KeepAliveConfig{Enable: true, Idle: keepAliveIdle, Interval: keepAliveInterval, Count: keepAliveCount}, unackedTimeout)
}

func livenessDialer(probes net.KeepAliveConfig, unacked time.Duration) *net.Dialer {
	return &net.Dialer{Timeout: dialTimeout, KeepAliveConfig: probes, ControlContext: limitUnacked(unacked)}
}

// http2Settings returns how HTTP/2 connections are kept healthy, or nil if HTTP/2 is turned off. It reads the variables that
// k8s.io/apimachinery/pkg/util/net documents: DISABLE_HTTP2 turns HTTP/2 off if it is not empty;
// HTTP2_READ_IDLE_TIMEOUT_SECONDS (0 turns pings off) and HTTP2_PING_TIMEOUT_SECONDS replace the defaults.
func http2Settings(getenv func(string) string) *http.HTTP2Config {
	if getenv("DISABLE_HTTP2") != "" {
		return nil
	}
	return &http.HTTP2Config{
		SendPingTimeout: secondsFrom(getenv, "HTTP2_READ_IDLE_TIMEOUT_SECONDS", readIdleTimeout),
		PingTimeout:     secondsFrom(getenv, "HTTP2_PING_TIMEOUT_SECONDS", pingTimeout),
	}
}

func secondsFrom(getenv func(string) string, name string, fallback time.Duration) time.Duration {
	value := getenv(name)
	if value == "" {
		return fallback
	}
	seconds, err := strconv.ParseUint(value, 10, 31)
	if err != nil {
		klog.Background().Error(err, "Ignoring an environment variable that should be a number of seconds", "name", name, "using", fallback)
		return fallback
	}
	return time.Duration(seconds) * time.Second
}
