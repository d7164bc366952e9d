package tags

import (
	"go/token"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
)

// lines makes comment lines of text, at the lines 1, 2, 3 of a file.
func lines(text string) []load.Line {
	var all []load.Line
	for i, line := range strings.Split(text, "\n") {
		all = append(all, load.Line{Text: line, Pos: token.Position{Filename: "types.go", Line: i + 1, Column: 1}})
	}
	return all
}

func TestForType(t *testing.T) {
	read := func(text string) Client {
		t.Helper()
		var problems diag.Problems
		client := ForType(lines(text), &problems)
		if err := problems.Err(); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		return client
	}
	pos := func(line int) token.Position { return token.Position{Filename: "types.go", Line: line, Column: 1} }
	all := verbsExcept(nil)
	for text, want := range map[string]Client{
		"":                           {},
		"Text about +genclient.":     {},
		"+optional\n+kubebuilder:x=": {},
		"Kind is a type.\n+genclient\n+k8s:deepcopy-gen=true": {Enabled: true, Pos: pos(2), Verbs: all},
		"+genclient\n+genclient:nonNamespaced":                {Enabled: true, Pos: pos(1), NonNamespaced: true, Verbs: all},
		"+genclient:noStatus\n+genclient":                     {Enabled: true, Pos: pos(2), NoStatus: true, Verbs: all},
		"+genclient\n+genclient:noVerbs":                      {Enabled: true, Pos: pos(1), Verbs: Verbs{}},
		"+genclient\n+genclient:readonly":                     {Enabled: true, Pos: pos(1), Verbs: Verbs{Get: true, List: true, Watch: true}},
		"+genclient\n+genclient:onlyVerbs=get, patch":         {Enabled: true, Pos: pos(1), Verbs: Verbs{Get: true, Patch: true}, OnlyVerbs: []string{Get, Patch}},
		"+genclient\n+genclient:skipVerbs=get,list,watch":     {Enabled: true, Pos: pos(1), Verbs: verbsExcept([]string{Get, List, Watch})},
		"+genclient\n+resourceName=sheep":                     {Enabled: true, Pos: pos(1), Verbs: all, Resource: "sheep"},
		"+genclient\n+genclient:method=GetScale, verb = get , subresource=scale,result=k8s.io/api/autoscaling/v1.Scale": {
			Enabled: true, Pos: pos(1), Verbs: all,
			Methods: []Method{{
				Name: "GetScale", Verb: Get, Subresource: "scale", Pos: pos(2),
				Result: Type{Package: "k8s.io/api/autoscaling/v1", Name: "Scale"},
			}},
		},
		"+genclient\n+genclient:method=B,verb=create,input=In\n+genclient:method=A,verb=list": {
			Enabled: true, Pos: pos(1), Verbs: all,
			Methods: []Method{{Name: "B", Verb: Create, Input: Type{Name: "In"}, Pos: pos(2)}, {Name: "A", Verb: List, Pos: pos(3)}},
		},
	} {
		if diff := cmp.Diff(want, read(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// The texts of all problems are in the golden cases; here is what is not a problem though it looks like one.
func TestLinesOfOtherToolsAreNoProblem(t *testing.T) {
	for _, text := range []string{
		"+genericargs=x", "+group", "+resource:path=x", "+readonly", "+nonNamespaced=true", "+ genclient", "+1", "-genclient",
		"+genclient is described in this sentence",
	} {
		var problems diag.Problems
		Stray(lines(text), &problems)
		if err := problems.Err(); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzForType checks that no comment makes the reader panic, that the result is a pure function of the comment, and
// that what is accepted without problems is sound.
func FuzzForType(f *testing.F) {
	for _, seed := range []string{
		"", "+", "+genclient", "+genclient=", "+genclient:", "+genclient::", "+genclient:method", "+genclient:method=,,=,",
		"+genclient\n+genclient:method=A,verb=get,subresource=s,input=a.b/c.D,result=.",
		"+genclient\n+genclient:onlyVerbs=get,,list\n+genclient:skipVerbs=\n+genclient:readonly\n+genclient:noVerbs",
		"+genclinet:nostatus=\x00", "+resourceName=\xff", "+genclient // text", "+genclient\t=\tx", "+groupName=", "+nonNamespaced",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var problems, again diag.Problems
		client := ForType(lines(text), &problems)
		if diff := cmp.Diff(client, ForType(lines(text), &again)); diff != "" {
			t.Fatalf("read twice (-first +second):\n%s", diff)
		}
		Stray(lines(text), &again)
		if problems.Err() != nil || !client.Enabled {
			return
		}
		for verb := range client.Verbs {
			if !strings.Contains(" "+strings.Join(allVerbs, " ")+" ", " "+verb+" ") {
				t.Errorf("unknown verb %q was accepted", verb)
			}
		}
		for _, method := range client.Methods {
			if !token.IsIdentifier(method.Name) || method.Verb == "" || strings.ContainsAny(method.Subresource, "/ ") {
				t.Errorf("method %+v was accepted", method)
			}
		}
	})
}

func TestMarkersOfKubebuilder(t *testing.T) {
	for text, want := range map[string]Kubebuilder{
		"+kubebuilder:printcolumn:name=A,type=string":                                        {},
		"+kubebuilder:object:root=false":                                                     {},
		"+kubebuilder:subresource:status":                                                    {Status: true},
		"+kubebuilder:subresource:scale:specpath=.spec.replicas,statuspath=.status.replicas": {Scale: true},
		`+kubebuilder:resource:categories={a,path=b},path="foxes",scope=Namespaced`:          {Path: "foxes"},
		`+kubebuilder:resource:shortName="scope=Cluster,x",singular=fox`:                     {},
		"+kubebuilder:resource:scope=Cluster": {
			Cluster: true, ClusterPos: token.Position{Filename: "types.go", Line: 1, Column: 1},
		},
		"+kubebuilder:object:root=true": {Root: true, Pos: token.Position{Filename: "types.go", Line: 1, Column: 1}},
	} {
		var problems diag.Problems
		got := ForType(lines(text), &problems).Kubebuilder
		if diff := cmp.Diff(want, got); diff != "" || len(problems.All()) > 0 {
			t.Errorf("%q (-want +got):\n%s%v", text, diff, problems.All())
		}
	}
}

// FuzzForPackage checks that no comment makes the reader of package tags panic, that the result is a pure function of the
// comments, and that a group name without problems is one.
func FuzzForPackage(f *testing.F) {
	for _, seed := range []string{
		"", "+groupName", "+groupName=", "+groupName=a.example.com\n+groupName=b", "+groupGoName=A\n+groupGoName=", "+groupName=\"a\"",
		"+k8s:client-gen=false\n+k8s:client-gen", "+k8s:=\n+k8s:-gen\n+k8s:x-gen=\x00", "+k8s:lister-gen=false,true",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		files := []*load.File{{Stray: lines(text)}}
		var problems, again diag.Problems
		first := ForPackage(files, &problems)
		if diff := cmp.Diff(first, ForPackage(files, &again)); diff != "" {
			t.Fatalf("read twice (-first +second):\n%s", diff)
		}
		KnownOnly(files, &again)
		if problems.Err() == nil && strings.ContainsAny(first.GroupName, " \"/:_") {
			t.Errorf("group name %q was accepted", first.GroupName)
		}
	})
}
