package access

import (
	"errors"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Handler lets requests pass to next whose sender is known and allowed to, with the sender in their context (UserOf). The others are answered by fail, with
// a StatusError.
func Handler(next http.Handler, authenticator *Authenticator, authorizer Authorizer, fail func(http.ResponseWriter, *http.Request, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		attributes := Parse(r)
		user, err := authenticator.Authenticate(r)
		if err != nil {
			fail(w, r, unauthorized(err))
			return
		}
		r.Header.Del("Authorization") // recorders and handlers behind need not see it
		as, ok, err := impersonated(r.Context(), r, user, attributes, authorizer)
		if err != nil {
			fail(w, r, err)
			return
		}
		if ok {
			user = as
		}
		attributes.User = user
		if allowed, reason := authorizer.Authorize(r.Context(), attributes); !allowed {
			fail(w, r, attributes.forbidden(reason))
			return
		}
		next.ServeHTTP(w, r.WithContext(WithUser(r.Context(), user)))
	})
}

func unauthorized(err error) error {
	var status *apierrors.StatusError
	if errors.As(err, &status) {
		return status
	}
	return &apierrors.StatusError{ErrStatus: metav1.Status{
		Status: metav1.StatusFailure, Code: http.StatusUnauthorized, Reason: metav1.StatusReasonUnauthorized, Message: err.Error(),
	}}
}
