package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
)

// maxDocumentBytes bounds the discovery document. Package oauth2 has the same bound for the tokens.
const maxDocumentBytes = 1 << 20

// exchange gets new tokens for the refresh token (OpenID Connect Core 1.0, section 12).
func (r *refresher) exchange(ctx context.Context, client *http.Client) (*oauth2.Token, error) {
	endpoint, err := discover(ctx, client, r.config[issuerKey])
	if err != nil {
		return nil, err
	}
	if r.oauth2 == nil || r.oauth2.Endpoint.TokenURL != endpoint { // else it knows how the endpoint wants the client's secret
		r.oauth2 = &oauth2.Config{
			ClientID:     r.config[clientIDKey],
			ClientSecret: r.config[clientSecretKey],
			Endpoint:     oauth2.Endpoint{TokenURL: endpoint},
			Scopes:       r.scopes(),
		}
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, client)
	tokens, err := r.oauth2.TokenSource(ctx, &oauth2.Token{RefreshToken: r.config[refreshTokenKey]}).Token()
	if err != nil {
		return nil, fmt.Errorf("unable to refresh the tokens: %w", withoutSecrets(err))
	}
	return tokens, nil
}

func (r *refresher) scopes() []string {
	if r.config[scopesKey] == "" {
		return nil
	}
	return append([]string{"openid"}, strings.Split(r.config[scopesKey], ",")...)
}

// discover returns the token endpoint of issuer (OpenID Connect Discovery 1.0, section 4).
func discover(ctx context.Context, client *http.Client, issuer string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration", nil)
	if err != nil {
		return "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", fmt.Errorf("unable to get the discovery document: %w", withoutSecrets(err))
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("unable to get the discovery document: the issuer answered %d, want 200", resp.StatusCode)
	}
	var document struct {
		Issuer        string `json:"issuer"`
		TokenEndpoint string `json:"token_endpoint"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxDocumentBytes)).Decode(&document); err != nil {
		return "", errors.New("the discovery document is no valid JSON, or too large")
	}
	// Section 4.3. A slash at the end makes no difference to where the document is.
	if strings.TrimSuffix(document.Issuer, "/") != strings.TrimSuffix(issuer, "/") {
		return "", fmt.Errorf("the discovery document is that of the issuer %.200q: set %s to that if it is right", document.Issuer, issuerKey)
	}
	endpoint, err := url.Parse(document.TokenEndpoint)
	if err != nil || endpoint.Scheme != "https" || endpoint.Host == "" {
		return "", errors.New("the discovery document has no token_endpoint that is an https URL")
	}
	return document.TokenEndpoint, nil
}

// withoutSecrets returns err without what the issuer said, but for an error code of RFC 6749, and without URLs.
func withoutSecrets(err error) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		status := 0
		if answer.Response != nil {
			status = answer.Response.StatusCode
		}
		switch answer.ErrorCode {
		case "invalid_grant":
			return fmt.Errorf("the token endpoint answered %d: invalid_grant: the refresh-token is no longer valid, log in again", status)
		case "invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope":
			return fmt.Errorf("the token endpoint answered %d: %s", status, answer.ErrorCode)
		}
		return fmt.Errorf("the token endpoint answered %d", status)
	}
	var request *url.Error
	if errors.As(err, &request) {
		return request.Err
	}
	return errors.New("the token endpoint sent no tokens that can be read")
}
