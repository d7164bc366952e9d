// Command crontabs is the main job in one page: typed clients change CronTabs
// and a Deployment on an API server, an informer prints each event, and a lister
// answers from the cache.
//
// It works in a namespace of its own, which it removes at the end together with
// the CustomResourceDefinitions that it had to create.
//
//	go run ./examples/crontabs -in-process
//	KUBECONFIG=~/.kube/config go run ./examples/crontabs
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubewright/kubewright/apis/install"
	stablev1 "github.com/kubewright/kubewright/apis/stable/v1"
	"github.com/kubewright/kubewright/generated/kubernetes"
	"github.com/kubewright/kubewright/generated/samples"
	stablev1ac "github.com/kubewright/kubewright/generated/samples/applyconfiguration/stable/v1"
	"github.com/kubewright/kubewright/generated/samples/informers"
	"github.com/kubewright/kubewright/pkg/apiservertest"
	"github.com/kubewright/kubewright/pkg/cache"
	"github.com/kubewright/kubewright/pkg/clientcmd"
	"github.com/kubewright/kubewright/pkg/rest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	inProcess := flag.Bool("in-process", false, "use an API server within this process, not the one of KUBECONFIG")
	flag.Parse()
	if err := connect(ctx, *inProcess); err != nil {
		fmt.Fprintln(os.Stderr, "crontabs:", err)
		os.Exit(1)
	}
}

// connect runs the program on a server within the process, or on the one of the user's kubeconfig.
func connect(ctx context.Context, inProcess bool) error {
	if inProcess {
		server, err := apiservertest.NewServer()
		if err != nil {
			return err
		}
		defer server.Close()
		return run(ctx, server.Config())
	}
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return err
	}
	return run(ctx, config)
}

func run(ctx context.Context, config *rest.Config) (err error) {
	kube, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	client, err := samples.NewForConfig(config)
	if err != nil {
		return err
	}

	// What is made here is removed again, on Ctrl-C as well.
	cleanup := func(remove func(context.Context) error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		err = errors.Join(err, remove(ctx))
	}
	created, err := install.CRDs(ctx, config)
	defer cleanup(func(ctx context.Context) error { return install.Remove(ctx, config, created...) })
	if err != nil {
		return err
	}
	namespace, err := kube.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "kubewright-demo-"}}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	defer cleanup(func(ctx context.Context) error {
		return kube.CoreV1().Namespaces().Delete(ctx, namespace.Name, metav1.DeleteOptions{})
	})

	d := &demo{kube: kube, client: client, namespace: namespace.Name}
	return d.run(ctx)
}

type demo struct {
	kube      kubernetes.Interface
	client    samples.Interface
	namespace string
}

func (d *demo) run(ctx context.Context) error {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()

	// One informer keeps a cache of the CronTabs and tells of each change.
	factory := informers.NewSharedInformerFactoryWithOptions(d.client, 0, informers.WithNamespace(d.namespace))
	defer factory.Shutdown()
	defer cancel() // Shutdown waits for the informers, which end with ctx.
	crontabs := factory.Stable().V1().CronTabs()
	events := newEvents()
	if _, err := crontabs.TypedInformer().AddTypedEventHandler(events); err != nil {
		return err
	}
	factory.StartWithContext(ctx)
	if err := factory.WaitForCacheSyncWithContext(ctx).AsError(); err != nil {
		return err
	}

	// Clients speak to the server; what they change comes back as an event.
	api := d.client.StableV1().CronTabs(d.namespace)
	crontab, err := api.Create(ctx, &stablev1.CronTab{
		ObjectMeta: metav1.ObjectMeta{Name: "backup"},
		Spec:       stablev1.CronTabSpec{CronSpec: "0 3 * * *", Image: "registry.example.com/backup:1", Replicas: new(int32(1))},
	}, metav1.CreateOptions{})
	if err := events.after(ctx, "create", err); err != nil {
		return err
	}

	crontab.Spec.Image = "registry.example.com/backup:2"
	crontab, err = api.Update(ctx, crontab, metav1.UpdateOptions{})
	if err := events.after(ctx, "update", err); err != nil {
		return err
	}

	crontab.Status = stablev1.CronTabStatus{Replicas: 1, LabelSelector: "crontab=backup"}
	_, err = api.UpdateStatus(ctx, crontab, metav1.UpdateOptions{})
	if err := events.after(ctx, "update status", err); err != nil {
		return err
	}

	_, err = api.Patch(ctx, "backup", types.MergePatchType, []byte(`{"spec":{"cronSpec":"30 4 * * *"}}`), metav1.PatchOptions{})
	if err := events.after(ctx, "patch", err); err != nil {
		return err
	}

	// An apply configuration says what one manager wants, here a field that was updated above: it takes that over.
	wanted := stablev1ac.CronTab("backup", d.namespace).WithSpec(stablev1ac.CronTabSpec().WithImage("registry.example.com/backup:3"))
	_, err = api.Apply(ctx, wanted, metav1.ApplyOptions{FieldManager: "release", Force: true})
	if err := events.after(ctx, "apply", err); err != nil {
		return err
	}

	scale, err := api.GetScale(ctx, "backup", metav1.GetOptions{})
	if err != nil {
		return err
	}
	scale.Spec.Replicas = 3
	_, err = api.UpdateScale(ctx, "backup", scale, metav1.UpdateOptions{})
	if err := events.after(ctx, "scale", err); err != nil {
		return err
	}

	// The lister answers from the cache, without asking the server.
	cached, err := crontabs.Lister().CronTabs(d.namespace).Get("backup")
	if err != nil {
		return err
	}
	fmt.Printf("lister         %s\n", describe(cached))

	if err := d.deployment(ctx); err != nil {
		return err
	}

	err = api.Delete(ctx, "backup", metav1.DeleteOptions{})
	if err := events.after(ctx, "delete", err); err != nil {
		return err
	}
	fmt.Printf("done: %d informer events for CronTabs and a Deployment scaled, in %v\n", events.seen, time.Since(start).Round(time.Millisecond))
	return nil
}

// deployment does the same with a built-in kind, over protobuf.
func (d *demo) deployment(ctx context.Context) error {
	api := d.kube.AppsV1().Deployments(d.namespace)
	labels := map[string]string{"app": "web"}
	deployment, err := api.Create(ctx, &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: appsv1.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: "registry.k8s.io/pause:3.10"}}},
			},
		},
	}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	scale, err := api.GetScale(ctx, deployment.Name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	scale.Spec.Replicas = 2
	if scale, err = api.UpdateScale(ctx, deployment.Name, scale, metav1.UpdateOptions{}); err != nil {
		return err
	}
	fmt.Printf("deployment     %s: replicas %d -> %d\n", deployment.Name, *deployment.Spec.Replicas, scale.Spec.Replicas)
	return api.Delete(ctx, deployment.Name, metav1.DeleteOptions{})
}

// events is a handler that passes on a line for each event.
type events struct {
	lines chan string
	seen  int
}

// newEvents has room for all events of the demo, so that a handler never waits
// for a program that has given up.
func newEvents() *events { return &events{lines: make(chan string, 100)} }

func (e *events) OnAdd(crontab *stablev1.CronTab, isInInitialList bool) {
	e.lines <- "added    " + describe(crontab)
}

func (e *events) OnUpdate(_, crontab *stablev1.CronTab) {
	e.lines <- "updated  " + describe(crontab)
}

func (e *events) OnDelete(deleted cache.DeletedObject[*stablev1.CronTab]) {
	e.lines <- "deleted  " + deleted.GetName()
}

// after prints the event that follows a call, unless the call failed.
func (e *events) after(ctx context.Context, call string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", call, err)
	}
	select {
	case line := <-e.lines:
		e.seen++
		fmt.Printf("%-14s %s\n", call, line)
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s: no event: %w", call, context.Cause(ctx))
	}
}

func describe(crontab *stablev1.CronTab) string {
	return fmt.Sprintf("%s: %q %s replicas %d/%d", crontab.Name, crontab.Spec.CronSpec, crontab.Spec.Image,
		crontab.Status.Replicas, *crontab.Spec.Replicas)
}
