package faultmatrix

import (
	"context"
	"flag"
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/klog/v2"

	"github.com/kubewright/kubewright/test/faultmatrix/rig"
)

// strangePanics are those that were caught in no informer of a test.
var strangePanics atomic.Int32

func TestMain(m *testing.M) {
	flag.Parse()
	klog.SetLogger(klog.Logger{})   // what informers have to say is recorded
	utilruntime.ErrorHandlers = nil // the usual ones sleep between errors, across bubbles with clocks of their own
	utilruntime.ReallyCrash = false
	utilruntime.PanicHandlers = []func(context.Context, any){func(ctx context.Context, p any) {
		if !rig.CatchPanic(ctx, p) {
			strangePanics.Add(1)
			fmt.Fprintf(os.Stderr, "panic outside of an informer: %v\n", p)
		}
	}}
	code := m.Run()
	played.print(os.Stdout)
	if n := strangePanics.Load(); n > 0 {
		fmt.Fprintf(os.Stderr, "%d panics outside of informers\n", n)
		code = 1
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}
