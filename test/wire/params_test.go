package wire

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
)

func group(group, version string) schema.GroupVersion {
	return schema.GroupVersion{Group: group, Version: version}
}

// newDeleteOptions has all fields.
func newDeleteOptions() *metav1.DeleteOptions {
	return &metav1.DeleteOptions{
		GracePeriodSeconds: ptr.To[int64](0),
		Preconditions:      &metav1.Preconditions{UID: ptr.To(types.UID("u")), ResourceVersion: ptr.To("7")},
		PropagationPolicy:  ptr.To(metav1.DeletePropagationForeground),
		DryRun:             []string{metav1.DryRunAll},
	}
}

// newListOptions has all fields.
func newListOptions() metav1.ListOptions {
	return metav1.ListOptions{
		LabelSelector: "a=b,c in (d, e)", FieldSelector: "metadata.name=a", Watch: true, AllowWatchBookmarks: true,
		ResourceVersion: "7", ResourceVersionMatch: metav1.ResourceVersionMatchNotOlderThan, TimeoutSeconds: ptr.To[int64](30),
		Limit: 500, Continue: "c==", SendInitialEvents: ptr.To(true), ShardSelector: "s",
	}
}

// optionSets are options of each type that requests have as parameters: empty, and with all fields.
var optionSets = []struct {
	name    string
	options runtime.Object
}{
	{"list", ptr.To(newListOptions())},
	{"list empty", &metav1.ListOptions{}},
	{"list with false", &metav1.ListOptions{SendInitialEvents: ptr.To(false), TimeoutSeconds: ptr.To[int64](0)}},
	{"get", &metav1.GetOptions{ResourceVersion: "7"}},
	{"get empty", &metav1.GetOptions{}},
	{"create", &metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}, FieldManager: "m", FieldValidation: metav1.FieldValidationStrict}},
	{"create empty", &metav1.CreateOptions{}},
	{"update", &metav1.UpdateOptions{DryRun: []string{metav1.DryRunAll}, FieldManager: "m", FieldValidation: metav1.FieldValidationWarn}},
	{"patch", &metav1.PatchOptions{DryRun: []string{metav1.DryRunAll}, Force: ptr.To(true), FieldManager: "m", FieldValidation: metav1.FieldValidationIgnore}},
	{"patch without force", &metav1.PatchOptions{Force: ptr.To(false)}},
	{"delete", newDeleteOptions()},
	{"table", &metav1.TableOptions{IncludeObject: metav1.IncludeMetadata}},
	{"pod logs", &corev1.PodLogOptions{
		Container: "c", Follow: true, Previous: true, SinceSeconds: ptr.To[int64](5), SinceTime: ptr.To(metav1.NewTime(time.Unix(1_780_000_000, 0).UTC())),
		Timestamps: true, TailLines: ptr.To[int64](10), LimitBytes: ptr.To[int64](100), InsecureSkipTLSVerifyBackend: true, Stream: ptr.To("All"),
	}},
	{"pod exec", &corev1.PodExecOptions{Stdin: true, Stdout: true, Stderr: true, TTY: true, Container: "c", Command: []string{"sh", "-c", "a b"}}},
	{"pod attach", &corev1.PodAttachOptions{Stdin: true, Stdout: true, Container: "c"}},
	{"pod port forward", &corev1.PodPortForwardOptions{Ports: []int32{80, 443}}},
	{"pod proxy", &corev1.PodProxyOptions{Path: "/a b"}},
	{"node proxy", &corev1.NodeProxyOptions{Path: "/a"}},
	{"service proxy", &corev1.ServiceProxyOptions{Path: "/a"}},
}

func TestParams(t *testing.T) {
	for _, set := range optionSets {
		testBuilder(t, builderCase{name: set.name, steps: chain(call("Get"), call("Namespace", "ns"), call("Resource", "pods"),
			call("VersionedParams", set.options, parameters))})
	}
}
