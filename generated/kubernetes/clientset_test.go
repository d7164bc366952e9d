package kubernetes_test

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/kubewright/kubewright/generated/kubernetes"
	"github.com/kubewright/kubewright/generated/kubernetes/informers"
	"github.com/kubewright/kubewright/generated/kubernetes/scheme"
	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/pkg/rest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// mediaTypes are what all built-in types can be sent as.
var mediaTypes = []string{runtime.ContentTypeJSON, runtime.ContentTypeProtobuf}

// newClientset returns a clientset on a server of its own that serves all versions which
// servers still have. Requests of clients for older ones are compared with those of client-go in test/wire.
func newClientset(t *testing.T, mediaType string) *kubernetes.Clientset {
	t.Helper()
	server := apiservertest.NewServerForTest(t, apiservertest.WithAllVersions(), apiservertest.WithInMemoryNetwork())
	config := server.Config()
	config.QPS, config.ContentType, config.AcceptContentTypes, config.WarningHandler = -1, mediaType, mediaType, rest.NoWarnings{}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// resourceClient is the client of one resource, found by reflection.
type resourceClient struct {
	group, resource string // AppsV1, Deployments
	namespaced      bool
	value           reflect.Value
}

// resourceClients returns the clients of all resources of which the server lets clients create objects, those of namespaced
// ones in namespace default.
func resourceClients(t *testing.T, clientset kubernetes.Interface) []resourceClient {
	t.Helper()
	creatable := map[schema.GroupVersionKind]bool{}
	for gvr, resource := range served(t, clientset) {
		creatable[gvr.GroupVersion().WithKind(resource.Kind)] = slices.Contains(resource.Verbs, "create")
	}
	var clients []resourceClient
	groups := reflect.TypeFor[kubernetes.Interface]()
	for i := range groups.NumMethod() {
		group := groups.Method(i)
		if group.Name == "Discovery" {
			continue
		}
		groupClient := reflect.ValueOf(clientset).MethodByName(group.Name).Call(nil)[0]
		for j := range group.Type.Out(0).NumMethod() {
			getter := group.Type.Out(0).Method(j)
			if getter.Name == "RESTClient" {
				continue
			}
			namespaced := getter.Type.NumIn() == 1
			var args []reflect.Value
			if namespaced {
				args = append(args, reflect.ValueOf("default"))
			}
			client := groupClient.MethodByName(getter.Name).Call(args)[0]
			c := resourceClient{group.Name, getter.Name, namespaced, client}
			if create, ok := c.method(c.interfaceOf(), "Create"); ok {
				gvks, _, err := scheme.Scheme.ObjectKinds(c.newObject(t, create).(runtime.Object))
				if err != nil {
					t.Fatal(err)
				}
				if creatable[gvks[0]] {
					clients = append(clients, c)
				}
			}
		}
	}
	return clients
}

// method returns a method of the client's interface, which may have fewer than the client.
func (c resourceClient) method(group reflect.Type, name string) (reflect.Value, bool) {
	getter, _ := group.MethodByName(c.resource)
	if _, ok := getter.Type.Out(0).MethodByName(name); !ok {
		return reflect.Value{}, false
	}
	return c.value.MethodByName(name), true
}

// interfaceOf returns the interface of the client's group.
func (c resourceClient) interfaceOf() reflect.Type {
	method, _ := reflect.TypeFor[kubernetes.Interface]().MethodByName(c.group)
	return method.Type.Out(0)
}

// call calls a method with a context, a value and options of its last type, and returns what it returns but the error.
func call(ctx context.Context, method reflect.Value, args ...any) (any, error) {
	in := []reflect.Value{reflect.ValueOf(ctx)}
	for _, arg := range args {
		in = append(in, reflect.ValueOf(arg))
	}
	in = append(in, reflect.Zero(method.Type().In(len(in)))) // options
	out := method.Call(in)
	err, _ := out[1].Interface().(error)
	return out[0].Interface(), err
}

// newObject returns an object for a method Create. Its name is one for all versions, which may share their objects.
func (c resourceClient) newObject(t *testing.T, create reflect.Value) metav1.Object {
	t.Helper()
	object := reflect.New(create.Type().In(1).Elem()).Interface().(metav1.Object)
	if strings.HasPrefix(c.group, "Auth") { // a review, which has to ask for something
		if err := json.Unmarshal([]byte(`{"spec":{"token":"t","user":"u","namespace":"default","resourceAttributes":{"verb":"get","resource":"pods","namespace":"default"}}}`), object); err != nil {
			t.Fatal(err)
		}
	}
	object.SetName(strings.ToLower(c.group + "-" + c.resource))
	if c.namespaced {
		object.SetNamespace("default")
	}
	return object
}

// TestEveryResource creates, lists and watches an object of every resource.
func TestEveryResource(t *testing.T) {
	for _, mediaType := range mediaTypes {
		t.Run(mediaType, func(t *testing.T) {
			for _, client := range resourceClients(t, newClientset(t, mediaType)) {
				t.Run(client.group+" "+client.resource, func(t *testing.T) { testResource(t, client) })
			}
		})
	}
}

func testResource(t *testing.T, client resourceClient) {
	ctx, group := t.Context(), client.interfaceOf()
	create, _ := client.method(group, "Create")
	list, lists := client.method(group, "List")
	watches, watched := client.method(group, "Watch")
	if lists != watched {
		t.Errorf("listed: %v, watched: %v", lists, watched)
	}
	var events watch.Interface
	if watched {
		w, err := call(ctx, watches)
		if err != nil {
			t.Fatalf("watch: %v", err)
		}
		events = w.(watch.Interface)
		defer events.Stop()
	}
	object := client.newObject(t, create)
	created, err := call(ctx, create, object)
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	if !lists {
		return // reviews, which are answered and not stored
	}
	event, ok := <-events.ResultChan()
	for ok && event.Type == watch.Added && event.Object.(metav1.Object).GetName() != object.GetName() { // what was there
		event, ok = <-events.ResultChan()
	}
	if !ok || event.Type != watch.Added || reflect.TypeOf(event.Object) != reflect.TypeOf(created) {
		t.Errorf("event %v %T", event.Type, event.Object)
	}
	got, err := call(ctx, list)
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	if names := itemNames(got); !slices.Contains(names, object.GetName()) {
		t.Errorf("listed %q", names)
	}
}

func itemNames(list any) []string {
	var names []string
	items := reflect.ValueOf(list).Elem().FieldByName("Items")
	for i := range items.Len() {
		names = append(names, items.Index(i).Addr().Interface().(metav1.Object).GetName())
	}
	return names
}

// TestEveryInformer runs the informer of every resource that can be watched, by its GroupVersionResource.
func TestEveryInformer(t *testing.T) {
	for _, mediaType := range mediaTypes {
		t.Run(mediaType, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { testInformers(t, mediaType) }) })
	}
}

func testInformers(t *testing.T, mediaType string) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	clientset := newClientset(t, mediaType)
	watched := 0
	for _, client := range resourceClients(t, clientset) {
		create, _ := client.method(client.interfaceOf(), "Create")
		if _, ok := client.method(client.interfaceOf(), "Watch"); !ok {
			continue
		}
		watched++
		if _, err := call(ctx, create, client.newObject(t, create)); err != nil {
			t.Errorf("create in %s %s: %v", client.group, client.resource, err)
		}
	}
	factory := informers.NewSharedInformerFactory(clientset, 0)
	generic := map[schema.GroupVersionResource]informers.GenericInformer{}
	for gvr, resource := range served(t, clientset) {
		if !slices.Contains(resource.Verbs, "watch") {
			continue
		}
		informer, err := factory.ForResource(gvr)
		if err != nil {
			t.Errorf("%v: %v", gvr, err)
			continue
		}
		generic[gvr] = informer
		informer.Informer()
	}
	if len(generic) != watched {
		t.Errorf("%d informers for %d clients that watch", len(generic), watched)
	}
	factory.StartWithContext(ctx)
	defer func() { cancel(); factory.Shutdown() }()
	for gvr, informer := range generic {
		if err := cache.WaitForSync(ctx, informer.Informer()); err != nil {
			t.Errorf("%v: %v", gvr, err)
			continue
		}
		objects, err := informer.Lister().List(labels.Everything())
		if err != nil || len(objects) == 0 {
			t.Errorf("%v: %d objects, %v", gvr, len(objects), err)
			continue
		}
		if gvks, _, err := scheme.Scheme.ObjectKinds(objects[0]); err != nil || gvks[0].GroupVersion() != gvr.GroupVersion() {
			t.Errorf("%v: %T is %v, %v", gvr, objects[0], gvks, err)
		}
	}
}

// served returns the resources of built-in types that the server has.
func served(t *testing.T, clientset kubernetes.Interface) map[schema.GroupVersionResource]metav1.APIResource {
	t.Helper()
	_, lists, err := clientset.Discovery().ServerGroupsAndResourcesWithContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	resources := map[schema.GroupVersionResource]metav1.APIResource{}
	for _, list := range lists {
		gv, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			t.Fatal(err)
		}
		for _, resource := range list.APIResources {
			if scheme.Scheme.IsVersionRegistered(gv) && !strings.Contains(resource.Name, "/") {
				resources[gv.WithResource(resource.Name)] = resource
			}
		}
	}
	return resources
}
