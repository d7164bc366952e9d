// Package transport builds the http.RoundTripper that a client of an API server sends its requests through: TLS, identity
// and credentials.
//
//	request ─▶ User-Agent ─▶ same origin? ──yes─▶ impersonation ─▶ bearer or basic ─▶ WrapTransport ─▶ http.Transport ─▶ server
//	                              └─────────no──────────────────────────────────────▶ WrapTransport ─▶ http.Transport ─▶ elsewhere
//
// Rules that hold for everything built here:
//
//   - A transport belongs to the client that it was made for. Nothing is cached or shared behind the caller's back; two
//     configurations never use each other's connections. Close idle connections with http.Client.CloseIdleConnections.
//   - TLS 1.2 is the least; a CA together with Insecure is refused.
//   - HTTP/2 connections are pinged when idle, so that a dead peer is noticed in 45 seconds instead of the 15 minutes that
//     TCP takes.
//   - Credentials go to the scheme, host and port of Config.Origin only, whatever a redirect or a caller asks for.
//   - A round tripper never changes the request that it is given, only a copy (the contract of http.RoundTripper).
package transport
