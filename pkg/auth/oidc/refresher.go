package oidc

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"

	"golang.org/x/net/http/httpguts"
	"golang.org/x/oauth2"
	"k8s.io/klog/v2"

	"github.com/kubewright/kubewright/pkg/rest"
	"github.com/kubewright/kubewright/pkg/transport"
)

// refreshTimeout is how long a refresh may take.
const refreshTimeout = 30 * time.Second

// refresher gets new tokens. What may change belongs to fetch, which is called by one goroutine at a time.
type refresher struct {
	http      transport.Config                 // for requests to the issuer
	persister rest.AuthProviderConfigPersister // may be nil

	config map[string]string // may change
	oauth2 *oauth2.Config    // may change; nil at first
}

// fetch is a refresh.Fetch.
func (r *refresher) fetch(ctx context.Context) (transport.Credential, time.Time, error) {
	token, err := r.refresh(ctx)
	if err != nil {
		return transport.Credential{}, time.Time{}, fmt.Errorf("auth provider \"oidc\", issuer %q: %w", r.config[issuerKey], err)
	}
	return transport.Credential{Token: token}, expiry(token), nil
}

func (r *refresher) refresh(ctx context.Context) (string, error) {
	if r.config[refreshTokenKey] == "" {
		return "", errors.New("there is no valid id-token, and no refresh-token to get another: log in again")
	}
	ctx, cancel := context.WithTimeout(ctx, refreshTimeout)
	defer cancel()
	rt, err := transport.New(&r.http)
	if err != nil {
		return "", err
	}
	client := &http.Client{Transport: rt, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()

	tokens, err := r.exchange(ctx, client)
	if err != nil {
		return "", err
	}
	idToken, _ := tokens.Extra("id_token").(string)
	switch {
	case idToken == "": // which OpenID Connect Core 1.0 allows (section 12.2)
		err = errors.New("the token endpoint sent no id_token: the issuer must support it in answers to refresh requests")
	case !httpguts.ValidHeaderFieldValue(idToken):
		idToken, err = "", errors.New("the token endpoint sent an id_token that cannot be sent in a header")
	}
	r.keep(ctx, idToken, tokens.RefreshToken)
	return idToken, err
}

// keep stores the tokens that are not empty. A refresh token counts even if no ID token came with it: the old one may be void
// (RFC 6749, section 6). That the file cannot be written is no reason not to use them.
func (r *refresher) keep(ctx context.Context, idToken, refreshToken string) {
	config := maps.Clone(r.config)
	if idToken != "" {
		config[idTokenKey] = idToken
	}
	if refreshToken != "" {
		config[refreshTokenKey] = refreshToken
	}
	if maps.Equal(config, r.config) {
		return
	}
	r.config = config
	if r.persister == nil {
		return
	}
	if err := r.persister.Persist(maps.Clone(config)); err != nil {
		klog.FromContext(ctx).Error(err, "Unable to store the new tokens of the auth provider; the next program may have to log in again", "issuer", config[issuerKey])
	}
}
