package main

import (
	"bytes"
	"strings"
	"testing"
)

func stored(name, kind, hash string) resource {
	return resource{Name: name, Singular: strings.ToLower(kind), Kind: kind, Verbs: []string{"get", "list"}, Hash: hash}
}

const (
	hashV1  = "gIwvi5rymmg=" // of example.com/v1/Widget
	hashTwo = "zRcoV5EeA3s=" // of example.com/v2/Widget
)

func text(t *testing.T, released, all []group) string {
	t.Helper()
	rows, err := merge(released, all)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := write(&out, rows); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestReleasedVersionsWin(t *testing.T) {
	released := []group{{"example.com", []version{{"v1", []resource{stored("widgets", "Widget", hashV1)}}}}}
	more := stored("widgets", "Widget", hashTwo)
	more.Verbs = []string{"get", "list", "watch"}
	all := []group{{"example.com", []version{
		{"v2", []resource{
			more,
			{Name: "widgets/status", Kind: "Widget", Verbs: []string{"get"}},
			{Name: "widgets/scale", Group: "autoscaling", Version: "v1", Kind: "Scale", Verbs: []string{"get", "update"}},
		}},
		{"v1", []resource{more, stored("gadgets", "Gadget", "")}},
	}}}
	want := `{"group":"example.com","resource":"gadgets","singular":"gadget","kind":"Gadget","namespaced":false,"versions":[{"name":"v1","default":false,"verbs":"get,list"}]}
{"group":"example.com","resource":"widgets","singular":"widget","kind":"Widget","namespaced":false,"storage":"example.com/v1","versions":[` +
		`{"name":"v2","default":false,"verbs":"get,list,watch","subresources":[{"name":"status","kind":"Widget","verbs":"get"},{"name":"scale","kind":"autoscaling/v1/Scale","verbs":"get,update"}]},` +
		`{"name":"v1","default":true,"verbs":"get,list"}]}
`
	if got := text(t, released, all); got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}

func TestWhatNoRowCanSayIsAnError(t *testing.T) {
	short := stored("widgets", "Widget", "")
	short.ShortNames = []string{"w"}
	for want, versions := range map[string][]version{
		"no version has the storage hash AAAA": {{"v1", []resource{stored("widgets", "Widget", "AAAA")}}},
		"differ in more than a row can say":    {{"v2", []resource{stored("widgets", "Widget", "")}}, {"v1", []resource{short}}},
	} {
		if _, err := merge(nil, []group{{"example.com", versions}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
