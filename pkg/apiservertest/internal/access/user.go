package access

import (
	"context"
	"slices"
)

// User is who sends a request.
type User struct {
	Name   string
	UID    string
	Groups []string
	Extra  map[string][]string
}

// Users and groups that have a meaning everywhere.
const (
	Anonymous       = "system:anonymous"
	Unauthenticated = "system:unauthenticated"
	Authenticated   = "system:authenticated"
	Masters         = "system:masters"
)

// known returns u with the group of those who have shown who they are.
func known(u User) User {
	if !slices.Contains(u.Groups, Authenticated) {
		u.Groups = append(slices.Clip(u.Groups), Authenticated)
	}
	return u
}

type userKey struct{}

// UserOf returns who sent the request that ctx is of; the zero User if none was authenticated.
func UserOf(ctx context.Context) User {
	u, _ := ctx.Value(userKey{}).(User)
	return u
}

// WithUser returns a context of a request that u sent.
func WithUser(ctx context.Context, u User) context.Context {
	return context.WithValue(ctx, userKey{}, u)
}
