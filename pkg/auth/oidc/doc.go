// Package oidc is the auth provider "oidc" of kubeconfigs: it sends the ID token of an OpenID Connect issuer as bearer token,
// and gets another with the refresh token before it expires, or when the server rejects it.
//
//	request ─▶ refresh.Source ─ expired? ─▶ discovery document ─▶ token endpoint ─▶ new tokens ─▶ persister
//
// Import it for its effect, or package auth. Its configuration, in the auth-provider section of a kubeconfig:
//
//	idp-issuer-url                  the issuer, as its discovery document names it; https
//	client-id, client-secret        of the client that the tokens are for; the secret may be empty
//	id-token, refresh-token         what the client has; written back when there are newer ones
//	idp-certificate-authority       path of a PEM bundle that the issuer is checked against; the system's if not set
//	idp-certificate-authority-data  the same as base64 data, which wins
//	extra-scopes                    separated by commas, for the refresh
//
// The ID token is not verified, which is the API server's business: only its expiry is read.
package oidc
