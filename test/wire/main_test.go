// Package wire tests that Kubewright sends what client-go sends, and makes the same of what comes back.
//
//	          ┌─▶ client-go ──▶ recorder ─┐
//	steps ────┤                           ├─▶ outcomes, compared field by field; what may differ is in differences_test.go
//	          └─▶ kubewright ─▶ recorder ─┘
//
// A test is a table of calls, written once: a call is a method's name and arguments, and both stacks have methods of the
// same names (calls_test.go). Each stack runs the calls in a bubble of testing/synctest of its own, against a transport that
// records the requests and answers as the test says (recorder_test.go), so that waiting takes no time and can be compared.
// What a stack did is its outcome (outcome_test.go). A difference between outcomes fails the test unless the table in
// differences_test.go has it, with a reason; an entry that no longer occurs fails it, too.
package wire

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	theirscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/klog/v2"
)

// scheme, codecs and parameters are what both stacks use where the caller chooses.
var (
	scheme     = theirscheme.Scheme
	codecs     = serializer.NewCodecFactory(scheme)
	parameters = runtime.NewParameterCodec(scheme)
)

func TestMain(m *testing.M) {
	code := m.Run()
	if patterns := unmatched(); code == 0 && flag.Lookup("test.run").Value.String() == "" && len(patterns) > 0 {
		fmt.Fprintf(os.Stderr, "patterns in the table of differences that match no test: %q\n", patterns)
		code = 1
	}
	os.Exit(code)
}

// encode returns obj as mediaType.
func encode(t *testing.T, mediaType string, obj runtime.Object) []byte {
	t.Helper()
	info, ok := runtime.SerializerInfoForMediaType(codecs.SupportedMediaTypes(), mediaType)
	if !ok {
		t.Fatalf("no serializer for %q", mediaType)
	}
	gvks, _, err := scheme.ObjectKinds(obj)
	if err != nil {
		t.Fatal(err)
	}
	data, err := runtime.Encode(codecs.EncoderForVersion(info.Serializer, gvks[0].GroupVersion()), obj)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// quiet is a context whose logger says nothing: what the stacks log is their own.
func quiet(ctx context.Context) context.Context {
	return klog.NewContext(ctx, klog.Logger{})
}
