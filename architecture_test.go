package kubewright_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/kubewright/kubewright"

// floors are the rooms of pkg/, from the ground up. A room imports rooms of
// lower floors only. Move a room, or add one, together with its reason.
var floors = []struct {
	rooms  []string
	reason string
}{
	{[]string{"internal/text"}, "decoders make strings with it"},
	{[]string{"metrics", "flowcontrol", "keyutil", "cert", "homedir", "jsonpath", "connrotation", "version", "reference", "internal/redact", "internal/fastjson", "internal/fastproto", "internal/watchcause", "internal/apiobject", "internal/applytarget", "internal/parallel", "auth/internal"}, "leaf packages that any program may use alone"},
	{[]string{"internal/canary"}, "tests of every room search with it for secrets, in metrics too"},
	{[]string{"transport"}, "round trippers, TLS and credentials know nothing of the Kubernetes API"},
	{[]string{"clientcmd/api", "apis/clientauthentication"}, "kubeconfig data is data: rest.Config refers to it, it refers to nothing"},
	{[]string{"auth/exec"}, "credential plugins are configured by kubeconfig data, and known to rest.Config"},
	{[]string{"rest"}, "requests and results know no API types"},
	{[]string{"apply"}, "a request for programs without typed clients"},
	{[]string{"runtime", "cache"}, "what generated code stands on: clients without informers link no cache, and the other way round"},
	{[]string{"auth/info"}, "credentials of one client in a file, which clientcmd reads too"},
	{[]string{"openapi"}, "a client that discovery hands out"},
	{[]string{"discovery", "clientcmd", "auth"}, "clients that are written by hand"},
	{[]string{"internal/storage", "internal/patch"}, "what the test server and the fakes both do: objects with versions and a history, patches; it knows neither HTTP nor API types"},
	{[]string{"testing", "apiservertest"}, "what tests use in place of a server: configurations of all clients, or actions of fake ones; no client needs either"},
	{[]string{"runtime/fake", "discovery/fake"}, "generated fakes stand on them as generated clients do on runtime and discovery, which link none of them"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// goList returns the packages of the module, each with all that it needs.
func goList(t *testing.T, args ...string) []goPackage {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,Deps"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, &stderr)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// room returns the room of pkg/ that a package belongs to, and its floor.
func room(importPath string) (name string, floor int) {
	for dir := strings.TrimPrefix(importPath, module+"/pkg/"); dir != "."; dir = path.Dir(dir) {
		for floor, f := range floors {
			if slices.Contains(f.rooms, dir) {
				return dir, floor
			}
		}
	}
	return "", -1
}

func TestImportsOnlyPointDown(t *testing.T) {
	for _, p := range goList(t, "./pkg/...") {
		name, floor := room(p.ImportPath)
		if floor < 0 {
			t.Errorf("%s is in no room of the table in this file: add it", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			rest, ours := strings.CutPrefix(imported, module+"/")
			if !ours {
				continue
			}
			if !strings.HasPrefix(rest, "pkg/") {
				t.Errorf("%s imports %s: pkg/ is the ground that everything else stands on", p.ImportPath, imported)
				continue
			}
			other, otherFloor := room(imported)
			if other != name && otherFloor >= floor {
				t.Errorf("%s (floor %d: %s) imports %s (floor %d: %s): imports only point down",
					p.ImportPath, floor, floors[floor].reason, imported, otherFloor, floors[otherFloor].reason)
			}
		}
	}
}

func TestNothingDependsOnClientGo(t *testing.T) {
	for _, p := range goList(t, "-test", "./...") {
		for _, dep := range p.Deps {
			if dep == "k8s.io/client-go" || strings.HasPrefix(dep, "k8s.io/client-go/") {
				t.Errorf("%s depends on %s: this module replaces client-go; comparisons belong in the nested modules under test/", p.ImportPath, dep)
			}
		}
	}
}

// TestProgramsLinkNoFakes keeps fakes, and the servers for tests, out of all that is not itself one.
func TestProgramsLinkNoFakes(t *testing.T) {
	isFake := func(importPath string) bool {
		rest := strings.TrimPrefix(importPath, module+"/")
		return strings.HasPrefix(rest, "pkg/apiservertest") || rest == "pkg/testing" || rest == "pkg/cache/testing" ||
			slices.Contains(strings.Split(rest, "/"), "fake")
	}
	generated := 0
	for _, p := range goList(t, "./pkg/...", "./generated/...", "./cmd/...") {
		if isFake(p.ImportPath) {
			if strings.HasPrefix(p.ImportPath, module+"/generated/") {
				generated++
			}
			continue
		}
		for _, dep := range p.Deps {
			if strings.HasPrefix(dep, module+"/") && isFake(dep) {
				t.Errorf("%s links %s, which is for tests", p.ImportPath, dep)
			}
		}
	}
	if generated == 0 {
		t.Error("no fakes below generated")
	}
}

// TestFakesAreLight keeps what every test links small: fakes know objects of any kind, and no API, no HTTP server.
func TestFakesAreLight(t *testing.T) {
	for _, p := range goList(t, "./pkg/testing", "./pkg/runtime/fake", "./pkg/discovery/fake") {
		for _, dep := range p.Deps {
			if dep == "k8s.io/api/apidiscovery/v2" { // what discovery is about, and nothing but that
				continue
			}
			for _, heavy := range []string{"k8s.io/api/", module + "/pkg/apiservertest", module + "/pkg/cache", "github.com/google/cel-go", "k8s.io/apiserver"} {
				if strings.HasPrefix(dep, heavy) {
					t.Errorf("%s links %s", p.ImportPath, dep)
				}
			}
		}
	}
}

// TestOneGroupLinksNoOther keeps programs that use one group small: its clients link what its own types are made of.
func TestOneGroupLinksNoOther(t *testing.T) {
	// What additional methods are made of.
	methods := map[string][]string{
		"core/v1": {"autoscaling/v1", "authentication/v1", "policy/v1", "policy/v1beta1"},
		"apps/v1": {"autoscaling/v1"},
	}
	allowed := map[string]bool{}
	for _, p := range goList(t, "k8s.io/api/...") {
		group := strings.TrimPrefix(p.ImportPath, "k8s.io/api/")
		for _, dep := range append(p.Deps, p.ImportPath) {
			allowed[group+" "+strings.TrimPrefix(dep, "k8s.io/api/")] = true
		}
		for _, api := range methods[group] {
			allowed[group+" "+api] = true
		}
	}
	for _, p := range goList(t, "./generated/kubernetes/typed/...") {
		group := strings.TrimPrefix(p.ImportPath, module+"/generated/kubernetes/typed/")
		group = strings.TrimSuffix(group, "/fake")
		for _, dep := range p.Deps {
			if api, ok := strings.CutPrefix(dep, "k8s.io/api/"); ok && !allowed[group+" "+api] {
				t.Errorf("%s links %s, which neither its types nor the table of methods in this file need", p.ImportPath, dep)
			}
			if strings.HasPrefix(dep, module+"/pkg/discovery") || strings.HasPrefix(dep, module+"/pkg/openapi") {
				t.Errorf("%s links %s, and with it the libraries for OpenAPI", p.ImportPath, dep)
			}
			if strings.HasSuffix(dep, "generated/kubernetes/scheme") {
				t.Errorf("%s links %s, which has the types of all groups", p.ImportPath, dep)
			}
		}
	}
}
