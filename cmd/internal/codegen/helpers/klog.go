package helpers

import (
	"fmt"
	"sync/atomic"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
)

// fatal is what a call of klog.Fatal panics with while klog is caught.
type fatal struct{ message string }

// catchLogs keeps klog from ending the process and from printing, until restore is called: klog.Fatal panics with a fatal.
// The caller holds process.
func catchLogs() (restore func()) {
	state, exit := klog.CaptureState(), klog.OsExit
	sink := &lastMessage{}
	klog.SetLogger(logr.New(sink))
	klog.OsExit = func(code int) {
		message := sink.message.Load()
		if message == nil {
			panic(fatal{fmt.Sprintf("exit with code %d", code)})
		}
		panic(fatal{*message})
	}
	return func() {
		klog.OsExit = exit
		state.Restore()
	}
}

// lastMessage is a log that remembers one message: what klog.Fatal logs before it exits.
type lastMessage struct{ message atomic.Pointer[string] }

func (l *lastMessage) Init(logr.RuntimeInfo)                   {}
func (l *lastMessage) Enabled(int) bool                        { return true }
func (l *lastMessage) Info(_ int, message string, _ ...any)    { l.message.Store(&message) }
func (l *lastMessage) Error(_ error, message string, _ ...any) { l.message.Store(&message) }
func (l *lastMessage) WithValues(...any) logr.LogSink          { return l }
func (l *lastMessage) WithName(string) logr.LogSink            { return l }
