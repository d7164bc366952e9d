package transport

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"
)

// tokenFileAge is how old a token that was read from a file may become before the file is looked at again. The kubelet
// renews the token of a service account long before it expires.
const tokenFileAge = time.Minute

// tokenFile is the CredentialSource of a file that holds a bearer token.
type tokenFile struct {
	*reloader[string]
}

// newTokenFile begins with the token in the file at path or, if that cannot be read, with bearer.
func newTokenFile(path, bearer string) (tokenFile, error) {
	what := fmt.Sprintf("bearer token file %q", path)
	load := func() (string, fingerprint, error) {
		token, err := readToken(path)
		return token, sha256.Sum256([]byte(token)), err
	}
	r, err := newReloader(what, tokenFileAge, load)
	switch {
	case err == nil:
		return tokenFile{r}, nil
	case bearer == "":
		return tokenFile{}, err
	}
	if err := validHeaderValue(bearer); err != nil {
		return tokenFile{}, fmt.Errorf("bearer token: %w", err)
	}
	return tokenFile{newReloaderWith(what, tokenFileAge, bearer, load)}, nil
}

// Credential implements CredentialSource. Without a good file the last good token stays in use.
func (f tokenFile) Credential(ctx context.Context) (Credential, error) {
	token, err := f.get(ctx)
	return Credential{Token: token}, err
}

// Expire implements CredentialSource.
func (f tokenFile) Expire(rejected Credential) { f.expire(rejected.Token) }

func readToken(path string) (string, error) {
	content, err := readFile("bearer token", path)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(content))
	if token == "" {
		err = errors.New("it is empty")
	} else {
		err = validHeaderValue(token)
	}
	if err != nil {
		return "", fmt.Errorf("unable to use the bearer token file %q: %w", path, err)
	}
	return token, nil
}
