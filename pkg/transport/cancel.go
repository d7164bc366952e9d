package transport

import (
	"context"
	"net/http"
)

// ContextCanceller returns a wrapper that refuses requests with err once ctx is done. Requests that are under way then are
// not touched.
func ContextCanceller(ctx context.Context, err error) WrapperFunc {
	return func(rt http.RoundTripper) http.RoundTripper {
		return &cancellingRoundTripper{ctx: ctx, err: err, wrapped: wrapped{rt}}
	}
}

type cancellingRoundTripper struct {
	wrapped
	ctx context.Context
	err error
}

func (c *cancellingRoundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	if c.ctx.Err() != nil {
		closeBody(req)
		return nil, c.err
	}
	return c.rt.RoundTrip(req)
}
