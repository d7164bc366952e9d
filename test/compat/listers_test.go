package compat

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	appsv1beta1 "k8s.io/api/apps/v1beta1"
	appsv1beta2 "k8s.io/api/apps/v1beta2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	extensionsv1beta1 "k8s.io/api/extensions/v1beta1"
	policyv1 "k8s.io/api/policy/v1"
	policyv1beta1 "k8s.io/api/policy/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	theirapps "k8s.io/client-go/listers/apps/v1"
	theirappsv1beta1 "k8s.io/client-go/listers/apps/v1beta1"
	theirappsv1beta2 "k8s.io/client-go/listers/apps/v1beta2"
	theirbatch "k8s.io/client-go/listers/batch/v1"
	theircore "k8s.io/client-go/listers/core/v1"
	theirextensions "k8s.io/client-go/listers/extensions/v1beta1"
	theirpolicy "k8s.io/client-go/listers/policy/v1"
	theirpolicyv1beta1 "k8s.io/client-go/listers/policy/v1beta1"
	theircache "k8s.io/client-go/tools/cache"

	ourapps "github.com/kubewright/kubewright/generated/kubernetes/listers/apps/v1"
	ourappsv1beta1 "github.com/kubewright/kubewright/generated/kubernetes/listers/apps/v1beta1"
	ourappsv1beta2 "github.com/kubewright/kubewright/generated/kubernetes/listers/apps/v1beta2"
	ourbatch "github.com/kubewright/kubewright/generated/kubernetes/listers/batch/v1"
	ourcore "github.com/kubewright/kubewright/generated/kubernetes/listers/core/v1"
	ourextensions "github.com/kubewright/kubewright/generated/kubernetes/listers/extensions/v1beta1"
	ourpolicy "github.com/kubewright/kubewright/generated/kubernetes/listers/policy/v1"
	ourpolicyv1beta1 "github.com/kubewright/kubewright/generated/kubernetes/listers/policy/v1beta1"
	ourcache "github.com/kubewright/kubewright/pkg/cache"
)

// TestListerExpansions compares the hand-written methods of listers, which find objects by their own selectors.
func TestListerExpansions(t *testing.T) {
	pod := func(namespace string, labels map[string]string) any {
		return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "asked", Namespace: namespace, Labels: labels}}
	}
	for _, c := range []struct {
		// method is that of both listers, which are of the kind.
		method, kind string
		object       any // an empty one of the kind
		newOurs      any
		newTheirs    any
		asked        func(namespace string, labels map[string]string) any
	}{
		{"GetPodDaemonSets", "v1 DaemonSet", &appsv1.DaemonSet{}, ourapps.NewDaemonSetLister, theirapps.NewDaemonSetLister, pod},
		{"GetHistoryDaemonSets", "v1 DaemonSet", &appsv1.DaemonSet{}, ourapps.NewDaemonSetLister, theirapps.NewDaemonSetLister, func(namespace string, labels map[string]string) any {
			return &appsv1.ControllerRevision{ObjectMeta: metav1.ObjectMeta{Name: "asked", Namespace: namespace, Labels: labels}}
		}},
		{"GetPodReplicaSets", "v1 ReplicaSet", &appsv1.ReplicaSet{}, ourapps.NewReplicaSetLister, theirapps.NewReplicaSetLister, pod},
		{"GetPodStatefulSets", "v1 StatefulSet", &appsv1.StatefulSet{}, ourapps.NewStatefulSetLister, theirapps.NewStatefulSetLister, pod},
		{"GetPodStatefulSets", "v1beta1 StatefulSet", &appsv1beta1.StatefulSet{}, ourappsv1beta1.NewStatefulSetLister, theirappsv1beta1.NewStatefulSetLister, pod},
		{"GetPodDaemonSets", "v1beta2 DaemonSet", &appsv1beta2.DaemonSet{}, ourappsv1beta2.NewDaemonSetLister, theirappsv1beta2.NewDaemonSetLister, pod},
		{"GetHistoryDaemonSets", "v1beta2 DaemonSet", &appsv1beta2.DaemonSet{}, ourappsv1beta2.NewDaemonSetLister, theirappsv1beta2.NewDaemonSetLister, func(namespace string, labels map[string]string) any {
			return &appsv1beta2.ControllerRevision{ObjectMeta: metav1.ObjectMeta{Name: "asked", Namespace: namespace, Labels: labels}}
		}},
		{"GetPodReplicaSets", "v1beta2 ReplicaSet", &appsv1beta2.ReplicaSet{}, ourappsv1beta2.NewReplicaSetLister, theirappsv1beta2.NewReplicaSetLister, pod},
		{"GetPodStatefulSets", "v1beta2 StatefulSet", &appsv1beta2.StatefulSet{}, ourappsv1beta2.NewStatefulSetLister, theirappsv1beta2.NewStatefulSetLister, pod},
		{"GetPodJobs", "v1 Job", &batchv1.Job{}, ourbatch.NewJobLister, theirbatch.NewJobLister, pod},
		{"GetPodControllers", "v1 ReplicationController", &corev1.ReplicationController{}, ourcore.NewReplicationControllerLister, theircore.NewReplicationControllerLister, pod},
		{"GetPodDaemonSets", "extensions DaemonSet", &extensionsv1beta1.DaemonSet{}, ourextensions.NewDaemonSetLister, theirextensions.NewDaemonSetLister, pod},
		{"GetHistoryDaemonSets", "extensions DaemonSet", &extensionsv1beta1.DaemonSet{}, ourextensions.NewDaemonSetLister, theirextensions.NewDaemonSetLister, func(namespace string, labels map[string]string) any {
			return &appsv1beta1.ControllerRevision{ObjectMeta: metav1.ObjectMeta{Name: "asked", Namespace: namespace, Labels: labels}}
		}},
		{"GetPodReplicaSets", "extensions ReplicaSet", &extensionsv1beta1.ReplicaSet{}, ourextensions.NewReplicaSetLister, theirextensions.NewReplicaSetLister, pod},
		{"GetPodPodDisruptionBudgets", "v1 PodDisruptionBudget", &policyv1.PodDisruptionBudget{}, ourpolicy.NewPodDisruptionBudgetLister, theirpolicy.NewPodDisruptionBudgetLister, pod},
		{"GetPodPodDisruptionBudgets", "v1beta1 PodDisruptionBudget", &policyv1beta1.PodDisruptionBudget{}, ourpolicyv1beta1.NewPodDisruptionBudgetLister, theirpolicyv1beta1.NewPodDisruptionBudgetLister, pod},
	} {
		t.Run(c.kind+" "+c.method, func(t *testing.T) {
			ours := ourcache.NewIndexer(ourcache.MetaNamespaceKeyFunc, ourcache.Indexers{ourcache.NamespaceIndex: ourcache.MetaNamespaceIndexFunc})
			theirs := theircache.NewIndexer(theircache.MetaNamespaceKeyFunc, theircache.Indexers{theircache.NamespaceIndex: theircache.MetaNamespaceIndexFunc})
			ask := func(asked any) {
				t.Helper()
				ask := func(newLister, indexer any) []reflect.Value {
					lister := reflect.ValueOf(newLister).Call([]reflect.Value{reflect.ValueOf(indexer)})[0]
					return lister.MethodByName(c.method).Call([]reflect.Value{reflect.ValueOf(asked)})
				}
				object := asked.(metav1.Object)
				if diff := cmp.Diff(found(ask(c.newTheirs, theirs)), found(ask(c.newOurs, ours))); diff != "" {
					t.Errorf("in namespace %q with labels %v (-client-go +kubewright):\n%s", object.GetNamespace(), object.GetLabels(), diff)
				}
			}
			ask(c.asked("ns", map[string]string{"k": "v"})) // of nothing
			for _, object := range selecting(t, c.object) {
				if err := ours.Add(object); err != nil {
					t.Fatal(err)
				}
				if err := theirs.Add(object); err != nil {
					t.Fatal(err)
				}
			}
			for _, namespace := range []string{"ns", "other", "empty"} {
				for _, labels := range []map[string]string{nil, {"k": "v"}, {"k": "w"}, {"l": "x"}, {"k": "v", "l": "x"}} {
					ask(c.asked(namespace, labels))
				}
			}
		})
	}
}

// selecting returns objects of a type with selectors of all sorts, in two namespaces.
func selecting(t *testing.T, object any) []any {
	t.Helper()
	selectors := []string{"", `{}`, `{"matchLabels":{"k":"v"}}`, `{"matchLabels":{"k":"v","l":"x"}}`, `{"matchExpressions":[{"key":"k","operator":"Exists"}]}`,
		`{"matchExpressions":[{"key":"k","operator":"DoesNotExist"}]}`, `{"matchExpressions":[{"key":"k","operator":"Nonsense"}]}`}
	if _, ok := object.(*corev1.ReplicationController); ok {
		selectors = []string{"", `{}`, `{"k":"v"}`, `{"k":"v","l":"x"}`, `{"k":"not a label value"}`}
	}
	var objects []any
	for _, namespace := range []string{"ns", "other"} {
		for i, selector := range selectors {
			data := fmt.Sprintf(`{"metadata":{"name":"selector-%d","namespace":%q}}`, i, namespace)
			if selector != "" {
				data = fmt.Sprintf(`{"metadata":{"name":"selector-%d","namespace":%q},"spec":{"selector":%s}}`, i, namespace, selector)
			}
			o := reflect.New(reflect.TypeOf(object).Elem()).Interface()
			if err := json.Unmarshal([]byte(data), o); err != nil {
				t.Fatal(err)
			}
			objects = append(objects, o)
		}
	}
	return objects
}

// found is what a lister found: objects by their names, and whether there was an error.
func found(results []reflect.Value) any {
	var names []string
	for i := range results[0].Len() {
		value := results[0].Index(i)
		if value.Kind() != reflect.Pointer { // jobs
			value = value.Addr()
		}
		object := value.Interface().(metav1.Object)
		names = append(names, object.GetNamespace()+"/"+object.GetName())
	}
	slices.Sort(names)
	return struct {
		Names  []string
		Failed bool
	}{names, !results[1].IsNil()}
}
