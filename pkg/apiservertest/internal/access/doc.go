// Package access says who sends a request, and whether they may.
//
//	request ──▶ Authenticate ──▶ impersonate ──▶ Attributes ──▶ Authorizer ──▶ next handler, which finds the User in the context
//	              │ 401             │ 400, 403                      │ 403
//	              ▼                 ▼                               ▼
//	                              Status
//
// A request has a bearer token, or a client certificate whose common name is the user and whose organizations are groups, or neither: then its sender is
// system:anonymous. A credential that is wrong is refused, not taken for none. Whoever is allowed to may speak as another by Impersonate-* headers.
//
// Differences from kube-apiserver v1.36: to impersonate takes the verb impersonate, and the verbs of constrained impersonation (KEP-5284) allow nothing;
// and a SelfSubjectRulesReview has the rules of the Authorizer, not those of RBAC.
//
// The reviews of groups authentication.k8s.io and authorization.k8s.io are answered from the same users and the same Authorizer (review.go).
package access
