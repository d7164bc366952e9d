package differential

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	scenarios, err := parseScenarios("area", `# comment
=== One, and more
GET ~/configmaps
Accept: application/yaml
@id a
@repeat 2

# comment
MERGE ~/configmaps/a
{data: {k: v}}

# no comment: a body ends where the next request begins
=== two
WATCH w ~/configmaps?watch=true
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []scenario{
		{area: "area", name: "One, and more", namespace: "area-one-and-more", steps: []step{
			{line: "GET ~/configmaps", method: "GET", path: "~/configmaps", header: [][2]string{{"Accept", "application/yaml"}}, id: "a", repeat: 2},
			{line: "MERGE ~/configmaps/a", method: "PATCH", path: "~/configmaps/a", header: [][2]string{{"Content-Type", "application/merge-patch+json"}},
				body: "{data: {k: v}}\n\n# no comment: a body ends where the next request begins"},
		}},
		{area: "area", name: "two", namespace: "area-two", steps: []step{
			{line: "WATCH w ~/configmaps?watch=true", method: "WATCH", path: "w ~/configmaps?watch=true"},
		}},
	}
	if diff := cmp.Diff(want, scenarios, cmp.AllowUnexported(scenario{}, step{})); diff != "" {
		t.Error(diff)
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"GET /api":                        "1: a request before the first scenario",
		"=== a\n=== a":                    "2: the scenario \"a\" is here twice",
		"=== a\nFETCH /api":               "2: \"FETCH /api\" is not part of a request",
		"=== a\nGET /api\n@nonsense":      "3: \"@nonsense\" is not known",
		"=== a\nGET /api\n@repeat thrice": "3: strconv.Atoi",
	} {
		_, err := parseScenarios("area", text)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// object is a body as it comes from a server.
func object(t *testing.T, text string) any {
	t.Helper()
	data, err := toJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	value, err := unmarshalJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestNormalise(t *testing.T) {
	const uid = "11111111-2222-3333-4444-555555555555"
	hidden := object(t, `{metadata: {resourceVersion: "7"}}`)
	got := normalise([]exchange{
		{whole: hidden},
		{Body: object(t, `{kind: ConfigMap, metadata: {name: a-x7k2p, generateName: a-, uid: `+uid+`, resourceVersion: "9", creationTimestamp: "2026-01-02T03:04:05Z"}}`)},
		{Body: object(t, `{kind: ConfigMapList, metadata: {resourceVersion: "8", continue: abc}, items: []}`)},
		{Body: object(t, `{kind: Status, message: "a-x7k2p of 2001-01-01T00:00:00Z has uid `+uid+` and resource version: 9"}`)},
		{Events: []any{object(t, `{type: BOOKMARK, object: {metadata: {resourceVersion: "10"}}}`)}},
	})
	want := normalised{
		nil,
		object(t, `{kind: ConfigMap, metadata: {name: a-<5>, generateName: a-, uid: uid1, resourceVersion: rv2, creationTimestamp: <time>}}`),
		object(t, `{kind: ConfigMapList, metadata: {resourceVersion: rv1+, continue: <continue>}, items: []}`),
		object(t, `{kind: Status, message: "a-<5> of 2001-01-01T00:00:00Z has uid uid1 and resource version: rv2"}`),
		object(t, `{type: BOOKMARK, object: {metadata: {resourceVersion: rv2+}}}`),
	}
	var bodies normalised
	for _, e := range got {
		if len(e.Events) > 0 {
			bodies = append(bodies, e.Events[0])
			continue
		}
		bodies = append(bodies, e.Body)
	}
	if diff := cmp.Diff(want, bodies); diff != "" {
		t.Error(diff)
	}
}

type normalised []any

// TestNormaliseIgnoresWhenASecondBegan: a server sorts the writers of one second by name, and those of two seconds by time.
func TestNormaliseIgnoresWhenASecondBegan(t *testing.T) {
	entry := func(manager string, second int) string {
		return fmt.Sprintf(`{manager: %s, operation: Update, apiVersion: v1, time: "2026-01-02T03:04:%02dZ", fieldsType: FieldsV1, fieldsV1: {}}`, manager, second)
	}
	lines := func(entries ...string) any {
		body := normalise([]exchange{{Body: object(t, `{kind: ConfigMap, metadata: {managedFields: [`+strings.Join(entries, ",")+`]}}`)}})[0].Body
		return body.(map[string]any)["metadata"].(map[string]any)["managedFields"]
	}
	inOneSecond := lines(entry("a", 5), entry("b", 5))
	if diff := cmp.Diff(inOneSecond, lines(entry("b", 4), entry("a", 5))); diff != "" {
		t.Errorf("written in two seconds instead of one: %s", diff)
	}
	if cmp.Equal(inOneSecond, lines(entry("b", 5), entry("a", 4))) {
		t.Error("entries that are not sorted by time go unnoticed")
	}
}

func TestGoldenFileHoldsWhatItIsMadeOf(t *testing.T) {
	s := scenario{area: "area", name: "a"}
	want := []exchange{
		{Request: "GET /a", Sent: "Accept: x", Status: 200, Headers: map[string]string{"Warning": "w"}, Body: object(t, `{a: [1, x, null, {}]}`)},
		{Request: "GET /b", Status: 200, Body: "text\n---\nmore\n"},
		{Request: "EVENTS w 1", Events: []any{object(t, `{type: ADDED}`)}, End: "EOF"},
	}
	data, err := goldenFile(s, want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := parseGolden(data)
	if err != nil {
		t.Fatal(err)
	}
	if fields := compare(want, got); len(fields) > 0 || len(got) != len(want) {
		t.Errorf("got %v\n%v", got, fields)
	}
}

func TestUnexplained(t *testing.T) {
	s := scenario{area: "area", name: "a"}
	fields := []field{{step: 1, path: "body.spec.a"}, {step: 2, path: "status"}}
	for _, test := range []struct {
		name  string
		table []difference
		want  []string // parts of the problems
	}{
		{"all explained", []difference{{scenario: "area/a", steps: []int{1}, fields: "body.spec.**"}, {scenario: "area/a", fields: "status"}}, nil},
		{"another scenario", []difference{{scenario: "area/b", fields: "**"}}, []string{"body.spec.a", "status"}},
		{"another step", []difference{{scenario: "area/a", steps: []int{1}, fields: "**"}}, []string{"status"}},
		{"a field that does not differ", []difference{{scenario: "area/a", fields: "**, headers.*"}}, []string{"headers.* is the same"}},
		{"a step that does not differ", []difference{{scenario: "area/a", steps: []int{1, 2, 3}, fields: "**"}}, []string{"step 3 is the same"}},
	} {
		got := unexplained(test.table, s, fields)
		if len(got) != len(test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
			continue
		}
		for i := range got {
			if !strings.Contains(got[i], test.want[i]) {
				t.Errorf("%s: got %q, want %q", test.name, got[i], test.want[i])
			}
		}
	}
}
