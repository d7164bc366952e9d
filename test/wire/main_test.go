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

	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/klog/v2"
)

// scheme, codecs and parameters are what both stacks use where the caller chooses.
var (
	scheme     = newScheme()
	codecs     = serializer.NewCodecFactory(scheme)
	parameters = runtime.NewParameterCodec(scheme)
)

func newScheme() *runtime.Scheme {
	s := runtime.NewScheme()
	metav1.AddToGroupVersion(s, corev1.SchemeGroupVersion)
	for _, add := range []func(*runtime.Scheme) error{
		corev1.AddToScheme, appsv1.AddToScheme, coordinationv1.AddToScheme, autoscalingv1.AddToScheme, authenticationv1.AddToScheme,
	} {
		if err := add(s); err != nil {
			panic(err)
		}
	}
	return s
}

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
