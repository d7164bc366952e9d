// Package transport builds the http.RoundTripper that a client of an API server sends its requests through: TLS, identity
// and credentials.
//
//	request ─▶ same origin? ──yes─▶ User-Agent ─▶ impersonation ─▶ credential ─▶ debug log ─▶ WrapTransport ─▶ generations ─▶ server
//	                └─────────no──▶ User-Agent ──────────────────────────────────▶ debug log ─▶ WrapTransport ─▶ generations ─▶ elsewhere
//
//	credential    a fixed bearer token, a user name and password, or a CredentialSource: a token file, a plugin, ...
//	generations   one http.Transport for each identity (client certificate and CA); just one if neither can change
//
// The life of a request whose credential was replaced on the server:
//
//  1. The source says which credential is in use, and the request goes out with it, over a connection of the newest generation.
//  2. The server answers 401. The source is told that this credential is no good. It gets another one, once for all requests
//     that fail with the old one at the same time. Files are read again, whether they are due or not.
//  3. If there is another credential, and the body can be had again, the request goes out once more. The answer is the
//     caller's, whatever it is. If nothing changed, the caller gets the first answer.
//  4. If the client certificate changed, that is another generation. The connections of the old one get no new requests, and
//     are closed when the requests on them are done.
//
// Rules that hold for everything built here:
//
//   - A transport belongs to the client that it was made for. Nothing is cached or shared behind the caller's back, not even
//     between equal configurations: a cache of transports has to know that two proxy functions or dialers are the same, and
//     when nobody needs one any more, and client-go's history of leaks and of connections with a stranger's identity is what
//     comes of that. Whoever wants to share connections shares the http.Client. So two configurations never use each other's
//     connections, and a transport that nobody uses is garbage when its idle connections are closed: by
//     http.Client.CloseIdleConnections, or after 90 seconds.
//   - TLS 1.2 is the least; a CA together with Insecure is refused. A tls.Config is not changed once it is used.
//   - A file that is bad, or gone, leaves what was last good in use; that is logged with the name of the file.
//   - A peer that is gone without a word is noticed: HTTP/2 connections are pinged when idle and closed after 45 seconds;
//     TCP connections are probed and closed after 30.
//   - Credentials go to the scheme, host and port of Config.Origin only, whatever a redirect or a caller asks for.
//   - No secret and no body is logged at any verbosity: headers and query parameters are logged if they are known to be
//     harmless.
//   - A round tripper never changes the request that it is given, only a copy (the contract of http.RoundTripper).
//
// The environment is read when a transport is made: HTTPS_PROXY, HTTP_PROXY and NO_PROXY (CIDRs included),
// HTTP2_READ_IDLE_TIMEOUT_SECONDS, HTTP2_PING_TIMEOUT_SECONDS and DISABLE_HTTP2.
package transport
