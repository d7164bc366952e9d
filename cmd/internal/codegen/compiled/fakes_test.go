package compiled

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	stablev1 "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/crd/apis/stable/v1"
	crdfake "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/crd/generated/clientset/versioned/fake"
	"github.com/kubewright/kubewright/cmd/internal/codegen/testdata/crd/generated/informers/externalversions"
	shopv1 "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/fakes/apis/shop/v1"
	applyv1 "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/fakes/applyconfiguration/shop/v1"
	shopfake "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/fakes/generated/versioned/fake"
	methodsv1 "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/methods/apis/methods/v1"
	methodsfake "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/methods/generated/versioned/fake"
	verbsfake "github.com/kubewright/kubewright/cmd/internal/codegen/testdata/verbs/generated/versioned/fake"
	clienttesting "github.com/kubewright/kubewright/pkg/testing"
)

func order(name string) *shopv1.Order {
	return &shopv1.Order{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "ns", Labels: map[string]string{"name": name}}}
}

// ordered is what the field manager of a test applies.
func ordered(name string, count int32) *applyv1.OrderApplyConfiguration {
	configuration := applyv1.Order(name, "ns")
	configuration.Spec = &applyv1.OrderSpecApplyConfiguration{Count: &count}
	return configuration
}

func TestSimpleFakeGivesBackWhatItWasGiven(t *testing.T) {
	given := order("given")
	given.Status.Sent = 7
	orders, ctx := shopfake.NewSimpleClientset(given).ShopV1().Orders("ns"), t.Context()
	got, err := orders.Get(ctx, "given", metav1.GetOptions{})
	if diff := cmp.Diff(order("given").Spec, got.Spec); err != nil || diff != "" || got.Status.Sent != 7 || got.ResourceVersion != "" {
		t.Errorf("%+v, error %v", got, err)
	}
	got.Spec.Count = 3
	updated, err := orders.Update(ctx, got, metav1.UpdateOptions{})
	if diff := cmp.Diff(got, updated); err != nil || diff != "" {
		t.Errorf("error %v, the update (-sent +answered):\n%s", err, diff)
	}
	if err := orders.Delete(ctx, "given", metav1.DeleteOptions{}); err != nil {
		t.Error(err)
	}
	if _, err := orders.Get(ctx, "given", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
}

func TestFakeDoesWhatAServerDoes(t *testing.T) {
	orders, ctx := shopfake.NewClientset(order("there")).ShopV1().Orders("ns"), t.Context()
	created, err := orders.Create(ctx, &shopv1.Order{ObjectMeta: metav1.ObjectMeta{GenerateName: "new-", Labels: map[string]string{"l": "v"}}}, metav1.CreateOptions{})
	if err != nil || len(created.Name) <= len("new-") || created.UID == "" || created.ResourceVersion == "" {
		t.Fatalf("%+v, error %v", created, err)
	}
	fresh := created.DeepCopy()
	fresh.Spec.Count = 1
	if _, err := orders.Update(ctx, fresh, metav1.UpdateOptions{}); err != nil {
		t.Error(err)
	}
	if _, err := orders.Update(ctx, created, metav1.UpdateOptions{}); !apierrors.IsConflict(err) {
		t.Errorf("a stale update has error %v", err)
	}
	for selector, want := range map[string]int{"": 2, "l=v": 1, "l!=v": 1} {
		if list, err := orders.List(ctx, metav1.ListOptions{LabelSelector: selector}); err != nil || len(list.Items) != want {
			t.Errorf("%d selected by %q, want %d; error %v", len(list.Items), selector, want, err)
		}
	}
	fresh.Status.Sent, fresh.Spec.Count, fresh.ResourceVersion = 5, 99, ""
	if got, err := orders.UpdateStatus(ctx, fresh, metav1.UpdateOptions{}); err != nil || got.Status.Sent != 5 || got.Spec.Count != 1 {
		t.Errorf("%+v, error %v", got, err)
	}
	if err := orders.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{}); err != nil {
		t.Error(err)
	}
	if list, err := orders.List(ctx, metav1.ListOptions{}); err != nil || len(list.Items) != 0 {
		t.Errorf("%d are left, error %v", len(list.Items), err)
	}
}

func TestWatchOfAFakeLosesNothing(t *testing.T) {
	orders, ctx := shopfake.NewClientset(order("a")).ShopV1().Orders("ns"), t.Context()
	list, err := orders.List(ctx, metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	const writes = 300
	for i := range writes { // between the list and the watch
		if _, err := orders.Apply(ctx, ordered("a", int32(i+1)), metav1.ApplyOptions{FieldManager: "me"}); err != nil {
			t.Fatal(err)
		}
	}
	w, err := orders.Watch(ctx, metav1.ListOptions{ResourceVersion: list.ResourceVersion})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	for i := range writes {
		if event := <-w.ResultChan(); event.Object.(*shopv1.Order).Spec.Count != int32(i+1) {
			t.Fatalf("event %d is %+v", i, event)
		}
	}
}

func TestServerSideApplyOfACustomResource(t *testing.T) {
	shop, ctx := shopfake.NewClientset().ShopV1(), t.Context()
	orders := shop.Orders("ns")
	mine, yours := metav1.ApplyOptions{FieldManager: "me"}, metav1.ApplyOptions{FieldManager: "you"}
	if got, err := orders.Apply(ctx, ordered("a", 1), mine); err != nil || got.Spec.Count != 1 || len(got.ManagedFields) != 1 {
		t.Fatalf("%+v, error %v", got, err)
	}
	if _, err := orders.Apply(ctx, ordered("a", 2), yours); !apierrors.IsConflict(err) {
		t.Errorf("another's field is taken with error %v", err)
	}
	yours.Force = true
	if got, err := orders.Apply(ctx, ordered("a", 2), yours); err != nil || got.Spec.Count != 2 {
		t.Errorf("%+v, error %v", got, err)
	}
	status := applyv1.Order("a", "ns")
	status.Status = &applyv1.OrderStatusApplyConfiguration{Sent: new(int32(4))}
	if got, err := orders.ApplyStatus(ctx, status, mine); err != nil || got.Status.Sent != 4 || got.Spec.Count != 2 {
		t.Errorf("%+v, error %v", got, err)
	}
	item := applyv1.Item("i")
	item.Price = new(int64(9))
	if got, err := shop.Items().Apply(ctx, item, mine); err != nil || got.Price != 9 {
		t.Errorf("%+v, error %v", got, err)
	}
	if got, err := orders.Apply(ctx, nil, mine); got == nil || err == nil {
		t.Errorf("nothing is applied with %v, error %v", got, err)
	}
}

// Upstream's fakes name the subresource after the input.
func TestFakeMethodsApplyToTheSubresourceOfTheTag(t *testing.T) {
	set := shopfake.NewSimpleClientset(order("a"))
	if _, err := set.ShopV1().Orders("ns").ApplyItem(t.Context(), "a", applyv1.Item("i"), metav1.ApplyOptions{FieldManager: "me"}); err == nil {
		t.Error("a configuration of another name was applied")
	}
	action := set.Actions()[0].(clienttesting.PatchAction)
	if action.GetSubresource() != "first-item" || action.GetName() != "a" || action.GetPatchType() != types.ApplyYAMLPatchType {
		t.Errorf("%+v", action)
	}
}

func TestReactorsComeFirst(t *testing.T) {
	set := shopfake.NewSimpleClientset(order("a"))
	failure := errors.New("failure")
	set.PrependReactor("get", "orders", func(clienttesting.Action) (bool, runtime.Object, error) { return true, nil, failure })
	if got, err := set.ShopV1().Orders("ns").Get(t.Context(), "a", metav1.GetOptions{}); err != failure || got == nil {
		t.Errorf("%v, error %v", got, err)
	}
	if _, err := set.ShopV1().Receipts("ns").Get(t.Context(), "a", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
		t.Errorf("error %v", err)
	}
}

// k/k#89034: the tracker would keep the object as receipts.
func TestFakeKeepsObjectsAsTheResourcesOfTheClientset(t *testing.T) {
	receipt := &shopv1.Receipt{ObjectMeta: metav1.ObjectMeta{Name: "r", Namespace: "ns"}}
	set := shopfake.NewClientset(&shopv1.ReceiptList{Items: []*shopv1.Receipt{receipt}})
	if list, err := set.ShopV1().Receipts("ns").List(t.Context(), metav1.ListOptions{}); err != nil || len(list.Items) != 1 || list.Items[0].Name != "r" {
		t.Errorf("%+v, error %v", list, err)
	}
	slips := shopv1.SchemeGroupVersion.WithResource("slips")
	if _, err := set.Tracker().Get(slips, "ns", "r"); err != nil {
		t.Error(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("an object without name and type was kept")
		}
	}()
	shopfake.NewSimpleClientset(&metav1.Status{})
}

func TestFakeMethodsDoWhatTheTagsSay(t *testing.T) {
	set, ctx := methodsfake.NewSimpleClientset(), t.Context()
	things := set.MethodsV1().Things("ns")
	thing, own := &methodsv1.Thing{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, &methodsv1.Own{ObjectMeta: metav1.ObjectMeta{Name: "a"}}
	scale := &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Name: "a"}}
	for want, call := range map[string]func() error{
		"create things a":     func() error { return failed(things.CreatePlain(ctx, thing, metav1.CreateOptions{})) },
		"create things/sub b": func() error { return failed(things.CreateSub(ctx, "b", thing, metav1.CreateOptions{})) },
		"update things a":     func() error { return failed(things.UpdateOwn(ctx, own, metav1.UpdateOptions{})) },
		"update things/sub a": func() error { return failed(things.UpdateOtherSub(ctx, "a", scale, metav1.UpdateOptions{})) },
		"get things/sub b":    func() error { return failed(things.GetOtherSub(ctx, "b", metav1.GetOptions{})) },
		"get things b":        func() error { return failed(things.GetPlain(ctx, "b", metav1.GetOptions{})) },
		"list things/sub b":   func() error { return failed(things.ListOwnSub(ctx, "b", metav1.ListOptions{})) },
		"list things ":        func() error { return failed(things.ListOther(ctx, metav1.ListOptions{})) },
		"patch things/sub/x b": func() error {
			return failed(things.PatchOwnSub(ctx, "b", types.JSONPatchType, nil, metav1.PatchOptions{}, "x"))
		},
		"patch things b": func() error {
			return failed(things.PatchOther(ctx, "b", types.JSONPatchType, nil, metav1.PatchOptions{}))
		},
	} {
		set.ClearActions()
		set.PrependReactor("*", "*", func(clienttesting.Action) (bool, runtime.Object, error) { return true, nil, nil })
		if err := call(); err != nil {
			t.Errorf("%s: %v", want, err)
		}
		action := set.Actions()[0]
		name := ""
		switch a := action.(type) {
		case clienttesting.CreateActionImpl:
			if name = a.Name; name == "" {
				name = a.Object.(metav1.Object).GetName()
			}
		case clienttesting.UpdateAction:
			name = a.GetObject().(metav1.Object).GetName()
		case clienttesting.ListActionImpl:
			name = a.Name
		case interface{ GetName() string }:
			name = a.GetName()
		}
		resource := action.GetResource().Resource
		if subresource := action.GetSubresource(); subresource != "" {
			resource += "/" + subresource
		}
		if got := fmt.Sprintf("%s %s %s", action.GetVerb(), resource, name); got != want || action.GetNamespace() != "ns" {
			t.Errorf("%s in %s, want %s", got, action.GetNamespace(), want)
		}
	}
}

func failed[R any](_ R, err error) error { return err }

func TestFakesHaveMethodsThatAreWrittenByHand(t *testing.T) {
	if got := verbsfake.NewSimpleClientset().VerbsV1().Alls("ns").Answer(); got != 43 {
		t.Errorf("the method written by hand answers %d", got)
	}
}

func TestFakeDiscovers(t *testing.T) {
	set := crdfake.NewSimpleClientset()
	set.Resources = []*metav1.APIResourceList{{GroupVersion: "stable.example.com/v1", APIResources: []metav1.APIResource{{Name: "crontabs"}}}}
	if list, err := set.Discovery().ServerResourcesForGroupVersion("stable.example.com/v1"); err != nil || list.APIResources[0].Name != "crontabs" {
		t.Errorf("%+v, error %v", list, err)
	}
}

func TestInformersOnAFakeSyncAtOnceAndSeeChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := crdfake.NewSimpleClientset(&stablev1.CronTab{ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: "ns"}})
		factory := externalversions.NewSharedInformerFactory(set, 0)
		cronTabs := factory.Stable().V1().CronTabs()
		lister := cronTabs.Lister()
		ctx, stop := context.WithCancel(t.Context())
		factory.StartWithContext(ctx)
		defer factory.Shutdown()
		defer stop()
		names := func() (names []string) {
			synctest.Wait() // no time passes
			all, err := lister.CronTabs("ns").List(labels.Everything())
			if err != nil {
				t.Error(err)
			}
			for _, cronTab := range all {
				names = append(names, cronTab.Name)
			}
			return names
		}
		if got := names(); !cmp.Equal(got, []string{"a"}) || !cronTabs.Informer().HasSynced() {
			t.Errorf("%v, synced %v", got, cronTabs.Informer().HasSynced())
		}
		client := set.StableV1().CronTabs("ns")
		if err := client.Delete(t.Context(), "a", metav1.DeleteOptions{}); err != nil {
			t.Error(err)
		}
		if _, err := client.Create(t.Context(), &stablev1.CronTab{ObjectMeta: metav1.ObjectMeta{Name: "b"}}, metav1.CreateOptions{}); err != nil {
			t.Error(err)
		}
		if got := names(); !cmp.Equal(got, []string{"b"}) {
			t.Errorf("%v after changes", got)
		}
	})
}
