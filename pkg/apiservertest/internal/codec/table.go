package codec

import (
	_ "embed" // columns.json
	"encoding/json"
	"fmt"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/duration"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// Column is one of a Table.
type Column struct {
	metav1.TableColumnDefinition
	// Cell returns what an object, of the version that is asked for, has in the column.
	Cell func(obj kind.Object) any
}

// columnsJSON has the columns of well-known kinds as kube-apiserver v1.36 describes them. Names and ages, which most have, are described in the code.
//
//go:embed columns.json
var columnsJSON []byte

// builtinColumns are the definitions by resource, such as deployments.apps.
var builtinColumns = sync.OnceValue(func() map[string][]metav1.TableColumnDefinition {
	var columns map[string][]metav1.TableColumnDefinition
	if err := json.Unmarshal(columnsJSON, &columns); err != nil {
		panic(fmt.Sprintf("columns.json: %v", err)) // a part of this package, which tests read
	}
	docs := metav1.ObjectMeta{}.SwaggerDoc()
	for _, definitions := range columns {
		for i := range definitions {
			switch d := &definitions[i]; {
			case d.Description != "":
			case d.Name == "Name":
				d.Description = docs["name"]
			case d.Name == "Age":
				d.Description = docs["creationTimestamp"]
			}
		}
	}
	return columns
})

// cells returns what an object has in the columns of its resource. It is of any version that the resource has.
type cells func(p printer, obj kind.Object) []any

// printer knows the time.
type printer struct{ now time.Time }

// builtinCells are of the resources that columns.json has, the objects being of the versions that it is for. How they look is what users of kubectl see.
var builtinCells = map[schema.GroupResource]struct {
	version string
	cells   cells
}{
	{Resource: "configmaps"}:             {"v1", configMapCells},
	{Resource: "endpoints"}:              {"v1", endpointsCells},
	{Resource: "events"}:                 {"v1", eventCells},
	{Resource: "namespaces"}:             {"v1", namespaceCells},
	{Resource: "nodes"}:                  {"v1", nodeCells},
	{Resource: "persistentvolumeclaims"}: {"v1", claimCells},
	{Resource: "persistentvolumes"}:      {"v1", volumeCells},
	{Resource: "podtemplates"}:           {"v1", podTemplateCells},
	{Group: "admissionregistration.k8s.io", Resource: "mutatingwebhookconfigurations"}:   {"v1", mutatingWebhookCells},
	{Group: "admissionregistration.k8s.io", Resource: "validatingwebhookconfigurations"}: {"v1", validatingWebhookCells},
	{Group: "discovery.k8s.io", Resource: "endpointslices"}:                              {"v1", endpointSliceCells},
	{Group: "events.k8s.io", Resource: "events"}:                                         {"v1", newEventCells},
	{Group: "node.k8s.io", Resource: "runtimeclasses"}:                                   {"v1", runtimeClassCells},
	{Group: "storage.k8s.io", Resource: "csinodes"}:                                      {"v1", csiNodeCells},
	{Group: "storage.k8s.io", Resource: "volumeattachments"}:                             {"v1", attachmentCells},
	{Resource: "pods"}:                                                    {"v1", podCells},
	{Resource: "replicationcontrollers"}:                                  {"v1", replicationControllerCells},
	{Resource: "secrets"}:                                                 {"v1", secretCells},
	{Resource: "serviceaccounts"}:                                         {"v1", nameAndAge},
	{Resource: "services"}:                                                {"v1", serviceCells},
	{Group: "apps", Resource: "controllerrevisions"}:                      {"v1", revisionCells},
	{Group: "apps", Resource: "daemonsets"}:                               {"v1", daemonSetCells},
	{Group: "apps", Resource: "deployments"}:                              {"v1", deploymentCells},
	{Group: "apps", Resource: "replicasets"}:                              {"v1", replicaSetCells},
	{Group: "apps", Resource: "statefulsets"}:                             {"v1", statefulSetCells},
	{Group: "autoscaling", Resource: "horizontalpodautoscalers"}:          {"v2", autoscalerCells},
	{Group: "batch", Resource: "cronjobs"}:                                {"v1", cronJobCells},
	{Group: "batch", Resource: "jobs"}:                                    {"v1", jobCells},
	{Group: "coordination.k8s.io", Resource: "leases"}:                    {"v1", leaseCells},
	{Group: "networking.k8s.io", Resource: "ingressclasses"}:              {"v1", ingressClassCells},
	{Group: "networking.k8s.io", Resource: "ingresses"}:                   {"v1", ingressCells},
	{Group: "networking.k8s.io", Resource: "networkpolicies"}:             {"v1", networkPolicyCells},
	{Group: "policy", Resource: "poddisruptionbudgets"}:                   {"v1", budgetCells},
	{Group: "rbac.authorization.k8s.io", Resource: "clusterrolebindings"}: {"v1", clusterRoleBindingCells},
	{Group: "rbac.authorization.k8s.io", Resource: "rolebindings"}:        {"v1", roleBindingCells},
	{Group: "scheduling.k8s.io", Resource: "priorityclasses"}:             {"v1", priorityClassCells},
	{Group: "storage.k8s.io", Resource: "storageclasses"}:                 {"v1", storageClassCells},
}

// table returns items of t's resource as a Table, without its list's metadata.
func (c *Codec) table(rep Representation, t kind.Target, items []kind.Object, include metav1.IncludeObjectPolicy, definitions bool) (*metav1.Table, error) {
	switch include {
	case "":
		include = metav1.IncludeMetadata
	case metav1.IncludeNone, metav1.IncludeMetadata, metav1.IncludeObject:
	default:
		err := field.Invalid(field.NewPath("includeObject"), include, "must be 'Metadata', 'Object', 'None', or empty")
		return nil, apierrors.NewBadRequest("Unable to convert to Table as requested: " + err.Error())
	}
	columns, row := c.columns(t)
	table := &metav1.Table{Rows: make([]metav1.TableRow, 0, len(items))}
	table.SetGroupVersionKind(metaKind(rep.Version, string(AsTable)))
	if definitions {
		table.ColumnDefinitions = columns
	}
	for _, obj := range items {
		cells, err := row(obj)
		if err != nil {
			return nil, err
		}
		var object runtime.RawExtension
		switch include {
		case metav1.IncludeMetadata:
			object.Raw, err = c.partial(JSON, rep.Version, t, obj)
		case metav1.IncludeObject:
			object.Raw, err = c.full(JSON, t, obj)
		}
		if err != nil {
			return nil, err
		}
		table.Rows = append(table.Rows, metav1.TableRow{Cells: cells, Object: object})
	}
	return table, nil
}

// columns returns the columns of t's Table, and what fills them.
func (c *Codec) columns(t kind.Target) ([]metav1.TableColumnDefinition, func(kind.Object) ([]any, error)) {
	converted := func(version *kind.Version, cells func(kind.Object) []any) func(kind.Object) ([]any, error) {
		return func(obj kind.Object) ([]any, error) {
			obj, err := Convert(obj, version, t.Resource)
			if err != nil {
				return nil, err
			}
			return cells(obj), nil
		}
	}
	p := printer{now: c.config.Now()}
	if c.config.Columns != nil {
		if columns := c.config.Columns(t.Resource, t.Version); len(columns) > 0 {
			definitions := make([]metav1.TableColumnDefinition, len(columns))
			for i := range columns {
				definitions[i] = columns[i].TableColumnDefinition
			}
			return definitions, converted(t.Version, func(obj kind.Object) []any {
				cells := make([]any, len(columns))
				for i := range columns {
					cells[i] = columns[i].Cell(obj)
				}
				return cells
			})
		}
	}
	if own, ok := builtinCells[t.Resource.GroupResource()]; ok {
		if version := t.Resource.Version(own.version); version != nil && !t.Resource.Custom {
			return builtinColumns()[t.Resource.GroupResource().String()], converted(version, func(obj kind.Object) []any { return own.cells(p, obj) })
		}
	}
	docs := metav1.ObjectMeta{}.SwaggerDoc()
	definitions := []metav1.TableColumnDefinition{{Name: "Name", Type: "string", Format: "name", Description: docs["name"]}}
	if t.Resource.Custom {
		definitions = append(definitions, metav1.TableColumnDefinition{Name: "Age", Type: "date", Description: docs["creationTimestamp"]})
		return definitions, converted(t.Version, func(obj kind.Object) []any { return nameAndAge(p, obj) })
	}
	definitions = append(definitions, metav1.TableColumnDefinition{Name: "Created At", Type: "date", Description: docs["creationTimestamp"]})
	return definitions, converted(t.Version, func(obj kind.Object) []any {
		return []any{obj.GetName(), obj.GetCreationTimestamp().UTC().Format(time.RFC3339)}
	})
}

// since says how long ago t is.
func (p printer) since(t metav1.Time) string {
	if t.IsZero() {
		return "<unknown>"
	}
	return duration.HumanDuration(p.now.Sub(t.Time))
}

// age says how old an object is.
func (p printer) age(obj kind.Object) string { return p.since(obj.GetCreationTimestamp()) }

func nameAndAge(p printer, obj kind.Object) []any { return []any{obj.GetName(), p.age(obj)} }
