package registry

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubewright/kubewright/pkg/apiservertest/internal/kind"
	"github.com/kubewright/kubewright/pkg/internal/apiobject"
	"github.com/kubewright/kubewright/pkg/internal/storage"
)

const (
	// issuer is also the audience of tokens that name none.
	issuer = "https://kubernetes.default.svc"

	defaultTokenSeconds = 3600
	minTokenSeconds     = 600
	maxTokenSeconds     = 1 << 32
)

// issueToken answers a TokenRequest with a JWT that names the service account. Its signature is no proof: the key is known to everybody.
func (r *Registry) issueToken(req Request, obj kind.Object, _ metav1.CreateOptions) (Result, error) {
	t := req.Target
	request, ok := obj.(*authenticationv1.TokenRequest)
	if !ok {
		return Result{}, apierrors.NewBadRequest(fmt.Sprintf("not a TokenRequest object: %T", obj))
	}
	account, found := r.config.Store.Get(key(t))
	if !found {
		return Result{}, apierrors.NewNotFound(t.Resource.GroupResource(), t.Name)
	}
	if request.Name != "" && request.Name != t.Name {
		return Result{}, invalidToken(t.Name, field.Invalid(field.NewPath("metadata", "name"), request.Name, "must match the service account name if specified"))
	}
	setDefault(&request.Spec.ExpirationSeconds, new(int64(defaultTokenSeconds)))
	if len(request.Spec.Audiences) == 0 {
		request.Spec.Audiences = []string{issuer}
	}
	path := field.NewPath("spec", "expirationSeconds")
	switch seconds := *request.Spec.ExpirationSeconds; {
	case seconds < minTokenSeconds:
		return Result{}, invalidToken("", field.Invalid(path, seconds, "may not specify a duration less than 10 minutes"))
	case seconds > maxTokenSeconds:
		return Result{}, invalidToken("", field.Invalid(path, seconds, "may not specify a duration larger than 2^32 seconds"))
	}
	if err := r.checkBoundObject(t.Namespace, request.Spec.BoundObjectRef); err != nil {
		return Result{}, err
	}
	now := r.now()
	request.ObjectMeta = metav1.ObjectMeta{Name: t.Name, Namespace: t.Namespace, UID: account.GetUID(), CreationTimestamp: now}
	request.Status.ExpirationTimestamp = metav1.NewTime(now.Add(time.Duration(*request.Spec.ExpirationSeconds) * time.Second))
	request.Status.Token = serviceAccountToken(account, request.Spec, now.Time, request.Status.ExpirationTimestamp.Time)
	return Result{Object: request, Code: http.StatusCreated}, nil
}

// checkBoundObject refuses to bind a token to a pod or a secret that is not there.
func (r *Registry) checkBoundObject(namespace string, ref *authenticationv1.BoundObjectReference) error {
	if ref == nil || ref.Kind != "Pod" && ref.Kind != "Secret" {
		return nil
	}
	resource := core(strings.ToLower(ref.Kind) + "s")
	if _, found := r.config.Store.Get(storage.Key{Resource: resource, Namespace: namespace, Name: ref.Name}); !found {
		return apierrors.NewNotFound(resource, ref.Name)
	}
	return nil
}

func invalidToken(name string, err *field.Error) error {
	return apierrors.NewInvalid(schema.GroupKind{Group: authenticationv1.GroupName, Kind: "TokenRequest"}, name, field.ErrorList{err})
}

// serviceAccountToken is a JWT (RFC 7519) with the claims of kube-apiserver's.
func serviceAccountToken(account kind.Object, spec authenticationv1.TokenRequestSpec, now, expires time.Time) string {
	header := map[string]any{"alg": "HS256", "typ": "JWT"}
	claims := map[string]any{
		"aud": spec.Audiences,
		"exp": expires.Unix(),
		"iat": now.Unix(),
		"iss": issuer,
		"jti": apiobject.NewUID(),
		"nbf": now.Unix(),
		"sub": "system:serviceaccount:" + account.GetNamespace() + ":" + account.GetName(),
		"kubernetes.io": map[string]any{
			"namespace":      account.GetNamespace(),
			"serviceaccount": map[string]any{"name": account.GetName(), "uid": account.GetUID()},
		},
	}
	signed := encodeSegment(header) + "." + encodeSegment(claims)
	mac := hmac.New(sha256.New, []byte("apiservertest"))
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func encodeSegment(values map[string]any) string {
	data, err := json.Marshal(values)
	if err != nil {
		panic(err) // maps of strings and numbers
	}
	return base64.RawURLEncoding.EncodeToString(data)
}
