package tags

import (
	"go/token"
	"regexp"
	"slices"
	"strings"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
)

// Method is one additional method of a client: +genclient:method=GetScale,verb=get,subresource=scale,result=Scale.
type Method struct {
	Name        string
	Verb        string
	Subresource string // "" for the resource itself
	Input       Type   // the zero Type for the type that has the tag
	Result      Type   // likewise
	Pos         token.Position
}

// Type names a Go type in a tag: Scale, or k8s.io/api/autoscaling/v1.Scale.
type Type struct {
	Package string // import path, "" for the package of the tag
	Name    string // "" for no type
}

var (
	methodName      = regexp.MustCompile(`^[A-Z][A-Za-z0-9_]*$`)
	subresourceName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
	methodKeys      = []string{"verb", "subresource", "input", "result"}
)

const methodExample = "write +genclient:method=GetScale,verb=get,subresource=scale,result=Scale"

// methods reads all +genclient:method tags. Those with a problem are left out.
func (r *typeReader) methods() []Method {
	var methods []Method
	seen := map[string]token.Position{}
	for _, t := range r.byKey["genclient:method"] {
		method, ok := parseMethod(t, r.problems)
		if !ok {
			continue
		}
		if earlier, ok := seen[method.Name]; ok {
			r.problems.Errorf(method.Pos, diag.MethodCollision, "method %s is declared twice, first at %s", method.Name, earlier).Fix("rename one")
			continue
		}
		seen[method.Name] = method.Pos
		methods = append(methods, method)
	}
	return methods
}

// parseMethod reads one +genclient:method tag and reports everything that is wrong with it.
func parseMethod(t tag, problems *diag.Problems) (Method, bool) {
	method := Method{Pos: t.line.Pos}
	ok := true
	fail := func(code diag.Code, format string, args ...any) *diag.Problem {
		ok = false
		return problems.Errorf(t.line.Pos, code, format, args...)
	}
	name, rest, more := strings.Cut(t.value, ",")
	method.Name = strings.TrimSpace(name)
	switch {
	case method.Name == "":
		fail(diag.MethodSpec, "+genclient:method has no name").Fix(methodExample)
	case !methodName.MatchString(method.Name):
		fail(diag.MethodSpec, "method name %q is not an exported Go name", method.Name).Fix(methodExample)
	}
	seen := map[string]bool{}
	for more {
		var part string
		part, rest, more = strings.Cut(rest, ",")
		key, value, isPair := strings.Cut(part, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch {
		case !isPair:
			fail(diag.MethodSpec, "%q in +genclient:method is not key=value", strings.TrimSpace(part)).Fix(methodExample)
			continue
		case !slices.Contains(methodKeys, key):
			fail(diag.MethodSpec, "unknown key %q in +genclient:method", key).Suggest(key, "keys are", methodKeys)
			continue
		case value == "":
			fail(diag.MethodSpec, "key %q in +genclient:method has no value", key).Fix(methodExample)
			continue
		case seen[key]:
			fail(diag.MethodSpec, "key %q is twice in +genclient:method", key).Fix("write it once")
			continue
		}
		seen[key] = true
		switch key {
		case "verb":
			method.Verb = value
		case "subresource":
			method.Subresource = value
		case "input":
			method.Input = parseType(value)
		case "result":
			method.Result = parseType(value)
		}
	}
	switch {
	case method.Verb == "" && !seen["verb"]:
		if ok {
			fail(diag.MethodSpec, "method %s has no verb", method.Name).Fix("add verb= with one of %s", strings.Join(methodVerbs, ", "))
		}
	case !slices.Contains(methodVerbs, method.Verb) && slices.Contains(allVerbs, method.Verb):
		fail(diag.UnknownVerb, "verb %q cannot be the verb of a method", method.Verb).Fix("verbs of methods are %s", strings.Join(methodVerbs, ", "))
	case !slices.Contains(methodVerbs, method.Verb):
		fail(diag.UnknownVerb, "%q in +genclient:method is not a verb", method.Verb).Suggest(method.Verb, "verbs of methods are", methodVerbs)
	default:
		if seen["input"] && !slices.Contains(inputVerbs, method.Verb) {
			fail(diag.MethodSpec, "a method with verb %q takes no input", method.Verb).Fix("remove input=; verbs with an input are %s", strings.Join(inputVerbs, ", "))
		}
	}
	if method.Subresource != "" && !subresourceName.MatchString(method.Subresource) {
		fail(diag.MethodSpec, "subresource %q is not one segment of a URL path", method.Subresource).Fix("write it as the server spells it, such as subresource=scale")
	}
	return method, ok
}

// parseType splits import/path.Name. The import path may itself have dots.
func parseType(value string) Type {
	if i := strings.LastIndexByte(value, '.'); i >= 0 {
		return Type{Package: value[:i], Name: value[i+1:]}
	}
	return Type{Name: value}
}
