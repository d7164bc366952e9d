package tags

import (
	"go/token"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/kubewright/kubewright/cmd/internal/codegen/diag"
	"github.com/kubewright/kubewright/cmd/internal/codegen/load"
)

// Client is what the tags of one type ask for.
type Client struct {
	// Enabled says that the type has +genclient. Without it all else but Kubebuilder is zero.
	Enabled bool
	// Pos is the place of +genclient.
	Pos token.Position
	// NonNamespaced: the resource is cluster scoped.
	NonNamespaced bool
	// NoStatus: no UpdateStatus, though the type has a Status.
	NoStatus bool
	// Verbs are what the client offers, before it is known whether the type has a status. Empty with noVerbs.
	Verbs Verbs
	// OnlyVerbs are the verbs that onlyVerbs names; empty without it.
	OnlyVerbs []string
	// Methods are the additional methods, in the order of their tags.
	Methods []Method
	// Resource is the value of +resourceName, or "".
	Resource string
	// Kubebuilder is what kubebuilder's markers say, whether the type has +genclient or not.
	Kubebuilder Kubebuilder
}

// ForType reads the tags in the comments of a type.
func ForType(lines []load.Line, problems *diag.Problems) Client {
	client := forType(lines, problems)
	client.Kubebuilder = kubebuilder(lines)
	return client
}

// ForRoot returns what the tags of a type without +genclient would be, if kubebuilder's markers were written as tags: the
// client of an object with the scope and the subresources that they name.
func ForRoot(k Kubebuilder) Client {
	client := Client{Enabled: true, Pos: k.Pos, NonNamespaced: k.Cluster, NoStatus: !k.Status, Verbs: verbsExcept(nil), Kubebuilder: k}
	if k.Scale {
		scale := Type{Package: "k8s.io/api/autoscaling/v1", Name: "Scale"}
		client.Methods = []Method{
			{Name: "GetScale", Verb: Get, Subresource: "scale", Result: scale, Pos: k.Pos},
			{Name: "UpdateScale", Verb: Update, Subresource: "scale", Input: scale, Result: scale, Pos: k.Pos},
		}
	}
	return client
}

func forType(lines []load.Line, problems *diag.Problems) Client {
	byKey := map[string][]tag{}
	var all []tag
	for _, line := range lines {
		if t, ok := parse(line, problems); ok {
			if t.behind != "" {
				problems.Errorf(line.Pos, diag.TextBehindTag, "text %q behind tag +%s", t.behind, t.key).Fix("put it in a line of its own")
			}
			all = append(all, t)
			byKey[t.key] = append(byKey[t.key], t)
		}
	}
	enabled, ok := first(byKey, "genclient")
	if !ok {
		for _, t := range all {
			if !isTypeTag(t.key) {
				continue
			}
			report := problems.Errorf
			if t.key == "genclient:nonNamespaced" { // the field writes it above list types, too
				report = problems.Warnf
			}
			report(t.line.Pos, diag.TagWithoutEffect, "tag +%s has no effect: the type has no +genclient", t.key).Fix("add +genclient, or remove the tag")
		}
		return Client{}
	}

	r := typeReader{byKey: byKey, problems: problems}
	client := Client{
		Enabled:       true,
		Pos:           enabled.line.Pos,
		NonNamespaced: r.flag("genclient:nonNamespaced"),
		NoStatus:      r.flag("genclient:noStatus"),
		Methods:       r.methods(),
		Resource:      r.resource(),
	}
	client.Verbs, client.OnlyVerbs = r.verbs()
	for _, t := range all {
		if now := formerly[t.key]; now != "" {
			problems.Errorf(t.line.Pos, diag.FormerTag, "tag +%s is not read", t.key).Fix("write +%s", now)
		}
	}
	if enabled.hasValue {
		problems.Errorf(enabled.line.Pos, diag.TagValue, "+genclient takes no value, not even %q", enabled.value).Fix("write +genclient, or remove the line to have no client")
	}
	for _, key := range []string{"genclient", "genclient:onlyVerbs", "genclient:skipVerbs", "resourceName"} {
		for _, again := range byKey[key][min(1, len(byKey[key])):] {
			problems.Errorf(again.line.Pos, diag.DuplicateTag, "tag +%s is given twice, first at %s", key, byKey[key][0].line.Pos).Fix("write one")
		}
	}
	return client
}

// Stray reports the type tags among comment lines that belong to no type.
func Stray(lines []load.Line, problems *diag.Problems) {
	for _, line := range lines {
		if t, ok := parse(line, problems); ok && t.behind == "" && isTypeTag(t.key) {
			problems.Errorf(line.Pos, diag.MisplacedTag, "tag +%s has no effect here", t.key).Fix("put it into the comment of a type, or into the block directly above that comment")
		}
	}
}

// isTypeTag reports whether the key belongs above a type; the others belong to the package.
func isTypeTag(key string) bool {
	return key == "resourceName" || strings.HasPrefix(key, "genclient")
}

func first(byKey map[string][]tag, key string) (tag, bool) {
	if len(byKey[key]) == 0 {
		return tag{}, false
	}
	return byKey[key][0], true
}

// typeReader interprets the tags of one type.
type typeReader struct {
	byKey    map[string][]tag
	problems *diag.Problems
}

// flag returns whether a tag without a value is there.
func (r *typeReader) flag(key string) bool {
	t, ok := first(r.byKey, key)
	if ok && t.hasValue {
		r.problems.Errorf(t.line.Pos, diag.TagValue, "+%s takes no value, not even %q", key, t.value).Fix("write +%s, or remove the line", key)
	}
	return ok
}

// verbs returns the verbs that noVerbs, readonly, onlyVerbs or skipVerbs leave, and those that onlyVerbs names. One of the
// tags says all there is to say; two contradict each other or repeat themselves.
func (r *typeReader) verbs() (verbs Verbs, only []string) {
	var given []tag
	for _, key := range []string{"genclient:noVerbs", "genclient:readonly", "genclient:onlyVerbs", "genclient:skipVerbs"} {
		if t, ok := first(r.byKey, key); ok {
			given = append(given, t)
		}
	}
	noVerbs, readonly := r.flag("genclient:noVerbs"), r.flag("genclient:readonly")
	only = r.list("genclient:onlyVerbs")
	skip := r.list("genclient:skipVerbs")
	if noVerbs {
		if methods := r.byKey["genclient:method"]; len(methods) > 0 {
			given = append(given, methods[0])
		}
	}
	for _, other := range given[min(1, len(given)):] {
		r.problems.Errorf(other.line.Pos, diag.ContradictingTag, "+%s cannot be together with +%s", other.key, given[0].key).Fix("keep one of them")
	}
	switch {
	case noVerbs:
		return Verbs{}, only
	case readonly:
		return verbsOf(readonlyVerbs), only
	case len(only) > 0:
		return verbsOf(only), only
	}
	return verbsExcept(skip), only
}

// list returns the verbs in the value of a tag.
func (r *typeReader) list(key string) []string {
	t, ok := first(r.byKey, key)
	if !ok {
		return nil
	}
	if t.value == "" {
		r.problems.Errorf(t.line.Pos, diag.TagValue, "+%s names no verb", key).Fix("write +%s=get,list", key)
		return nil
	}
	var verbs []string
	for verb := range strings.SplitSeq(t.value, ",") {
		verb = strings.TrimSpace(verb)
		switch {
		case !slices.Contains(allVerbs, verb):
			r.problems.Errorf(t.line.Pos, diag.UnknownVerb, "%q in +%s is not a verb", verb, key).Suggest(verb, "verbs are", allVerbs)
		case slices.Contains(verbs, verb):
			r.problems.Errorf(t.line.Pos, diag.DuplicateVerb, "verb %q is twice in +%s", verb, key).Fix("write it once")
		}
		verbs = append(verbs, verb)
	}
	return verbs
}

// resource returns the resource name that overrides the lower-case plural.
func (r *typeReader) resource() string {
	t, ok := first(r.byKey, "resourceName")
	if !ok {
		return ""
	}
	if len(validation.IsDNS1123Label(t.value)) > 0 {
		r.problems.Errorf(t.line.Pos, diag.TagValue, "resource name %q is not a lower-case DNS label", t.value).Fix("write the plural, such as +resourceName=crontabs")
	}
	return t.value
}
