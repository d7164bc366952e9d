package customresource

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/codec"
)

const columnObject = `
apiVersion: example.com/v1
kind: Widget
metadata: {name: a, creationTimestamp: "2026-01-01T00:00:00Z", labels: {app.kubernetes.io/name: zz}}
spec:
  {s: str, i: 3, num: 2.5, b: true, o: {k: 1, a: z}, a: [p, q, r], ai: [1, 2], ao: [{x: 1}, {x: 2, why: 7}], d: "2020-01-02T03:04:05Z", nul: null, si: "12"}
status: {conditions: [{type: Other, status: x}, {type: Ready, status: "True"}]}
`

// TestCellsAreThoseOfKubeAPIServer has what kube-apiserver v1.36.3 showed.
func TestCellsAreThoseOfKubeAPIServer(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 5, 0, 0, time.UTC)
	obj := definition(t, columnObject)
	for _, test := range []struct {
		typ, path string
		want      any
	}{
		{"string", `.metadata.name`, "a"},
		{"string", `.spec.nope.x`, nil},
		{"integer", `.spec.i`, int64(3)},
		{"integer", `.spec.s`, nil},
		{"integer", `.spec.num`, int64(2)},
		{"integer", `.spec.si`, nil},
		{"number", `.spec.num`, 2.5},
		{"number", `.spec.i`, int64(3)},
		{"number", `.spec.s`, nil},
		{"boolean", `.spec.b`, true},
		{"boolean", `.spec.s`, nil},
		{"string", `.spec.b`, "true"},
		{"string", `.spec.i`, "3"},
		{"string", `.spec.num`, "2.5"},
		{"string", `.spec.nul`, "<no value>"},
		{"string", `.spec.o`, `{"a":"z","k":1}`},
		{"string", `.spec.a`, `["p","q","r"]`},
		{"string", `.spec.a[*]`, "p"},
		{"string", `.spec.a[0]`, "p"},
		{"string", `.spec.a[-1]`, "r"},
		{"string", `.spec.a[9]`, nil},
		{"string", `.spec.a[1:3]`, "q"},
		{"string", `.spec.ao[*].x`, "1"},
		{"string", `.spec.o.*`, "z"},
		{"string", `..x`, "1"},
		{"string", `.spec.ao[?(@.x>1)].x`, "2"},
		{"string", `.spec.ao[?(@.why)].why`, "7"},
		{"string", `.status.conditions[?(@.type=="Ready")].status`, "True"},
		{"string", `.status.conditions[?(@.type=='Ready')].status`, "True"},
		{"string", `.status.conditions[?(@.type=="Nope")].status`, nil},
		{"string", `.metadata.labels.app\.kubernetes\.io/name`, "zz"},
		{"string", `.metadata.labels['app\.kubernetes\.io/name']`, "zz"},
		{"date", `.metadata.creationTimestamp`, "5m"},
		{"date", `.spec.d`, "6y"},
		{"date", `.spec.s`, "<invalid>"},
		{"date", `.spec.i`, nil},
	} {
		t.Run(test.typ+" "+test.path, func(t *testing.T) {
			columns := compileColumns(&CustomResourceDefinitionVersion{
				AdditionalPrinterColumns: []CustomResourceColumnDefinition{{Name: "C", Type: test.typ, JSONPath: test.path}},
			}, func() time.Time { return now })
			if diff := cmp.Diff(test.want, columns[1].Cell(obj)); diff != "" {
				t.Errorf("cell (-want +got):\n%s", diff)
			}
		})
	}
}

func TestColumnsAreDescribed(t *testing.T) {
	columns := compileColumns(&CustomResourceDefinitionVersion{AdditionalPrinterColumns: []CustomResourceColumnDefinition{
		{Name: "A", Type: "string", JSONPath: ".a"},
		{Name: "B", Type: "integer", Format: "int32", Description: "the b", Priority: 1, JSONPath: ".b"},
		{Name: "C", Type: "string", JSONPath: ".c["},
		{Name: "D", Type: "string", JSONPath: ".d"},
	}}, time.Now)
	got := definitions(columns)
	want := []metav1.TableColumnDefinition{
		{Name: "Name", Type: "string", Format: "name", Description: metav1.ObjectMeta{}.SwaggerDoc()["name"]},
		{Name: "A", Type: "string", Description: "Custom resource definition column (in JSONPath format): .a"},
		{Name: "B", Type: "integer", Format: "int32", Description: "the b", Priority: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("columns, of which those from C on cannot be shown (-want +got):\n%s", diff)
	}
}

func TestColumnsOfAResourceAreThoseOfItsVersion(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.define(widgetYAML, with(read(t, `[{name: A, type: string, jsonPath: .spec.a}]`), "version", "additionalPrinterColumns"))
		r, v, _ := w.catalog.Lookup("example.com", "v1", "widgets")
		if got := w.Columns(r, v); len(got) != 2 || got[1].Name != "A" {
			t.Errorf("columns = %v, want Name and A", definitions(got))
		}
		if got := w.Columns(w.definitions, &w.definitions.Versions[0]); len(got) != 2 || got[1].Name != "Created At" {
			t.Errorf("columns of definitions = %v, want Name and Created At", definitions(got))
		}
	})
}

func definitions(columns []codec.Column) []metav1.TableColumnDefinition {
	var all []metav1.TableColumnDefinition
	for _, c := range columns {
		all = append(all, c.TableColumnDefinition)
	}
	return all
}

func TestPathsThatCannotBeRead(t *testing.T) {
	for path, want := range map[string]string{
		`a`:              `JSON path "a": at "a": a step begins with a dot or a bracket`,
		`.a.`:            `JSON path ".a.": at ".": a name is missing behind the dot`,
		`.a..`:           `JSON path ".a..": at "..": a name is missing behind the two dots`,
		`.a[`:            `JSON path ".a[": at "[": the bracket is not closed`,
		`.a[x]`:          `JSON path ".a[x]": at "[x]": "x" is no index, name in quotes, *, slice or filter`,
		`.a[1:x]`:        `JSON path ".a[1:x]": at "[1:x]": "x" is no index`,
		`.a[x:1]`:        `JSON path ".a[x:1]": at "[x:1]": "x" is no index`,
		`.a[?(@.b==c)]`:  `JSON path ".a[?(@.b==c)]": at "[?(@.b==c)]": "c" is no path that begins with @, string in quotes, number or boolean`,
		`.a[?(@b=="c")]`: `JSON path ".a[?(@b==\"c\")]": at "[?(@b==\"c\")]": JSON path "b": at "b": a step begins with a dot or a bracket`,
	} {
		if _, err := parsePath(path); err == nil || err.Error() != want {
			t.Errorf("parsePath(%q): error = %v, want %s", path, err, want)
		}
	}
}

func TestFiltersCompareValuesOfOneKind(t *testing.T) {
	list := read(t, `[{num: 1, s: a, b: true}, {num: 2, s: "b == c", b: false}, {num: "2"}]`)
	for filter, want := range map[string][]any{
		`[?(@.num==2)].num`:        {int64(2)},
		`[?(@.num!=2)].num`:        {int64(1)},
		`[?(@.num<=2)].num`:        {int64(1), int64(2)},
		`[?(@.num>=1.5)].num`:      {int64(2)},
		`[?(@.num<2)].num`:         {int64(1)},
		`[?(2==@.num)].num`:        {int64(2)},
		`[?(@.b==true)].num`:       {int64(1)},
		`[?(@.b!=true)].num`:       {int64(2)},
		`[?(@.s=="b == c")].num`:   {int64(2)},
		`[?("b == c" == @.s)].num`: {int64(2)},
		`[?(@.nope==2)].num`:       nil,
		`[?(@.s)].num`:             {int64(1), int64(2)},
		`[:1].num`:                 {int64(1)},
		`[-1:].num`:                {"2"},
		`[2:1].num`:                nil,
		`[*]["num"]`:               {int64(1), int64(2), "2"},
	} {
		path, err := parsePath(filter)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, path.find(list)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", filter, diff)
		}
	}
}

func FuzzPath(f *testing.F) {
	for _, seed := range []string{`.a[?(@.b=="c")].d`, `..a['b\'c'][-1:2]`, `.a[?(@.b)`, `\`, `[`, `.[`, `[""]`} {
		f.Add(seed)
	}
	value := map[string]any{"a": []any{map[string]any{"b": "c", "d": int64(1)}}}
	f.Fuzz(func(t *testing.T, text string) {
		if path, err := parsePath(text); err == nil {
			path.find(value) // must not panic
		}
	})
}
