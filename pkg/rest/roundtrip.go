package rest

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
)

// roundTrip sends req once with client, and returns what client.Do would, with an error that has no secrets. A client that
// follows no redirects, keeps no cookies and has no timeout needs nothing of what Do prepares for these, which costs as much as
// building the request. nil stands for the client that uses http.DefaultTransport.
func roundTrip(client *http.Client, req *http.Request) (*http.Response, error) {
	if client == nil {
		client = &http.Client{}
	}
	if client.Jar != nil || client.Timeout > 0 || req.URL.User != nil || followsRedirects(client) {
		resp, err := withoutRedirects(client).Do(req)
		if err != nil {
			return nil, withoutSecrets(err)
		}
		return resp, nil
	}
	transport := client.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	resp, err := transport.RoundTrip(req)
	switch {
	case err != nil:
		return nil, failedRoundTrip(req, err)
	case resp == nil:
		return nil, failedRoundTrip(req, errNoResponse)
	case resp.Body == nil:
		resp.Body = http.NoBody // a real transport always sets one, those of tests may not
	}
	return resp, nil
}

var errNoResponse = errors.New("the http.RoundTripper returned neither a response nor an error")

// failedRoundTrip returns err as http.Client has it: with the method and the address.
func failedRoundTrip(req *http.Request, err error) error {
	if e, ok := errors.AsType[tls.RecordHeaderError](err); ok && string(e.RecordHeader[:]) == "HTTP/" {
		err = http.ErrSchemeMismatch
	}
	op := req.Method[:1] + strings.ToLower(req.Method[1:])
	return &url.Error{Op: op, URL: publicAddress(req.URL), Err: err}
}

// followsRedirects reports whether client has a policy of its own about redirects; it may still refuse them.
func followsRedirects(client *http.Client) bool {
	return client.CheckRedirect != nil &&
		reflect.ValueOf(client.CheckRedirect).Pointer() != reflect.ValueOf(refuseRedirect).Pointer()
}

// withoutSecrets takes what may be secret from the address that net/http puts into errors.
func withoutSecrets(err error) error {
	u, ok := errors.AsType[*url.Error](err)
	if !ok {
		return err
	}
	address := "(an address that cannot be parsed)"
	if parsed, err := url.Parse(u.URL); err == nil {
		address = publicAddress(parsed)
	}
	u.URL = address // this error is ours: http.Client has made it for this attempt
	return err
}

// publicAddress returns u without user information and query, which may have tokens.
func publicAddress(u *url.URL) string {
	public := *u
	public.User, public.RawQuery, public.Fragment = nil, "", ""
	return public.String()
}
