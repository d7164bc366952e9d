package access

import (
	"context"
	"path"
	"slices"
	"strings"
)

// Authorizer decides who may do what. It may be called concurrently.
type Authorizer interface {
	// Authorize says whether a request is allowed; the reason, which may be empty, is told if it is not.
	Authorize(ctx context.Context, a Attributes) (allowed bool, reason string)
}

// RuleLister is an Authorizer that can say what a user may do, for SelfSubjectRulesReviews.
type RuleLister interface {
	RulesFor(user User, namespace string) []Rule
}

// AllowKnown allows everything to everyone but anonymous users, who may see what the server's health and version are.
type AllowKnown struct{}

// Authorize implements Authorizer.
func (AllowKnown) Authorize(_ context.Context, a Attributes) (bool, string) {
	return slices.Contains(a.User.Groups, Authenticated) || public(a), ""
}

// RulesFor implements RuleLister.
func (AllowKnown) RulesFor(User, string) []Rule {
	return []Rule{{Verbs: []string{"*"}, Groups: []string{"*"}, Resources: []string{"*"}}, {Verbs: []string{"*"}, Paths: []string{"*"}}}
}

// public says whether everyone may.
func public(a Attributes) bool {
	switch a.Path {
	case "/healthz", "/livez", "/readyz", "/version", "/version/":
		return a.Verb == "get"
	}
	return false
}

// Rule allows something. Each field names what it is about; "*" is all, and so is an empty Names, Users or Namespaces. A rule is about resources, or about
// Paths of what is none.
type Rule struct {
	// Users are names of users, and of groups behind "group:". Empty means everyone.
	Users []string
	Verbs []string
	// Groups are API groups, "" the core group.
	Groups []string
	// Resources are plurals; of a subresource, "pods/status" or "*/status".
	Resources  []string
	Names      []string
	Namespaces []string
	// Paths may end with an asterisk: "/healthz", "/openapi/*".
	Paths []string
}

// Rules is an Authorizer that allows what one of its rules does. Those of group system:masters may do everything, and everyone who is known may ask who
// they are and what they may.
type Rules []Rule

// Authorize implements Authorizer.
func (rules Rules) Authorize(_ context.Context, a Attributes) (bool, string) {
	if slices.Contains(a.User.Groups, Masters) || public(a) || aboutOneself(a) {
		return true, ""
	}
	return slices.ContainsFunc(rules, func(r Rule) bool { return r.allows(a) }), ""
}

// RulesFor implements RuleLister.
func (rules Rules) RulesFor(user User, namespace string) []Rule {
	if slices.Contains(user.Groups, Masters) {
		return AllowKnown{}.RulesFor(user, namespace)
	}
	var out []Rule
	for _, r := range rules {
		if r.isFor(user) && (len(r.Namespaces) == 0 || has(r.Namespaces, namespace)) {
			out = append(out, r)
		}
	}
	return append(out,
		Rule{Verbs: []string{"create"}, Groups: []string{"authorization.k8s.io"}, Resources: []string{"selfsubjectaccessreviews", "selfsubjectrulesreviews"}},
		Rule{Verbs: []string{"create"}, Groups: []string{"authentication.k8s.io"}, Resources: []string{"selfsubjectreviews"}},
		Rule{Verbs: []string{"get"}, Paths: []string{"/healthz", "/livez", "/readyz", "/version", "/version/"}},
		Rule{Verbs: []string{"get"}, Paths: discoveryPaths},
	)
}

// discoveryPaths are what everyone who is known may read.
var discoveryPaths = []string{"/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*"}

// aboutOneself is what everyone who is known may do.
func aboutOneself(a Attributes) bool {
	if !slices.Contains(a.User.Groups, Authenticated) {
		return false
	}
	if a.Path != "" {
		return a.Verb == "get" && matchesPath(discoveryPaths, a.Path)
	}
	switch a.Group + "/" + a.Resource {
	case "authorization.k8s.io/selfsubjectaccessreviews", "authorization.k8s.io/selfsubjectrulesreviews", "authentication.k8s.io/selfsubjectreviews":
		return a.Verb == "create"
	}
	return false
}

func (r *Rule) isFor(u User) bool {
	return len(r.Users) == 0 || has(r.Users, u.Name) || slices.ContainsFunc(u.Groups, func(g string) bool { return slices.Contains(r.Users, "group:"+g) })
}

func (r *Rule) allows(a Attributes) bool {
	if !r.isFor(a.User) || !has(r.Verbs, a.Verb) {
		return false
	}
	if a.Path != "" {
		return matchesPath(r.Paths, a.Path)
	}
	return has(r.Groups, a.Group) && r.hasResource(a) &&
		(len(r.Names) == 0 || has(r.Names, a.Name)) && (len(r.Namespaces) == 0 || has(r.Namespaces, a.Namespace))
}

func (r *Rule) hasResource(a Attributes) bool {
	if a.Subresource == "" {
		return has(r.Resources, a.Resource)
	}
	return has(r.Resources, a.Resource+"/"+a.Subresource) || slices.Contains(r.Resources, "*/"+a.Subresource)
}

func has(all []string, one string) bool {
	return slices.Contains(all, one) || slices.Contains(all, "*")
}

func matchesPath(patterns []string, p string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		prefix, any := strings.CutSuffix(pattern, "*")
		return pattern == path.Clean(p) || pattern == p || any && strings.HasPrefix(p, prefix)
	})
}
