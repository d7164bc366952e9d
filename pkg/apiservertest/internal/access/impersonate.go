package access

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// The headers by which a request says whom it speaks as.
const (
	userHeader  = "Impersonate-User"
	uidHeader   = "Impersonate-Uid"
	groupHeader = "Impersonate-Group"
	extraHeader = "Impersonate-Extra-"
)

// constrained begins the verb that kube-apiserver, which tries constrained impersonation (KEP-5284) first, names in its refusal.
const constrained = "impersonate-on:user-info:"

// impersonated returns who the request of u, with the attributes a, speaks as, and takes the headers that say so off it. ok is false if there are none.
func impersonated(ctx context.Context, r *http.Request, u User, a Attributes, authorizer Authorizer) (as User, ok bool, err error) {
	as = User{Name: r.Header.Get(userHeader), UID: r.Header.Get(uidHeader), Groups: r.Header.Values(groupHeader)}
	for name, values := range r.Header {
		if key, ok := strings.CutPrefix(name, extraHeader); ok {
			if as.Extra == nil {
				as.Extra = map[string][]string{}
			}
			key = strings.ToLower(key)
			if plain, err := url.PathUnescape(key); err == nil {
				key = plain
			}
			as.Extra[key] = values
		}
	}
	if as.Name == "" {
		if as.UID == "" && len(as.Groups) == 0 && as.Extra == nil {
			return as, false, nil
		}
		return as, false, apierrors.NewBadRequest(fmt.Sprintf("requested &user.DefaultInfo{Name:%q, UID:%q, Groups:%#v, Extra:%#v} without impersonating a user name",
			as.Name, as.UID, as.Groups, as.Extra))
	}
	for _, whom := range as.attributes() {
		whom.User, whom.Verb = u, "impersonate"
		if allowed, reason := authorizer.Authorize(ctx, whom); !allowed {
			a.User, a.Verb = u, constrained+a.Verb
			return as, false, a.forbidden(reason)
		}
	}
	for name := range r.Header {
		if strings.HasPrefix(name, "Impersonate-") {
			r.Header.Del(name)
		}
	}
	return as.completed(), true, nil
}

// serviceAccount returns the parts of a service account's user name.
func serviceAccount(user string) (namespace, name string, ok bool) {
	rest, ok := strings.CutPrefix(user, "system:serviceaccount:")
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, ":")
}

// attributes are what one must be allowed to impersonate to speak as u.
func (u User) attributes() []Attributes {
	who := Attributes{Version: "v1", Resource: "users", Name: u.Name}
	if namespace, name, ok := serviceAccount(u.Name); ok {
		who = Attributes{Version: "v1", Resource: "serviceaccounts", Namespace: namespace, Name: name}
	}
	all := []Attributes{who}
	for _, group := range u.Groups {
		all = append(all, Attributes{Version: "v1", Resource: "groups", Name: group})
	}
	const authentication = "authentication.k8s.io"
	for key, values := range u.Extra {
		for _, value := range values {
			all = append(all, Attributes{Group: authentication, Version: "v1", Resource: "userextras", Subresource: key, Name: value})
		}
	}
	if u.UID != "" {
		all = append(all, Attributes{Group: authentication, Version: "v1", Resource: "uids", Name: u.UID})
	}
	return all
}

// completed returns u with the groups that its name implies.
func (u User) completed() User {
	if u.Name == Anonymous {
		u.Groups = append(u.Groups[:len(u.Groups):len(u.Groups)], Unauthenticated)
		return u
	}
	if namespace, _, ok := serviceAccount(u.Name); ok && len(u.Groups) == 0 {
		u.Groups = []string{"system:serviceaccounts", "system:serviceaccounts:" + namespace}
	}
	return known(u)
}
