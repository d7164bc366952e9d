package testing_test

import (
	"reflect"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

func TestResourcesOfReactorsAndMatches(t *testing.T) {
	object := clienttesting.NewUpdateAction(configMaps, "ns", configMap("a", ""))
	status := clienttesting.NewUpdateSubresourceAction(configMaps, "status", "ns", configMap("a", ""))
	for _, test := range []struct {
		resource               string
		ofObject, ofStatus     bool
		matchObject, matchStat bool
	}{
		{"configmaps", true, true, true, true},
		{"configmaps/status", false, true, false, true},
		{"configmaps/", true, false, true, false},
		{"configmaps/scale", false, false, false, false},
		{"*", true, true, false, false},
		{"*/status", false, false, false, false},
		{"configmaps/*", false, false, false, false},
		{"secrets", false, false, false, false},
		{"", false, false, false, false},
	} {
		t.Run(test.resource, func(t *testing.T) {
			for _, reactor := range []interface {
				Handles(clienttesting.Action) bool
			}{
				&clienttesting.SimpleReactor{Verb: "*", Resource: test.resource},
				&clienttesting.SimpleReactor{Verb: "update", Resource: test.resource},
				&clienttesting.SimpleWatchReactor{Resource: test.resource},
				&clienttesting.SimpleProxyReactor{Resource: test.resource},
			} {
				if reactor.Handles(object) != test.ofObject || reactor.Handles(status) != test.ofStatus {
					t.Errorf("%T handles %v and the status %v", reactor, reactor.Handles(object), reactor.Handles(status))
				}
			}
			if object.Matches("update", test.resource) != test.matchObject || status.Matches("update", test.resource) != test.matchStat {
				t.Errorf("matches %v and the status %v", object.Matches("update", test.resource), status.Matches("update", test.resource))
			}
			if object.Matches("get", test.resource) || (&clienttesting.SimpleReactor{Verb: "get", Resource: test.resource}).Handles(object) {
				t.Error("of another verb")
			}
		})
	}
}

// The actions themselves are compared with client-go's in test/compat.
func TestRootActionsAreThoseWithoutANamespace(t *testing.T) {
	cm, data := configMap("a", ""), []byte("data")
	list, del := metav1.ListOptions{LabelSelector: "a=b"}, metav1.DeleteOptions{DryRun: []string{"All"}}
	for i, pair := range [][2]clienttesting.Action{
		{clienttesting.NewRootGetAction(configMaps, "n"), clienttesting.NewGetAction(configMaps, "", "n")},
		{clienttesting.NewRootGetActionWithOptions(configMaps, "n", metav1.GetOptions{ResourceVersion: "1"}), clienttesting.NewGetActionWithOptions(configMaps, "", "n", metav1.GetOptions{ResourceVersion: "1"})},
		{clienttesting.NewRootGetSubresourceAction(configMaps, "s", "n"), clienttesting.NewGetSubresourceAction(configMaps, "", "s", "n")},
		{clienttesting.NewRootGetSubresourceActionWithOptions(configMaps, "s", "n", metav1.GetOptions{}), clienttesting.NewGetSubresourceAction(configMaps, "", "s", "n")},
		{clienttesting.NewRootListAction(configMaps, configMapKind, list), clienttesting.NewListAction(configMaps, configMapKind, "", list)},
		{clienttesting.NewRootListActionWithOptions(configMaps, configMapKind, list), clienttesting.NewListActionWithOptions(configMaps, configMapKind, "", list)},
		{clienttesting.NewRootWatchAction(configMaps, list), clienttesting.NewWatchAction(configMaps, "", list)},
		{clienttesting.NewRootWatchActionWithOptions(configMaps, list), clienttesting.NewWatchActionWithOptions(configMaps, "", list)},
		{clienttesting.NewRootCreateAction(configMaps, cm), clienttesting.NewCreateAction(configMaps, "", cm)},
		{clienttesting.NewRootCreateActionWithOptions(configMaps, cm, metav1.CreateOptions{FieldManager: "m"}), clienttesting.NewCreateActionWithOptions(configMaps, "", cm, metav1.CreateOptions{FieldManager: "m"})},
		{clienttesting.NewRootCreateSubresourceAction(configMaps, "n", "s", cm), clienttesting.NewCreateSubresourceAction(configMaps, "n", "s", "", cm)},
		{clienttesting.NewRootCreateSubresourceActionWithOptions(configMaps, "n", "s", cm, metav1.CreateOptions{}), clienttesting.NewCreateSubresourceAction(configMaps, "n", "s", "", cm)},
		{clienttesting.NewRootUpdateAction(configMaps, cm), clienttesting.NewUpdateAction(configMaps, "", cm)},
		{clienttesting.NewRootUpdateActionWithOptions(configMaps, cm, metav1.UpdateOptions{FieldManager: "m"}), clienttesting.NewUpdateActionWithOptions(configMaps, "", cm, metav1.UpdateOptions{FieldManager: "m"})},
		{clienttesting.NewRootUpdateSubresourceAction(configMaps, "s", cm), clienttesting.NewUpdateSubresourceAction(configMaps, "s", "", cm)},
		{clienttesting.NewRootUpdateSubresourceActionWithOptions(configMaps, "s", cm, metav1.UpdateOptions{}), clienttesting.NewUpdateSubresourceAction(configMaps, "s", "", cm)},
		{clienttesting.NewRootPatchAction(configMaps, "n", types.MergePatchType, data), clienttesting.NewPatchAction(configMaps, "", "n", types.MergePatchType, data)},
		{clienttesting.NewRootPatchActionWithOptions(configMaps, "n", types.MergePatchType, data, metav1.PatchOptions{FieldManager: "m"}), clienttesting.NewPatchActionWithOptions(configMaps, "", "n", types.MergePatchType, data, metav1.PatchOptions{FieldManager: "m"})},
		{clienttesting.NewRootPatchSubresourceAction(configMaps, "n", types.MergePatchType, data, "s"), clienttesting.NewPatchSubresourceAction(configMaps, "", "n", types.MergePatchType, data, "s")},
		{clienttesting.NewRootPatchSubresourceActionWithOptions(configMaps, "n", types.MergePatchType, data, metav1.PatchOptions{}, "s"), clienttesting.NewPatchSubresourceAction(configMaps, "", "n", types.MergePatchType, data, "s")},
		{clienttesting.NewRootDeleteAction(configMaps, "n"), clienttesting.NewDeleteAction(configMaps, "", "n")},
		{clienttesting.NewRootDeleteActionWithOptions(configMaps, "n", del), clienttesting.NewDeleteActionWithOptions(configMaps, "", "n", del)},
		{clienttesting.NewRootDeleteSubresourceAction(configMaps, "s", "n"), clienttesting.NewDeleteSubresourceAction(configMaps, "s", "", "n")},
		{clienttesting.NewRootDeleteSubresourceActionWithOptions(configMaps, "s", "n", metav1.DeleteOptions{}), clienttesting.NewDeleteSubresourceAction(configMaps, "s", "", "n")},
		{clienttesting.NewRootDeleteCollectionAction(configMaps, list), clienttesting.NewDeleteCollectionAction(configMaps, "", list)},
		{clienttesting.NewRootDeleteCollectionActionWithOptions(configMaps, del, list), clienttesting.NewDeleteCollectionActionWithOptions(configMaps, "", del, list)},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%d: %#v is not %#v", i, pair[0], pair[1])
		}
		// Tests compare logged actions, which are copies, with those that they make.
		if !reflect.DeepEqual(pair[0], pair[0].DeepCopy()) {
			t.Errorf("%d: the copy of %#v is %#v", i, pair[0], pair[0].DeepCopy())
		}
	}
}

func TestCopiesOfActionsShareNothing(t *testing.T) {
	cm := configMap("a", "before")
	data, params := []byte("before"), map[string]string{"value": "before"}
	limit := int64(1)
	opts := metav1.ListOptions{TimeoutSeconds: &limit}
	for _, action := range []clienttesting.Action{
		clienttesting.NewCreateAction(configMaps, "ns", cm),
		clienttesting.NewUpdateAction(configMaps, "ns", cm),
		clienttesting.NewPatchAction(configMaps, "ns", "a", types.MergePatchType, data),
		clienttesting.NewProxyGetAction(configMaps, "ns", "http", "a", "80", "/", params),
		clienttesting.GenericActionImpl{Value: cm},
		clienttesting.NewListActionWithOptions(configMaps, configMapKind, "ns", opts),
		clienttesting.NewWatchAction(configMaps, "ns", opts),
		clienttesting.NewDeleteCollectionAction(configMaps, "ns", opts),
		clienttesting.NewDeleteActionWithOptions(configMaps, "ns", "a", metav1.DeleteOptions{GracePeriodSeconds: &limit}),
	} {
		copied := action.DeepCopy()
		cm.Data["value"], params["value"], limit = "after", "after", 2
		copy(data, "after!")
		switch a := copied.(type) {
		case clienttesting.CreateActionImpl:
			wantValue(t, a, a.GetObject().(*corev1.ConfigMap).Data["value"])
		case clienttesting.UpdateActionImpl:
			wantValue(t, a, a.GetObject().(*corev1.ConfigMap).Data["value"])
		case clienttesting.GenericActionImpl:
			wantValue(t, a, a.GetValue().(*corev1.ConfigMap).Data["value"])
		case clienttesting.PatchActionImpl:
			wantValue(t, a, string(a.GetPatch()))
		case clienttesting.ProxyGetActionImpl:
			wantValue(t, a, a.GetParams()["value"])
		case clienttesting.ListActionImpl:
			wantOne(t, a, *a.ListOptions.TimeoutSeconds)
		case clienttesting.WatchActionImpl:
			wantOne(t, a, *a.ListOptions.TimeoutSeconds)
		case clienttesting.DeleteCollectionActionImpl:
			wantOne(t, a, *a.ListOptions.TimeoutSeconds)
		case clienttesting.DeleteActionImpl:
			wantOne(t, a, *a.DeleteOptions.GracePeriodSeconds)
		default:
			t.Errorf("no check for a %T", a)
		}
		cm.Data["value"], params["value"], limit = "before", "before", 1
		copy(data, "before")
	}
}

func wantValue(t *testing.T, action clienttesting.Action, got string) {
	t.Helper()
	if got != "before" {
		t.Errorf("the copy of a %T has %q", action, got)
	}
}

func wantOne(t *testing.T, action clienttesting.Action, got int64) {
	t.Helper()
	if got != 1 {
		t.Errorf("the copy of a %T has %d", action, got)
	}
}

func TestExtractFromListOptionsPanicsAtOtherTypes(t *testing.T) {
	for _, opts := range []any{nil, &metav1.ListOptions{}, "x", metav1.ListOptions{LabelSelector: "!!"}, metav1.ListOptions{FieldSelector: "x"}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%#v was taken", opts)
				}
			}()
			clienttesting.ExtractFromListOptions(opts)
		}()
	}
	labels, fields, version := clienttesting.ExtractFromListOptions(metav1.ListOptions{LabelSelector: "a=b", FieldSelector: "c=d", ResourceVersion: "3"})
	if labels.String() != "a=b" || fields.String() != "c=d" || version != "3" {
		t.Errorf("%v %v %v", labels, fields, version)
	}
}
