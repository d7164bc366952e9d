package reflector

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/pkg/internal/watchcause"
	"github.com/kubewright/kubewright/pkg/rest"
)

// answer is a ListWatcher with fixed answers.
type answer struct {
	list  runtime.Object
	watch watch.Interface
	err   error
}

func (a answer) ListWithContext(context.Context, metav1.ListOptions) (runtime.Object, error) {
	return a.list, a.err
}

func (a answer) WatchWithContext(context.Context, metav1.ListOptions) (watch.Interface, error) {
	return a.watch, a.err
}

func acceptConfigMap(object runtime.Object) (*corev1.ConfigMap, error) {
	if cm, ok := object.(*corev1.ConfigMap); ok {
		if cm.Name == "bad" {
			return nil, errBroken
		}
		return cm, nil
	}
	return nil, fmt.Errorf("not a ConfigMap, but %w", ErrOtherKind)
}

func configMap(name, version string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: name, ResourceVersion: version}}
}

func TestListGivesEachObjectMemoryOfItsOwn(t *testing.T) {
	list := &corev1.ConfigMapList{ListMeta: metav1.ListMeta{ResourceVersion: "7", Continue: "x", RemainingItemCount: new(int64(4))},
		Items: []corev1.ConfigMap{*configMap("a", "1"), *configMap("b", "2")}}
	var got []*corev1.ConfigMap
	page, err := Objects(answer{list: list}, acceptConfigMap).List(t.Context(), metav1.ListOptions{}, func(item Item[*corev1.ConfigMap]) error {
		got = append(got, item.Object)
		return nil
	})
	if err != nil || page != (Page{Version: "7", Continue: "x", Remaining: 4}) || len(got) != 2 || got[0].Name != "a" {
		t.Fatalf("page %+v, objects %v, error %v", page, got, err)
	}
	if got[0] == &list.Items[0] {
		t.Error("the object is part of the list: it would keep the whole list alive (R14)")
	}
}

func TestListErrors(t *testing.T) {
	each := func(Item[*corev1.ConfigMap]) error { return nil }
	for name, c := range map[string]struct {
		answer answer
		want   string
	}{
		"failure":    {answer{err: errors.New("no route")}, "no route"},
		"nothing":    {answer{}, "neither a list nor an error"},
		"not a list": {answer{list: configMap("a", "1")}, "*v1.ConfigMap is not a list"},
		"status":     {answer{list: &metav1.Status{}}, "Items"},
		"table":      {answer{list: &metav1.Table{}}, "Items"},
	} {
		_, err := Objects(c.answer, acceptConfigMap).List(t.Context(), metav1.ListOptions{}, each)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error = %v, want one with %q", name, err, c.want)
		}
	}
}

func TestWatchErrors(t *testing.T) {
	for name, c := range map[string]struct {
		answer answer
		want   string
	}{
		"failure": {answer{err: errors.New("no route")}, "no route"},
		"nothing": {answer{}, "neither a watch nor an error"},
	} {
		_, err := Objects(c.answer, acceptConfigMap).Watch(t.Context(), metav1.ListOptions{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error = %v, want one with %q", name, err, c.want)
		}
	}
}

// R8, row 11: an object of a list that is not accepted does not fail the list, even if it does not tell its name.
func TestObjectOfAListThatIsNotAcceptedIsPoisoned(t *testing.T) {
	list := &metav1.List{Items: []runtime.RawExtension{
		{Object: configMap("a", "1")},
		{Object: &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "s", UID: "u", ResourceVersion: "2"}}},
		{Object: &metav1.Status{}},
		{Object: &corev1.ConfigMap{}},
		{Object: configMap("b", "3")},
	}}
	var got []string
	_, err := Objects(answer{list: list}, acceptConfigMap).List(t.Context(), metav1.ListOptions{}, func(item Item[*corev1.ConfigMap]) error {
		if item.Poison != nil {
			got = append(got, item.Poison.Error())
		} else {
			got = append(got, item.Object.Name)
		}
		return nil
	})
	want := []string{"a", `object ns/s (UID "u", version "2") is left out: not a ConfigMap, but of another kind`, "an object that does not tell its name is left out: not a ConfigMap, but of another kind",
		"an object that does not tell its name is left out: it has no name", "b"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v, objects (-want +got):\n%s", err, diff)
	}
}

// Row 10: a list of another kind is no list of this collection, which has not lost its objects.
func TestListOfAnotherKindIsAnError(t *testing.T) {
	secret := func(name string) *corev1.Secret { return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: name}} }
	each := func(Item[*corev1.ConfigMap]) error { return nil }
	const want = `the list has objects of another kind only; the first: object s (UID "", version "") is left out: not a ConfigMap, but of another kind`
	secrets := answer{list: &corev1.SecretList{Items: []corev1.Secret{*secret("s"), *secret("t")}}}
	if _, err := Objects(secrets, acceptConfigMap).List(t.Context(), metav1.ListOptions{}, each); err == nil || err.Error() != want {
		t.Errorf("error = %v", err)
	}
	items := itemAnswer{items: []rest.ListItem{{Object: secret("s")}}}
	if _, err := Objects[*corev1.ConfigMap](items, acceptConfigMap).List(t.Context(), metav1.ListOptions{}, each); err == nil || err.Error() != want {
		t.Errorf("error, item by item = %v", err)
	}
}

// itemAnswer is a ListWatcher that hands out lists object by object.
type itemAnswer struct {
	answer
	items []rest.ListItem
}

func (a itemAnswer) EachItem(_ context.Context, options metav1.ListOptions, each func(rest.ListItem) error) (metav1.ListMeta, error) {
	for _, item := range a.items {
		if err := each(item); err != nil {
			return metav1.ListMeta{}, err
		}
	}
	return metav1.ListMeta{ResourceVersion: options.ResourceVersion}, a.err
}

func TestListIsReadItemByItemIfItCanBe(t *testing.T) {
	lw := itemAnswer{items: []rest.ListItem{
		{Object: configMap("a", "1")},
		{Undecodable: &rest.UndecodableError{Namespace: "ns", Name: "b", UID: "u", ResourceVersion: "2", Err: errBroken}},
		{Object: &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s"}}},
	}}
	var got []string
	each := func(item Item[*corev1.ConfigMap]) error {
		if item.Poison != nil {
			got = append(got, item.Poison.Error())
		} else {
			got = append(got, item.Object.Name)
		}
		return nil
	}
	page, err := Objects[*corev1.ConfigMap](lw, acceptConfigMap).List(t.Context(), metav1.ListOptions{ResourceVersion: "5"}, each)
	want := []string{"a", `object ns/b (UID "u", version "2") is left out: connection reset`, `object s (UID "", version "") is left out: not a ConfigMap, but of another kind`}
	if diff := cmp.Diff(want, got); diff != "" || err != nil || page.Version != "5" {
		t.Errorf("page %v, error %v, objects (-want +got):\n%s", page, err, diff)
	}
	lw.err = errBroken
	if _, err := Objects[*corev1.ConfigMap](lw, acceptConfigMap).List(t.Context(), metav1.ListOptions{}, each); err != errBroken {
		t.Errorf("error = %v, want that of the client", err)
	}
}

type refusingAnswer struct{ answer }

func (refusingAnswer) IsWatchListSemanticsUnSupported() bool { return true }

func TestOnlyClientsThatSayNoAreNotAskedToStream(t *testing.T) {
	if !Objects(answer{}, acceptConfigMap).StreamsLists() || Objects[*corev1.ConfigMap](refusingAnswer{}, acceptConfigMap).StreamsLists() {
		t.Error("a client that refuses to stream lists is asked for it, or one that does not is not")
	}
}

func TestKeyOfAnObject(t *testing.T) {
	if got := Objects(answer{}, acceptConfigMap).Key(configMap("a", "1")); got != (Key{"ns", "a"}) {
		t.Errorf("key = %v", got)
	}
	if got := Objects[any](answer{}, nil).Key("no object"); got != (Key{}) {
		t.Errorf("key of what has none = %v", got)
	}
}

func TestStreamEvents(t *testing.T) {
	expired := apierrors.NewResourceExpired("too old").Status()
	throttled := apierrors.NewTooManyRequests("later", 1).Status()
	internal := apierrors.NewInternalError(errors.New("oops")).Status()
	client := func(cause string) *metav1.Status {
		return apierrors.NewClientErrorReporter(500, "watch", cause).AsObject(errors.New("unexpected end")).(*metav1.Status)
	}
	undecodable := client(watchcause.Undecodable)
	undecodable.Details.Causes = []metav1.StatusCause{watchcause.NewUndecodable(watchcause.Object{
		Event: watch.Modified, Namespace: "ns", Name: "a", UID: "u", ResourceVersion: "7"})}
	annotated := func(value string) runtime.Object {
		cm := configMap("", "8")
		cm.Annotations = map[string]string{metav1.InitialEventsAnnotationKey: value}
		return cm
	}
	added := configMap("a", "7")
	added.Annotations = map[string]string{metav1.InitialEventsAnnotationKey: "true"}
	secret := func(name, version string) runtime.Object {
		return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "ns", ResourceVersion: version}}
	}
	for name, c := range map[string]struct {
		event watch.Event
		want  string // the event as shown, or the error
		lost  bool
	}{
		"added":                {watch.Event{Type: watch.Added, Object: configMap("a", "7")}, "ADDED a 7", false},
		"deleted":              {watch.Event{Type: watch.Deleted, Object: configMap("a", "7")}, "DELETED a 7", false},
		"annotated object":     {watch.Event{Type: watch.Added, Object: added}, "ADDED a 7", false},
		"bookmark":             {watch.Event{Type: watch.Bookmark, Object: configMap("", "8")}, "BOOKMARK  8", false},
		"bookmark of no type":  {watch.Event{Type: watch.Bookmark, Object: &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{ResourceVersion: "9"}}}, "BOOKMARK  9", false},
		"R19: end":             {watch.Event{Type: watch.Bookmark, Object: annotated("true")}, "BOOKMARK  8 end", false},
		"R19: no end":          {watch.Event{Type: watch.Bookmark, Object: annotated("false")}, "BOOKMARK  8", false},
		"R19: no end at all":   {watch.Event{Type: watch.Bookmark, Object: annotated("")}, "BOOKMARK  8", false},
		"bookmark, no version": {watch.Event{Type: watch.Bookmark, Object: configMap("", "")}, "bookmark without a resource version", true},
		"R7: nil object":       {watch.Event{Type: watch.Deleted}, "event DELETED without an object", true},
		"row 12: another kind": {watch.Event{Type: watch.Added, Object: secret("s", "7")}, "event ADDED: object ns/s ", true},
		"refused":              {watch.Event{Type: watch.Added, Object: configMap("bad", "7")}, "ADDED poison ns/bad 7", false},
		"refused deletion":     {watch.Event{Type: watch.Deleted, Object: configMap("bad", "7")}, "DELETED poison ns/bad 7", false},
		"refused, no version":  {watch.Event{Type: watch.Added, Object: configMap("bad", "")}, "event ADDED: object ns/bad ", true},
		"undecodable":          {watch.Event{Type: watch.Error, Object: undecodable}, "MODIFIED poison ns/a 7", false},
		"no name":              {watch.Event{Type: watch.Added, Object: configMap("", "7")}, "it has no name", true},
		"no identity":          {watch.Event{Type: watch.Added, Object: &corev1.ConfigMap{}}, "it has no name", true},
		"no metadata":          {watch.Event{Type: watch.Added, Object: &metav1.Status{}}, "event ADDED with a *v1.Status", true},
		"table":                {watch.Event{Type: watch.Added, Object: &metav1.Table{}}, "event ADDED with a *v1.Table", true},
		"unknown type":         {watch.Event{Type: "MOVED", Object: configMap("a", "7")}, `event of unknown type "MOVED"`, true},
		"expired":              {watch.Event{Type: watch.Error, Object: &expired}, "too old", true},
		"R6: internal error":   {watch.Event{Type: watch.Error, Object: &internal}, "oops", true},
		"error without status": {watch.Event{Type: watch.Error, Object: configMap("a", "1")}, "unexpected object", true},
		"R4: broken":           {watch.Event{Type: watch.Error, Object: client(watchcause.Broken)}, "unexpected end", false},
		"undecodable event":    {watch.Event{Type: watch.Error, Object: client(watchcause.Decoding)}, "unexpected end", true},
		"R5: too many":         {watch.Event{Type: watch.Error, Object: &throttled}, "later", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := watch.NewFakeWithOptions(watch.FakeOptions{ChannelSize: 1})
			w.Action(c.event.Type, c.event.Object)
			stream, err := Objects(answer{watch: w}, acceptConfigMap).Watch(t.Context(), metav1.ListOptions{})
			if err != nil {
				t.Fatal(err)
			}
			e, err := stream.Next(t.Context())
			got := show(e)
			if err != nil {
				got = err.Error()
			}
			if match := got == c.want || err != nil && strings.Contains(got, c.want); !match || errors.Is(err, ErrLost) != c.lost {
				t.Errorf("Next = %q, lost %v; want %q, lost %v", got, errors.Is(err, ErrLost), c.want, c.lost)
			}
			stream.Stop()
			if _, err := stream.Next(t.Context()); err != io.EOF {
				t.Errorf("Next after the end = %v, want io.EOF", err)
			}
		})
	}
}

// show is an event in one line.
func show(e Event[*corev1.ConfigMap]) string {
	what := ""
	switch {
	case e.Poison != nil:
		what = "poison " + e.Poison.Key().String()
	case e.Object != nil:
		what = e.Object.Name
	}
	line := fmt.Sprintf("%s %s %s", e.Type, what, e.Version)
	if e.InitialEnd {
		line += " end"
	}
	return line
}

func TestStreamEndsWithItsContext(t *testing.T) {
	w := watch.NewFake()
	defer w.Stop()
	stream, err := Objects(answer{watch: w}, acceptConfigMap).Watch(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if _, err := stream.Next(ctx); err != cause {
		t.Errorf("Next = %v, want the cause of the context", err)
	}
}
