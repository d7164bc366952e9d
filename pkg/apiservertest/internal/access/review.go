package access

import (
	"context"
	"fmt"
	"slices"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
)

// audience is whom the server's tokens are for.
const audience = "https://kubernetes.default.svc"

// Review answers one of the resources that are questions. It may change obj, and returns it.
type Review func(ctx context.Context, user User, namespace string, obj kind.Object) (kind.Object, error)

// Reviews answers the questions who one is and what one may. The objects are of version v1.
func Reviews(authenticator *Authenticator, authorizer Authorizer, now func() time.Time) map[schema.GroupResource]Review {
	r := reviewer{authenticator, authorizer, now}
	return map[schema.GroupResource]Review{
		{Group: "authentication.k8s.io", Resource: "selfsubjectreviews"}:       typed(r.self),
		{Group: "authentication.k8s.io", Resource: "tokenreviews"}:             typed(r.token),
		{Group: "authorization.k8s.io", Resource: "selfsubjectaccessreviews"}:  typed(r.selfAccess),
		{Group: "authorization.k8s.io", Resource: "selfsubjectrulesreviews"}:   typed(r.selfRules),
		{Group: "authorization.k8s.io", Resource: "subjectaccessreviews"}:      typed(r.access),
		{Group: "authorization.k8s.io", Resource: "localsubjectaccessreviews"}: typed(r.localAccess),
	}
}

func typed[T kind.Object](review func(ctx context.Context, user User, namespace string, obj T) error) Review {
	return func(ctx context.Context, user User, namespace string, obj kind.Object) (kind.Object, error) {
		o, ok := obj.(T)
		if !ok {
			return nil, apierrors.NewBadRequest(fmt.Sprintf("reviews are answered in version v1 only, not as a %T", obj))
		}
		return o, review(ctx, user, namespace, o)
	}
}

type reviewer struct {
	authenticator *Authenticator
	authorizer    Authorizer
	now           func() time.Time
}

func (r reviewer) self(_ context.Context, user User, _ string, o *authenticationv1.SelfSubjectReview) error {
	o.CreationTimestamp = metav1.NewTime(r.now()).Rfc3339Copy()
	o.Status.UserInfo = user.info()
	return nil
}

func (u User) info() authenticationv1.UserInfo {
	info := authenticationv1.UserInfo{Username: u.Name, UID: u.UID, Groups: u.Groups}
	for key, values := range u.Extra {
		if info.Extra == nil {
			info.Extra = map[string]authenticationv1.ExtraValue{}
		}
		info.Extra[key] = values
	}
	return info
}

func (r reviewer) token(_ context.Context, _ User, _ string, o *authenticationv1.TokenReview) error {
	if o.Spec.Token == "" {
		return apierrors.NewBadRequest("token is required for TokenReview in authentication")
	}
	o.Status = authenticationv1.TokenReviewStatus{}
	user, ok := r.authenticator.Token(o.Spec.Token)
	switch {
	case !ok:
		o.Status.Error = "invalid bearer token"
		return nil
	case len(o.Spec.Audiences) > 0 && !slices.Contains(o.Spec.Audiences, audience):
		o.Status.Error = fmt.Sprintf("unable to use the token for audiences %q: it is for %q", o.Spec.Audiences, audience)
		return nil
	}
	o.Status.Authenticated, o.Status.User, o.Status.Audiences = true, user.info(), []string{audience}
	return nil
}

func (r reviewer) selfAccess(ctx context.Context, user User, _ string, o *authorizationv1.SelfSubjectAccessReview) error {
	spec := authorizationv1.SubjectAccessReviewSpec{
		ResourceAttributes: o.Spec.ResourceAttributes, NonResourceAttributes: o.Spec.NonResourceAttributes, User: user.Name,
	}
	if err := invalidReview(spec); err != nil {
		return err
	}
	o.Status = r.decide(ctx, user, spec)
	return nil
}

func (r reviewer) access(ctx context.Context, _ User, _ string, o *authorizationv1.SubjectAccessReview) error {
	if err := invalidReview(o.Spec); err != nil {
		return err
	}
	o.Status = r.decide(ctx, subject(o.Spec), o.Spec)
	return nil
}

func (r reviewer) localAccess(ctx context.Context, _ User, namespace string, o *authorizationv1.LocalSubjectAccessReview) error {
	var more field.ErrorList
	if a := o.Spec.ResourceAttributes; a != nil && a.Namespace != namespace {
		more = append(more, field.Invalid(field.NewPath("spec", "resourceAttributes", "namespace"), a.Namespace, "must match metadata.namespace"))
	}
	if err := invalidReview(o.Spec, more...); err != nil {
		return err
	}
	o.Status = r.decide(ctx, subject(o.Spec), o.Spec)
	return nil
}

func subject(spec authorizationv1.SubjectAccessReviewSpec) User {
	u := User{Name: spec.User, UID: spec.UID, Groups: spec.Groups}
	for key, values := range spec.Extra {
		if u.Extra == nil {
			u.Extra = map[string][]string{}
		}
		u.Extra[key] = values
	}
	return u
}

// invalidReview refuses a question about nothing, or about nobody.
func invalidReview(spec authorizationv1.SubjectAccessReviewSpec, more ...*field.Error) error {
	var errs field.ErrorList
	path := field.NewPath("spec")
	if (spec.ResourceAttributes == nil) == (spec.NonResourceAttributes == nil) {
		if spec.ResourceAttributes == nil {
			errs = append(errs, field.Invalid(path.Child("resourceAttributes"), spec.NonResourceAttributes, "exactly one of nonResourceAttributes or resourceAttributes must be specified"))
		} else {
			errs = append(errs, field.Invalid(path.Child("nonResourceAttributes"), spec.NonResourceAttributes, "cannot be specified in combination with resourceAttributes"))
		}
	}
	if spec.User == "" && len(spec.Groups) == 0 {
		errs = append(errs, field.Invalid(path.Child("user"), spec.User, "at least one of user or group must be specified"))
	}
	errs = append(errs, more...)
	if len(errs) == 0 {
		return nil
	}
	return apierrors.NewInvalid(schema.GroupKind{Group: authorizationv1.GroupName}, "", errs)
}

func (r reviewer) decide(ctx context.Context, user User, spec authorizationv1.SubjectAccessReviewSpec) authorizationv1.SubjectAccessReviewStatus {
	a := Attributes{User: user}
	if n := spec.NonResourceAttributes; n != nil {
		a.Verb, a.Path = n.Verb, n.Path
	}
	if s := spec.ResourceAttributes; s != nil {
		a.Verb, a.Group, a.Version, a.Resource, a.Subresource, a.Namespace, a.Name = s.Verb, s.Group, s.Version, s.Resource, s.Subresource, s.Namespace, s.Name
	}
	allowed, reason := r.authorizer.Authorize(ctx, a)
	return authorizationv1.SubjectAccessReviewStatus{Allowed: allowed, Reason: reason}
}

func (r reviewer) selfRules(_ context.Context, user User, _ string, o *authorizationv1.SelfSubjectRulesReview) error {
	if o.Spec.Namespace == "" {
		return apierrors.NewBadRequest("no namespace on request")
	}
	namespace := o.Spec.Namespace
	o.Spec = authorizationv1.SelfSubjectRulesReviewSpec{} // the answer does not repeat the question
	o.Status = authorizationv1.SubjectRulesReviewStatus{ResourceRules: []authorizationv1.ResourceRule{}, NonResourceRules: []authorizationv1.NonResourceRule{}}
	lister, ok := r.authorizer.(RuleLister)
	if !ok {
		o.Status.Incomplete, o.Status.EvaluationError = true, fmt.Sprintf("%T does not say its rules", r.authorizer)
		return nil
	}
	for _, rule := range lister.RulesFor(user, namespace) {
		if len(rule.Paths) > 0 {
			o.Status.NonResourceRules = append(o.Status.NonResourceRules, authorizationv1.NonResourceRule{Verbs: rule.Verbs, NonResourceURLs: rule.Paths})
			continue
		}
		o.Status.ResourceRules = append(o.Status.ResourceRules, authorizationv1.ResourceRule{
			Verbs: rule.Verbs, APIGroups: rule.Groups, Resources: rule.Resources, ResourceNames: rule.Names,
		})
	}
	return nil
}
