package registry

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// inconsistent is the revision of a token that goes on with what there is now.
const inconsistent = -1

// token says where the next page of a list begins. It has the form of kube-apiserver's, so that tests can look into both.
type token struct {
	Format string `json:"v"`
	// Revision of the list, or inconsistent.
	Revision int64 `json:"rv"`
	// Start is the last key of the page before, and a zero byte: /name in a list of one namespace or of a resource of the cluster, else /namespace/name.
	Start string `json:"start"`
}

const format = "meta.k8s.io/v1"

// newToken returns the token for what comes after an object.
func newToken(revision int64, listNamespace, namespace, name string) string {
	start := "/" + name + "\x00"
	if listNamespace == "" && namespace != "" {
		start = "/" + namespace + start
	}
	data, err := json.Marshal(token{Format: format, Revision: revision, Start: start})
	if err != nil {
		panic(err) // a struct of strings and numbers
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// parseToken returns the revision of a token and the object after which the next page begins.
func parseToken(text, listNamespace string) (revision int64, namespace, name string, err error) {
	invalid := func(why any) (int64, string, string, error) {
		return 0, "", "", apierrors.NewBadRequest(fmt.Sprintf("invalid continue token: continue key is not valid: %v", why))
	}
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return invalid(err)
	}
	var t token
	if err := json.Unmarshal(data, &t); err != nil {
		return invalid(err)
	}
	if t.Format != format {
		return invalid("server does not recognize this encoded version " + t.Format)
	}
	if t.Revision == 0 {
		return invalid("incorrect encoded start resourceVersion (version meta.k8s.io/v1)")
	}
	start := strings.TrimSuffix(strings.TrimPrefix(t.Start, "/"), "\x00")
	if start == "" {
		return invalid("encoded start key empty (version meta.k8s.io/v1)")
	}
	namespace, name, nested := strings.Cut(start, "/")
	if listNamespace != "" {
		if nested {
			return invalid(t.Start)
		}
		return t.Revision, listNamespace, start, nil
	}
	if !nested {
		namespace, name = "", start
	}
	return t.Revision, namespace, name, nil
}
