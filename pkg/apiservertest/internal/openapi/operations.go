package openapi

import (
	"strings"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// verbForm is how OpenAPI speaks of a verb.
type verbForm struct {
	action string
	id     string // the first word of an operation's identifier
	codes  []string
}

var verbForms = map[string]verbForm{
	"list":             {"list", "list", []string{"200"}},
	"get":              {"get", "read", []string{"200"}},
	"create":           {"post", "create", []string{"200", "201", "202"}},
	"update":           {"put", "replace", []string{"200", "201"}},
	"patch":            {"patch", "patch", []string{"200", "201"}},
	"delete":           {"delete", "delete", []string{"200", "202"}},
	"deletecollection": {"deletecollection", "delete", []string{"200"}},
}

var codeTexts = map[string]string{"200": "OK", "201": "Created", "202": "Accepted"}

// operation describes a verb at an endpoint.
func (b *builder) operation(e endpoint, verb string) *operation {
	form := verbForms[verb]
	gvk := kindOf(e.gvk)
	op := &operation{
		Tags: []string{b.tag()}, Description: describeVerb(e, verb), Action: form.action, Kind: &gvk,
		OperationID: b.identifier(form.id, e, verb),
		Responses:   map[string]response{"401": {Description: "Unauthorized"}},
	}
	if e.connects() {
		return b.connect(op, e, verb)
	}
	if e.isLog() {
		return b.log(op, e)
	}
	var answer *schema
	switch verb {
	case "list":
		answer, op.Parameters = b.list(e), b.queryParameters(listOptions)
	case "deletecollection":
		answer = b.define(status)
		op.Parameters = without(b.queryParameters(listOptions, deleteOptions), "watch", "allowWatchBookmarks")
		op.RequestBody = b.body(e, b.define(deleteOptions), false)
	case "delete":
		answer, op.Parameters = b.define(status), b.queryParameters(deleteOptions)
		op.RequestBody = b.body(e, b.define(deleteOptions), false)
	case "patch":
		answer, op.Parameters = b.object(e), b.queryParameters(patchOptions)
		op.RequestBody = &requestBody{Content: content(b.define(patch), patchTypes(e)...), Required: true}
	case "create":
		answer, op.Parameters = b.object(e), b.queryParameters(createOptions)
		op.RequestBody = b.body(e, answer, true)
	case "update":
		answer, op.Parameters = b.object(e), b.queryParameters(updateOptions)
		op.RequestBody = b.body(e, answer, true)
	case "get":
		answer = b.object(e)
	}
	for _, code := range form.codes {
		op.Responses[code] = response{Description: codeTexts[code], Content: content(answer, answerTypes(e, verb)...)}
	}
	return op
}

// describeVerb says what an operation does.
func describeVerb(e endpoint, verb string) string {
	of := ""
	if e.sub != nil {
		of = e.sub.Name + " of "
	}
	switch verb {
	case "list":
		if e.watches() {
			return "list or watch objects of kind " + e.r.Kind
		}
		return "list objects of kind " + e.r.Kind
	case "deletecollection":
		return "delete collection of " + e.r.Kind
	case "create", "delete":
		return verb + " " + of + withArticle(e.r)
	}
	words := map[string]string{"get": "read ", "update": "replace ", "patch": "partially update "}
	return words[verb] + of + "the specified " + e.r.Kind
}

// log describes the operation that reads a text.
func (b *builder) log(op *operation, e endpoint) *operation {
	if t := b.types[e.gvk.GroupVersion().WithKind(e.r.Kind+"LogOptions")]; t != nil {
		op.Parameters = b.queryParameters(t)
	}
	op.Responses["200"] = response{Description: codeTexts["200"], Content: content(&schema{Type: "string"}, append(answerTypes(e, "get"), "text/plain")...)}
	return op
}

// connect describes an operation that is passed on: nothing is known of what comes back.
func (b *builder) connect(op *operation, e endpoint, verb string) *operation {
	method := map[string]string{"get": "Get", "create": "Post", "update": "Put", "patch": "Patch", "delete": "Delete"}[verb]
	op.Description = "connect " + strings.ToUpper(method) + " requests to " + e.sub.Name + " of " + e.r.Kind
	op.Action = "connect"
	op.OperationID = b.identifier("connect", e, method)
	if t := b.types[e.gvk]; t != nil {
		op.Parameters = b.queryParameters(t)
	}
	op.Responses["200"] = response{Description: "OK", Content: content(&schema{Type: "string"}, "*/*")}
	return op
}

func (b *builder) body(e endpoint, s *schema, required bool) *requestBody {
	if e.r.Custom {
		return &requestBody{Content: content(s, "application/json", "application/yaml"), Required: required}
	}
	return &requestBody{Content: content(s, "*/*"), Required: required}
}

func content(s *schema, types ...string) map[string]mediaType {
	all := make(map[string]mediaType)
	for _, t := range types {
		all[t] = mediaType{Schema: s}
	}
	return all
}

func answerTypes(e endpoint, verb string) []string {
	types := []string{"application/json", "application/yaml"}
	if !e.r.Custom {
		types = append(types, "application/vnd.kubernetes.protobuf")
		if verb == "list" {
			types = append(types, "application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch")
		}
	}
	return types
}

func patchTypes(e endpoint) []string {
	types := []string{"application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"}
	if !e.r.Custom {
		types = append(types, "application/strategic-merge-patch+json")
	}
	return types
}

// identifier is the name of an operation, such as readCoreV1NamespacedPodStatus.
func (b *builder) identifier(word string, e endpoint, verb string) string {
	words := groupWords(b.gv.Group)
	for i := range words {
		words[i] = title(words[i])
	}
	id := word + strings.Join(words, "") + title(b.gv.Version)
	switch {
	case verb == "deletecollection":
		id += "Collection"
	case word == "connect":
		id += verb
	}
	if e.namespaced {
		id += "Namespaced"
	}
	return id + e.r.Kind + e.suffix
}

// tag names the group version, such as rbacAuthorization_v1.
func (b *builder) tag() string {
	words := groupWords(b.gv.Group)
	for i := range words[1:] {
		words[i+1] = title(words[i+1])
	}
	return strings.Join(words, "") + "_" + b.gv.Version
}

// groupWords returns what identifiers are made of: "rbac", "authorization".
func groupWords(group string) []string {
	if group == "" {
		return []string{"core"}
	}
	return strings.FieldsFunc(strings.TrimSuffix(group, ".k8s.io"), func(r rune) bool { return r == '.' || r == '-' })
}

// title makes the first letter of a word a capital.
func title(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// withArticle returns a kind as a sentence has it: "a Pod", "an Event", "Endpoints".
func withArticle(r *kind.Resource) string {
	switch {
	case strings.ToLower(r.Kind) == r.Plural:
		return r.Kind
	case strings.ContainsAny(r.Kind[:1], "AEIOU"):
		return "an " + r.Kind
	}
	return "a " + r.Kind
}
