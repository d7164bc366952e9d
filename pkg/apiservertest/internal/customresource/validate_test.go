package customresource

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/apiservertest/internal/registry"
)

const (
	label    = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
	mixed    = "may have mixed case, but should otherwise match: " + label
	versions = `[{"Name":"v1","Served":true,"Storage":STORAGE,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}]`
	nothing  = `status.storedVersions: Invalid value: null: must have at least one stored version`
)

var definitionTarget = kind.Target{Resource: DefinitionResource(), Version: &DefinitionResource().Versions[0]}

// invalid returns the causes of what is wrong with a definition, as field: message.
func invalid(t *testing.T, rules registry.Rules, obj, old *unstructured.Unstructured) []string {
	t.Helper()
	rules.Default(definitionTarget, obj)
	var before kind.Object
	if old != nil {
		before = old
	}
	_, err := rules.Validate(definitionTarget, obj, before)
	if err == nil {
		return nil
	}
	var status *apierrors.StatusError
	if !errors.As(err, &status) || !apierrors.IsInvalid(err) {
		t.Fatalf("error = %v, want that it is invalid", err)
	}
	var causes []string
	for _, cause := range status.ErrStatus.Details.Causes {
		causes = append(causes, cause.Field+": "+cause.Message)
	}
	return causes
}

// TestDefinitionsAreRefusedAsByKubeAPIServer has what kube-apiserver v1.36.3 answered.
func TestDefinitionsAreRefusedAsByKubeAPIServer(t *testing.T) {
	type edits = []func(*unstructured.Unstructured)
	v := func(storage string) string { return strings.Replace(versions, "STORAGE", storage, 1) }
	two := func(t *testing.T, second string) any {
		return []any{read(t, `{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}`), read(t, second)}
	}
	for name, test := range map[string]struct {
		edits edits
		want  []string
	}{
		"right": {nil, nil},
		"another name": {edits{with("foo.example.com", "metadata", "name")}, []string{
			`metadata.name: Invalid value: "foo.example.com": must be spec.names.plural+"."+spec.group`,
		}},
		"no group": {edits{with(nil, "spec", "group")}, []string{
			`metadata.name: Invalid value: "widgets.example.com": must be spec.names.plural+"."+spec.group`,
			`spec.group: Required value`,
		}},
		"group of one label": {edits{with("example", "spec", "group"), with("widgets.example", "metadata", "name")}, []string{
			`spec.group: Invalid value: "example": should be a domain with at least one dot`,
		}},
		"no scope":      {edits{with(nil, "spec", "scope")}, []string{`spec.scope: Required value`}},
		"unknown scope": {edits{with("Foo", "spec", "scope")}, []string{`spec.scope: Unsupported value: "Foo": supported values: "Cluster", "Namespaced"`}},
		"no plural": {edits{with(nil, "spec", "names", "plural")}, []string{
			`metadata.name: Invalid value: "widgets.example.com": must be spec.names.plural+"."+spec.group`,
			`spec.names.plural: Required value`,
		}},
		"no kind": {edits{with(nil, "spec", "names", "kind")}, []string{
			`spec.names.singular: Required value`, `spec.names.kind: Required value`, `spec.names.listKind: Required value`,
		}},
		"bad kind": {edits{with("wid_get", "spec", "names", "kind")}, []string{
			`spec.names.singular: Invalid value: "wid_get": ` + label,
			`spec.names.kind: Invalid value: "wid_get": ` + mixed,
			`spec.names.listKind: Invalid value: "wid_getList": ` + mixed,
		}},
		"kind of lists is kind": {edits{with("Widget", "spec", "names", "listKind")}, []string{
			`spec.names.listKind: Invalid value: "Widget": kind and listKind may not be the same`,
		}},
		"bad short name and category": {edits{with([]any{"W_"}, "spec", "names", "shortNames"), with([]any{"W_"}, "spec", "names", "categories")}, []string{
			`spec.names.shortNames[0]: Invalid value: "W_": ` + label,
			`spec.names.categories[0]: Invalid value: "W_": ` + label,
		}},
		"no versions": {edits{with([]any{}, "spec", "versions")}, []string{
			`spec.versions: Invalid value: []: must have exactly one version marked as storage version`, nothing,
		}},
		"versions missing": {edits{with(nil, "spec", "versions")}, []string{
			`spec.versions: Invalid value: null: must have exactly one version marked as storage version`, nothing,
		}},
		"no storage version": {edits{with(false, "version", "storage")}, []string{
			`spec.versions: Invalid value: ` + v("false") + `: must have exactly one version marked as storage version`, nothing,
		}},
		"two storage versions": {edits{with(two(t, `{name: v2, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}`), "spec", "versions")}, []string{
			`spec.versions: Invalid value: ` + strings.TrimSuffix(v("true"), "]") + "," + strings.TrimPrefix(strings.Replace(v("true"), "v1", "v2", 1), "[") + `: must have exactly one version marked as storage version`,
			`status.storedVersions: Invalid value: ["v1"]: must have the storage version v2`,
		}},
		"a version twice": {edits{with(two(t, `{name: v1, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}`), "spec", "versions")}, []string{
			`spec.versions: Invalid value: ` + strings.TrimSuffix(v("true"), "]") + "," + strings.TrimPrefix(v("false"), "[") + `: must contain unique version names`,
		}},
		"bad version": {edits{with("V_1", "version", "name")}, []string{
			`spec.versions[0].name: Invalid value: "V_1": ` + label, `spec.version: Invalid value: "V_1": ` + label,
		}},
		"version without schema":  {edits{with(nil, "version", "schema")}, []string{`spec.versions[0].schema.openAPIV3Schema: Required value`}},
		"version without a name":  {edits{with("", "version", "name")}, []string{`spec.versions[0].name: Invalid value: "": ` + label}},
		"warning, not deprecated": {edits{with("x", "version", "deprecationWarning")}, []string{`spec.versions[0].deprecationWarning: Invalid value: "x": can only be set for deprecated versions`}},
		"keeps unknown fields": {edits{with(true, "spec", "preserveUnknownFields")}, []string{
			`spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead`,
		}},
		"protected group": {edits{with("foo.k8s.io", "spec", "group"), with("widgets.foo.k8s.io", "metadata", "name")}, []string{
			`metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111`,
		}},
		"bad approval": {edits{with("foo.k8s.io", "spec", "group"), with("widgets.foo.k8s.io", "metadata", "name"), with("bad", "metadata", "annotations", approval)}, []string{
			`metadata.annotations[api-approved.kubernetes.io]: Invalid value: "bad": protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111`,
		}},
		"approved": {edits{with("foo.k8s.io", "spec", "group"), with("widgets.foo.k8s.io", "metadata", "name"), with("https://github.com/kubernetes/kubernetes/pull/78458", "metadata", "annotations", approval)}, nil},
		"unknown conversion": {edits{with("Foo", "spec", "conversion", "strategy")}, []string{
			`spec.conversion.strategy: Unsupported value: "Foo": supported values: "None", "Webhook"`,
		}},
		"empty conversion": {edits{with(map[string]any{}, "spec", "conversion")}, []string{`spec.conversion.strategy: Required value`}},
		"webhook missing": {edits{with("Webhook", "spec", "conversion", "strategy")}, []string{
			`spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook`, `spec.conversion.conversionReviewVersions: Required value`,
		}},
		"webhook without use": {edits{with(read(t, `{strategy: None, webhook: {conversionReviewVersions: [v1], clientConfig: {url: "https://x"}}}`), "spec", "conversion")}, []string{
			`spec.conversion.webhookClientConfig: Forbidden: should not be set when strategy is not set to Webhook`,
			`spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook`,
		}},
		"bad columns": {edits{with(read(t, `[{name: A, type: string, format: foo, jsonPath: .a}, {name: A, type: foo, jsonPath: a}, {}]`), "version", "additionalPrinterColumns")}, []string{
			`spec.additionalPrinterColumns[0].format: Invalid value: "foo": must be one of byte,date,date-time,double,float,int32,int64,password`,
			`spec.additionalPrinterColumns[1].type: Invalid value: "foo": must be one of boolean,date,integer,number,string`,
			`spec.additionalPrinterColumns[1].JSONPath: Invalid value: "a": must be a simple json path starting with .`,
			`spec.additionalPrinterColumns[2].name: Required value`,
			`spec.additionalPrinterColumns[2].type: Required value: must be one of boolean,date,integer,number,string`,
			`spec.additionalPrinterColumns[2].JSONPath: Required value`,
		}},
		"empty scale": {edits{with(read(t, `{scale: {}}`), "version", "subresources")}, []string{
			`spec.subresources.scale.specReplicasPath: Required value`, `spec.subresources.scale.statusReplicasPath: Required value`,
		}},
		"bad scale": {edits{with(read(t, `{scale: {specReplicasPath: spec.replicas, statusReplicasPath: .foo.x, labelSelectorPath: .bad}}`), "version", "subresources")}, []string{
			`spec.subresources.scale.specReplicasPath: Invalid value: "spec.replicas": must be a simple json path starting with .`,
			`spec.subresources.scale.statusReplicasPath: Invalid value: ".foo.x": should be a json path under .status`,
			`spec.subresources.scale.labelSelectorPath: Invalid value: ".bad": should be a json path under either .spec or .status`,
		}},
		"versions that differ": {edits{with(two(t, `{name: v2, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}, subresources: {scale: {}}, additionalPrinterColumns: [{name: A, type: string, jsonPath: q}]}`), "spec", "versions")}, []string{
			`spec.versions[1].subresources.scale.specReplicasPath: Required value`,
			`spec.versions[1].subresources.scale.statusReplicasPath: Required value`,
			`spec.versions[1].additionalPrinterColumns[0].JSONPath: Invalid value: "q": must be a simple json path starting with .`,
		}},
		"no spec": {edits{with(nil, "spec")}, []string{
			`metadata.name: Invalid value: "widgets.example.com": must be spec.names.plural+"."+spec.group`,
			`spec.group: Required value`, `spec.scope: Required value`,
			`spec.versions: Invalid value: null: must have exactly one version marked as storage version`,
			`spec.names.plural: Required value`, `spec.names.singular: Required value`, `spec.names.kind: Required value`, `spec.names.listKind: Required value`, nothing,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got := invalid(t, definitionRules{now: time.Now}, definition(t, widgetYAML, test.edits...), nil)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("causes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEstablishedNamesAreImmutable(t *testing.T) {
	old := definition(t, widgetYAML, with(read(t, `{conditions: [{type: Established, status: "True"}], storedVersions: [v1], acceptedNames: {plural: widgets, kind: Widget}}`), "status"))
	status := with(old.Object["status"], "status")
	for name, test := range map[string]struct {
		edit func(*unstructured.Unstructured)
		want []string
	}{
		"scope":     {with("Cluster", "spec", "scope"), []string{`spec.scope: Invalid value: "Cluster": field is immutable`}},
		"kind":      {with("Th", "spec", "names", "kind"), []string{`spec.names.kind: Invalid value: "Th": field is immutable`}},
		"plural":    {with("ths", "spec", "names", "plural"), []string{`spec.names.plural: Invalid value: "ths": field is immutable`}},
		"group":     {with("foo.com", "spec", "group"), []string{`spec.group: Invalid value: "foo.com": field is immutable`}},
		"list kind": {with("Ths", "spec", "names", "listKind"), nil},
		"stored version dropped": {with("v2", "version", "name"), []string{
			`status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, invalid(t, definitionRules{now: time.Now}, definition(t, widgetYAML, status, test.edit), old)); diff != "" {
				t.Errorf("causes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFieldsOfAWrongTypeAreABadRequest(t *testing.T) {
	rules := definitionRules{now: time.Now}
	obj := definition(t, widgetYAML, with("x", "spec", "names", "shortNames"))
	rules.Default(definitionTarget, obj)
	_, err := rules.Validate(definitionTarget, obj, nil)
	const want = `CustomResourceDefinition in version "v1" cannot be handled as a CustomResourceDefinition: json: cannot unmarshal string into Go struct field CustomResourceDefinitionNames.spec.names.shortNames of type []string`
	if !apierrors.IsBadRequest(err) || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
}

func TestUnknownFieldsOfADefinitionArePruned(t *testing.T) {
	obj := definition(t, widgetYAML, with(int64(1), "spec", "foo"), with(int64(1), "spec", "names", "bar"), with(int64(1), "version", "schema", "openAPIV3Schema", "baz"))
	got := definitionRules{}.Prune(definitionTarget.Version, obj.Object)
	want := []string{"spec.foo", "spec.names.bar", "spec.versions[0].schema.openAPIV3Schema.baz"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("unknown (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(definition(t, widgetYAML).Object["spec"], obj.Object["spec"]); diff != "" {
		t.Errorf("spec after pruning (-want +got):\n%s", diff)
	}
}

func TestWhatTheTestServerCannotDoIsAWarning(t *testing.T) {
	obj := definition(t, widgetYAML,
		with(read(t, `[{name: A, type: string, jsonPath: ".a["}]`), "version", "additionalPrinterColumns"),
		with(read(t, `{strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {url: "https://x"}}}`), "spec", "conversion"),
		func(obj *unstructured.Unstructured) {
			spec := obj.Object["spec"].(map[string]any)
			spec["versions"] = append(spec["versions"].([]any), read(t, `{name: v2, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}`))
		})
	rules := definitionRules{now: time.Now}
	rules.Default(definitionTarget, obj)
	warnings, err := rules.Validate(definitionTarget, obj, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`spec.conversion.strategy: the test server calls no webhooks: it serves the storage version v1 only`,
		`additionalPrinterColumns of version v1: the test server has no columns from A on: JSON path ".a[": at "[": the bracket is not closed`,
	}
	if diff := cmp.Diff(want, warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}
