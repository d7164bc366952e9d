package compat

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/gentype"
	theirs "k8s.io/client-go/testing"

	"github.com/kubewright/kubewright/pkg/runtime/fake"
	ours "github.com/kubewright/kubewright/pkg/testing"
)

var configMaps = corev1.SchemeGroupVersion.WithResource("configmaps")

// configuration is what is applied.
type configuration map[string]any

func (c *configuration) GetName() *string {
	name := (*c)["metadata"].(map[string]any)["name"].(string)
	return &name
}

// fakeClient is what both projects' generic fake clients are, for config maps.
type fakeClient interface {
	Create(context.Context, *corev1.ConfigMap, metav1.CreateOptions) (*corev1.ConfigMap, error)
	Update(context.Context, *corev1.ConfigMap, metav1.UpdateOptions) (*corev1.ConfigMap, error)
	UpdateStatus(context.Context, *corev1.ConfigMap, metav1.UpdateOptions) (*corev1.ConfigMap, error)
	Delete(context.Context, string, metav1.DeleteOptions) error
	DeleteCollection(context.Context, metav1.DeleteOptions, metav1.ListOptions) error
	Get(context.Context, string, metav1.GetOptions) (*corev1.ConfigMap, error)
	List(context.Context, metav1.ListOptions) (*corev1.ConfigMapList, error)
	Watch(context.Context, metav1.ListOptions) (watch.Interface, error)
	Patch(context.Context, string, types.PatchType, []byte, metav1.PatchOptions, ...string) (*corev1.ConfigMap, error)
	Apply(context.Context, *configuration, metav1.ApplyOptions) (*corev1.ConfigMap, error)
}

// tracker is what both projects' trackers are: their interfaces have the same methods.
type tracker = ours.ObjectTracker

var _ tracker = theirs.ObjectTracker(nil)

// side is a fake clientset, in the namespace ns, of one of the projects.
type side struct {
	fakeClient
	tracker tracker
	actions func() string
}

func newOurs(t tracker, namespace string) side {
	f := &ours.Fake{}
	f.AddReactor("*", "*", ours.ObjectReaction(t))
	f.AddWatchReactor("*", ours.WatchReaction(t))
	client := fake.NewFakeClientWithListAndApply[*corev1.ConfigMap, *corev1.ConfigMapList, *configuration](
		f, namespace, configMaps, corev1.SchemeGroupVersion.WithKind("ConfigMap"), newConfigMap, newConfigMapList, copyListMeta, itemsOf, setItems)
	return side{client, t, func() string { return texts(f.Actions()) }}
}

func newTheirs(t theirs.ObjectTracker, namespace string) side {
	f := &theirs.Fake{}
	f.AddReactor("*", "*", theirs.ObjectReaction(t))
	f.AddWatchReactor("*", func(action theirs.Action) (bool, watch.Interface, error) {
		w, err := t.Watch(action.GetResource(), action.GetNamespace(), action.(theirs.WatchActionImpl).ListOptions)
		return err == nil, w, err
	})
	client := gentype.NewFakeClientWithListAndApply[*corev1.ConfigMap, *corev1.ConfigMapList, *configuration](
		f, namespace, configMaps, corev1.SchemeGroupVersion.WithKind("ConfigMap"), newConfigMap, newConfigMapList, copyListMeta, itemsOf, setItems)
	return side{client, t, func() string { return texts(f.Actions()) }}
}

func newConfigMap() *corev1.ConfigMap                         { return &corev1.ConfigMap{} }
func newConfigMapList() *corev1.ConfigMapList                 { return &corev1.ConfigMapList{} }
func copyListMeta(dst, src *corev1.ConfigMapList)             { dst.ListMeta = src.ListMeta }
func itemsOf(l *corev1.ConfigMapList) []*corev1.ConfigMap     { return gentype.ToPointerSlice(l.Items) }
func setItems(l *corev1.ConfigMapList, i []*corev1.ConfigMap) { l.Items = gentype.FromPointerSlice(i) }

// texts writes actions as Go does: packages have the same name in both projects.
func texts[A any](actions []A) string {
	var lines []string
	for _, action := range actions {
		lines = append(lines, fmt.Sprintf("%T %+v", action, action))
	}
	return strings.Join(lines, "\n")
}

func labelled(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"l": "v"}}, Data: map[string]string{"x": "1"}}
}

type fakeStep struct {
	name string
	do   func(ctx context.Context, s side) (any, error)
}

// steps are what tests do with a fake clientset, in their order.
var fakeSteps = []fakeStep{
	{"get what is added", func(ctx context.Context, s side) (any, error) { return s.Get(ctx, "added", metav1.GetOptions{}) }},
	{"create", func(ctx context.Context, s side) (any, error) {
		return s.Create(ctx, labelled("a"), metav1.CreateOptions{})
	}},
	{"create again", func(ctx context.Context, s side) (any, error) {
		return s.Create(ctx, labelled("a"), metav1.CreateOptions{})
	}},
	{"create with a version", func(ctx context.Context, s side) (any, error) {
		cm := labelled("versioned")
		cm.ResourceVersion, cm.UID = "5", "u"
		return s.Create(ctx, cm, metav1.CreateOptions{})
	}},
	{"create in another namespace", func(ctx context.Context, s side) (any, error) {
		cm := labelled("b")
		cm.Namespace = "other"
		return s.Create(ctx, cm, metav1.CreateOptions{})
	}},
	{"create without a name", func(ctx context.Context, s side) (any, error) {
		return s.Create(ctx, labelled(""), metav1.CreateOptions{})
	}},
	{"create without a name again", func(ctx context.Context, s side) (any, error) {
		return s.Create(ctx, labelled(""), metav1.CreateOptions{})
	}},
	{"get", func(ctx context.Context, s side) (any, error) { return s.Get(ctx, "a", metav1.GetOptions{}) }},
	{"get what is not there", func(ctx context.Context, s side) (any, error) { return s.Get(ctx, "none", metav1.GetOptions{}) }},
	{"update", func(ctx context.Context, s side) (any, error) {
		cm := labelled("a")
		cm.Data["x"] = "2"
		return s.Update(ctx, cm, metav1.UpdateOptions{})
	}},
	{"update with another version", func(ctx context.Context, s side) (any, error) {
		cm := labelled("versioned")
		cm.ResourceVersion = "6"
		return s.Update(ctx, cm, metav1.UpdateOptions{})
	}},
	{"update what is not there", func(ctx context.Context, s side) (any, error) {
		return s.Update(ctx, labelled("none"), metav1.UpdateOptions{})
	}},
	{"update the status", func(ctx context.Context, s side) (any, error) {
		return s.UpdateStatus(ctx, labelled("a"), metav1.UpdateOptions{})
	}},
	{"merge patch", func(ctx context.Context, s side) (any, error) {
		return s.Patch(ctx, "a", types.MergePatchType, []byte(`{"metadata":{"labels":{"m":"1"}},"data":{"x":null,"y":"1"}}`), metav1.PatchOptions{})
	}},
	{"strategic merge patch", func(ctx context.Context, s side) (any, error) {
		return s.Patch(ctx, "a", types.StrategicMergePatchType, []byte(`{"data":{"z":"1"}}`), metav1.PatchOptions{})
	}},
	{"JSON patch", func(ctx context.Context, s side) (any, error) {
		return s.Patch(ctx, "a", types.JSONPatchType, []byte(`[{"op":"add","path":"/metadata/annotations","value":{"q":"r"}}]`), metav1.PatchOptions{})
	}},
	{"patch what is not there", func(ctx context.Context, s side) (any, error) {
		return s.Patch(ctx, "none", types.MergePatchType, []byte(`{}`), metav1.PatchOptions{})
	}},
	{"apply", func(ctx context.Context, s side) (any, error) {
		return s.Apply(ctx, &configuration{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "a", "labels": map[string]any{"applied": "1"}}}, metav1.ApplyOptions{FieldManager: "me"})
	}},
	{"list", func(ctx context.Context, s side) (any, error) { return s.List(ctx, metav1.ListOptions{}) }},
	{"list by labels", func(ctx context.Context, s side) (any, error) {
		return s.List(ctx, metav1.ListOptions{LabelSelector: "applied"})
	}},
	{"list by an unknown field", func(ctx context.Context, s side) (any, error) {
		return s.List(ctx, metav1.ListOptions{FieldSelector: "spec.x=y"})
	}},
	{"list by a page", func(ctx context.Context, s side) (any, error) { return s.List(ctx, metav1.ListOptions{Limit: 1}) }},
	{"watch from now", func(ctx context.Context, s side) (any, error) {
		list, err := s.List(ctx, metav1.ListOptions{})
		if err != nil {
			return nil, err
		}
		w, err := s.Watch(ctx, metav1.ListOptions{ResourceVersion: list.ResourceVersion})
		if err != nil {
			return nil, err
		}
		defer w.Stop()
		_, err = s.Create(ctx, labelled("w"), metav1.CreateOptions{})
		if err == nil {
			err = s.Delete(ctx, "w", metav1.DeleteOptions{})
		}
		return []watch.Event{<-w.ResultChan(), <-w.ResultChan()}, err
	}},
	{"watch from the beginning", func(ctx context.Context, s side) (any, error) {
		w, err := s.Watch(ctx, metav1.ListOptions{})
		if err != nil {
			return nil, err
		}
		defer w.Stop()
		return []watch.Event{<-w.ResultChan(), <-w.ResultChan()}, nil
	}},
	{"delete", func(ctx context.Context, s side) (any, error) { return nil, s.Delete(ctx, "a", metav1.DeleteOptions{}) }},
	{"delete what is not there", func(ctx context.Context, s side) (any, error) {
		return nil, s.Delete(ctx, "none", metav1.DeleteOptions{})
	}},
	{"add", func(_ context.Context, s side) (any, error) {
		return nil, s.tracker.Add(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "t", Namespace: "ns"}})
	}},
	{"add again", func(_ context.Context, s side) (any, error) {
		return nil, s.tracker.Add(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "t", Namespace: "ns"}})
	}},
	{"get from the tracker", func(_ context.Context, s side) (any, error) { return s.tracker.Get(configMaps, "ns", "t") }},
	{"get from the tracker what is not there", func(_ context.Context, s side) (any, error) { return s.tracker.Get(configMaps, "ns", "none") }},
	{"delete from the tracker what is not there", func(_ context.Context, s side) (any, error) { return nil, s.tracker.Delete(configMaps, "ns", "none") }},
	{"list of another kind", func(_ context.Context, s side) (any, error) {
		return s.tracker.List(configMaps, corev1.SchemeGroupVersion.WithKind("Nonsense"), "ns")
	}},
	{"patch of a subresource", func(ctx context.Context, s side) (any, error) {
		return s.Patch(ctx, "versioned", types.MergePatchType, []byte(`{"data":{"sub":"1"}}`), metav1.PatchOptions{}, "some", "sub")
	}},
	{"generateName", func(ctx context.Context, s side) (any, error) {
		return s.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{GenerateName: "g-"}}, metav1.CreateOptions{})
	}},
	{"apply what is not there", func(ctx context.Context, s side) (any, error) {
		return s.Apply(ctx, &configuration{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "new"}}, metav1.ApplyOptions{FieldManager: "me"})
	}},
	{"delete a collection", func(ctx context.Context, s side) (any, error) {
		if err := s.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{}); err != nil {
			return nil, err
		}
		list, err := s.List(ctx, metav1.ListOptions{})
		return len(list.Items), err
	}},
}

// answer is the outcome of a step as text, without versions of lists.
func answer(t *testing.T, s side, do fakeStep) string {
	t.Helper()
	result, err := do.do(t.Context(), s)
	if list, ok := result.(*corev1.ConfigMapList); ok {
		if list.ResourceVersion == "" && err == nil {
			t.Error("a list without a version")
		}
		list.ResourceVersion = ""
	}
	data, failure := json.Marshal(result)
	if failure != nil {
		t.Fatal(failure)
	}
	return fmt.Sprintf("%s error: %v", data, err)
}

func newScheme(t *testing.T) (*runtime.Scheme, runtime.Decoder) {
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	return scheme, serializer.NewCodecFactory(scheme).UniversalDecoder()
}

func TestPlainFakesAnswerAsTheirs(t *testing.T) {
	scheme, decoder := newScheme(t)
	our, their := newOurs(ours.NewObjectTracker(scheme, decoder), "ns"), newTheirs(theirs.NewObjectTracker(scheme, decoder), "ns")
	compareFakes(t, our, their, map[string]string{
		"generateName":            "client-go stores it without a name",
		"apply what is not there": "client-go answers NotFound",
		"delete a collection":     "client-go deletes nothing",
	}, func(s string) string { return s })
	if diff := cmp.Diff(inCommon(their.actions()), inCommon(our.actions())); diff != "" {
		t.Errorf("the actions (-theirs +ours):\n%s", diff)
	}
}

// A client of the cluster calls the same constructors of actions as theirs.
func TestActionsOfClientsOfTheClusterAreTheirs(t *testing.T) {
	scheme, decoder := newScheme(t)
	our, their := newOurs(ours.NewObjectTracker(scheme, decoder), ""), newTheirs(theirs.NewObjectTracker(scheme, decoder), "")
	for _, s := range []side{our, their} {
		for _, do := range fakeSteps {
			if !strings.Contains(do.name, "tracker") && do.name != "watch from now" && do.name != "watch from the beginning" {
				_, _ = do.do(t.Context(), s)
			}
		}
		_, _ = s.List(t.Context(), metav1.ListOptions{ResourceVersion: "0", Limit: 5, LabelSelector: "a=b"})
		w, err := s.Watch(t.Context(), metav1.ListOptions{ResourceVersion: "0", TimeoutSeconds: new(int64(7))})
		if err != nil {
			t.Fatal(err)
		}
		w.Stop()
	}
	if diff := cmp.Diff(inCommon(their.actions()), inCommon(our.actions())); diff != "" {
		t.Errorf("the actions (-theirs +ours):\n%s", diff)
	}
}

// inCommon removes the addresses of options, and the versions that lists had, from a log of actions.
func inCommon(actions string) string {
	return regexp.MustCompile(`0x[0-9a-f]+|ResourceVersion:[0-9]+`).ReplaceAllString(actions, "")
}

// What the tracker with field managers adds to theirs is taken out of the answers.
func TestManagedFakesAnswerAsTheirs(t *testing.T) {
	scheme, decoder := newScheme(t)
	deduced := managedfields.NewDeducedTypeConverter()
	our := newOurs(ours.NewFieldManagedObjectTracker(scheme, decoder, deduced), "ns")
	their := newTheirs(theirs.NewFieldManagedObjectTracker(scheme, decoder, deduced), "ns")
	compareFakes(t, our, their, map[string]string{
		"generateName":           "client-go stores it without a name",
		"update the status":      "a config map has none: the object stays as it is",
		"patch of a subresource": "client-go forgets the subresource in managedFields",
		"delete a collection":    "client-go deletes nothing",
	}, withoutIdentity)
}

func compareFakes(t *testing.T, our, their side, reasons map[string]string, trim func(string) string) {
	added := labelled("added")
	added.Namespace = "ns"
	for _, s := range []side{our, their} {
		if err := s.tracker.Add(added); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range fakeSteps {
		want, got := trim(answer(t, their, step)), trim(answer(t, our, step))
		if reason := reasons[step.name]; (reason == "") != (want == got) {
			t.Errorf("%s: the expected difference is %q\ntheirs %s\nours   %s", step.name, reason, want, got)
		}
	}
}

// withoutIdentity removes what a server gives to objects. Their patches lose the kind.
func withoutIdentity(text string) string {
	data, rest, _ := strings.Cut(text, " error: ")
	var value any
	if err := json.Unmarshal([]byte(data), &value); err != nil {
		return text
	}
	var walk func(any)
	walk = func(value any) {
		switch v := value.(type) {
		case map[string]any:
			delete(v, "kind")
			delete(v, "apiVersion")
			if metadata, ok := v["metadata"].(map[string]any); ok {
				for _, field := range []string{"uid", "resourceVersion", "creationTimestamp"} {
					delete(metadata, field)
				}
				entries, _ := metadata["managedFields"].([]any)
				for _, entry := range entries {
					delete(entry.(map[string]any), "time")
				}
			}
			for _, child := range v {
				walk(child)
			}
		case []any:
			for _, child := range v {
				walk(child)
			}
		}
	}
	walk(value)
	trimmed, _ := json.Marshal(value)
	return string(trimmed) + " error: " + rest
}

func TestActionsAreTheirs(t *testing.T) {
	var (
		kind = corev1.SchemeGroupVersion.WithKind("ConfigMap")
		list = metav1.ListOptions{LabelSelector: "a=b", FieldSelector: "metadata.name=q", ResourceVersion: "5"}
		cm   = labelled("a")
		data = []byte("data")
		del  = metav1.DeleteOptions{DryRun: []string{"All"}}
	)
	our := []ours.Action{
		ours.NewGetAction(configMaps, "ns", "n"), ours.NewGetActionWithOptions(configMaps, "ns", "n", metav1.GetOptions{ResourceVersion: "1"}),
		ours.NewGetSubresourceAction(configMaps, "ns", "sub", "n"), ours.NewRootGetAction(configMaps, "n"),
		ours.NewRootGetActionWithOptions(configMaps, "n", metav1.GetOptions{}), ours.NewRootGetSubresourceAction(configMaps, "sub", "n"),
		ours.NewListAction(configMaps, kind, "ns", list), ours.NewListActionWithOptions(configMaps, kind, "ns", metav1.ListOptions{}),
		ours.NewRootListAction(configMaps, kind, list), ours.NewRootListActionWithOptions(configMaps, kind, list),
		ours.NewWatchAction(configMaps, "ns", list), ours.NewWatchActionWithOptions(configMaps, "ns", metav1.ListOptions{}),
		ours.NewRootWatchAction(configMaps, list), ours.NewRootWatchActionWithOptions(configMaps, list),
		ours.NewCreateAction(configMaps, "ns", cm), ours.NewCreateActionWithOptions(configMaps, "ns", cm, metav1.CreateOptions{FieldManager: "m"}),
		ours.NewCreateSubresourceAction(configMaps, "n", "sub", "ns", cm), ours.NewRootCreateAction(configMaps, cm), ours.NewRootCreateSubresourceAction(configMaps, "n", "sub", cm),
		ours.NewUpdateAction(configMaps, "ns", cm), ours.NewUpdateActionWithOptions(configMaps, "ns", cm, metav1.UpdateOptions{FieldManager: "m"}),
		ours.NewUpdateSubresourceAction(configMaps, "sub", "ns", cm), ours.NewRootUpdateAction(configMaps, cm), ours.NewRootUpdateSubresourceAction(configMaps, "sub", cm),
		ours.NewPatchAction(configMaps, "ns", "n", types.MergePatchType, data), ours.NewPatchSubresourceAction(configMaps, "ns", "n", types.MergePatchType, data, "a", "b"),
		ours.NewPatchActionWithOptions(configMaps, "ns", "n", types.MergePatchType, data, metav1.PatchOptions{FieldManager: "m"}),
		ours.NewRootPatchAction(configMaps, "n", types.MergePatchType, data), ours.NewRootPatchSubresourceAction(configMaps, "n", types.MergePatchType, data, "a"),
		ours.NewDeleteAction(configMaps, "ns", "n"), ours.NewDeleteActionWithOptions(configMaps, "ns", "n", del), ours.NewDeleteSubresourceAction(configMaps, "sub", "ns", "n"),
		ours.NewRootDeleteAction(configMaps, "n"), ours.NewRootDeleteSubresourceAction(configMaps, "sub", "n"),
		ours.NewDeleteCollectionAction(configMaps, "ns", list), ours.NewDeleteCollectionActionWithOptions(configMaps, "ns", del, list),
		ours.NewRootDeleteCollectionAction(configMaps, list), ours.NewRootDeleteCollectionActionWithOptions(configMaps, del, list),
		ours.NewProxyGetAction(configMaps, "ns", "http", "n", "80", "/p", map[string]string{"q": "r"}),
	}
	their := []theirs.Action{
		theirs.NewGetAction(configMaps, "ns", "n"), theirs.NewGetActionWithOptions(configMaps, "ns", "n", metav1.GetOptions{ResourceVersion: "1"}),
		theirs.NewGetSubresourceAction(configMaps, "ns", "sub", "n"), theirs.NewRootGetAction(configMaps, "n"),
		theirs.NewRootGetActionWithOptions(configMaps, "n", metav1.GetOptions{}), theirs.NewRootGetSubresourceAction(configMaps, "sub", "n"),
		theirs.NewListAction(configMaps, kind, "ns", list), theirs.NewListActionWithOptions(configMaps, kind, "ns", metav1.ListOptions{}),
		theirs.NewRootListAction(configMaps, kind, list), theirs.NewRootListActionWithOptions(configMaps, kind, list),
		theirs.NewWatchAction(configMaps, "ns", list), theirs.NewWatchActionWithOptions(configMaps, "ns", metav1.ListOptions{}),
		theirs.NewRootWatchAction(configMaps, list), theirs.NewRootWatchActionWithOptions(configMaps, list),
		theirs.NewCreateAction(configMaps, "ns", cm), theirs.NewCreateActionWithOptions(configMaps, "ns", cm, metav1.CreateOptions{FieldManager: "m"}),
		theirs.NewCreateSubresourceAction(configMaps, "n", "sub", "ns", cm), theirs.NewRootCreateAction(configMaps, cm), theirs.NewRootCreateSubresourceAction(configMaps, "n", "sub", cm),
		theirs.NewUpdateAction(configMaps, "ns", cm), theirs.NewUpdateActionWithOptions(configMaps, "ns", cm, metav1.UpdateOptions{FieldManager: "m"}),
		theirs.NewUpdateSubresourceAction(configMaps, "sub", "ns", cm), theirs.NewRootUpdateAction(configMaps, cm), theirs.NewRootUpdateSubresourceAction(configMaps, "sub", cm),
		theirs.NewPatchAction(configMaps, "ns", "n", types.MergePatchType, data), theirs.NewPatchSubresourceAction(configMaps, "ns", "n", types.MergePatchType, data, "a", "b"),
		theirs.NewPatchActionWithOptions(configMaps, "ns", "n", types.MergePatchType, data, metav1.PatchOptions{FieldManager: "m"}),
		theirs.NewRootPatchAction(configMaps, "n", types.MergePatchType, data), theirs.NewRootPatchSubresourceAction(configMaps, "n", types.MergePatchType, data, "a"),
		theirs.NewDeleteAction(configMaps, "ns", "n"), theirs.NewDeleteActionWithOptions(configMaps, "ns", "n", del), theirs.NewDeleteSubresourceAction(configMaps, "sub", "ns", "n"),
		theirs.NewRootDeleteAction(configMaps, "n"), theirs.NewRootDeleteSubresourceAction(configMaps, "sub", "n"),
		theirs.NewDeleteCollectionAction(configMaps, "ns", list), theirs.NewDeleteCollectionActionWithOptions(configMaps, "ns", del, list),
		theirs.NewRootDeleteCollectionAction(configMaps, list), theirs.NewRootDeleteCollectionActionWithOptions(configMaps, del, list),
		theirs.NewProxyGetAction(configMaps, "ns", "http", "n", "80", "/p", map[string]string{"q": "r"}),
	}
	for i := range our {
		if want, got := fmt.Sprintf("%T %+v", their[i], their[i]), fmt.Sprintf("%T %+v", our[i], our[i]); want != got {
			t.Errorf("action %d:\ntheirs %s\nours   %s", i, want, got)
		}
		// Tests compare a logged action, which is a copy, with one that they make.
		if got := our[i].DeepCopy(); !reflect.DeepEqual(our[i], got) {
			t.Errorf("the copy of %#v is %#v", our[i], got)
		}
		for _, resource := range []string{"configmaps", "configmaps/sub", "configmaps/", "*", "*/*", "configmaps/*", "secrets", "/sub", ""} {
			got := (&ours.SimpleReactor{Verb: "*", Resource: resource}).Handles(our[i])
			if want := (&theirs.SimpleReactor{Verb: "*", Resource: resource}).Handles(their[i]); want != got {
				t.Errorf("a reactor for %q of %#v: theirs %v, ours %v", resource, our[i], want, got)
			}
			if want, got := their[i].Matches(their[i].GetVerb(), resource), our[i].Matches(our[i].GetVerb(), resource); want != got {
				t.Errorf("%#v matches %q: theirs %v, ours %v", our[i], resource, want, got)
			}
		}
	}
}
