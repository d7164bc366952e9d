// Package transport builds the http.RoundTripper that a client of an API server sends its requests through: TLS, identity
// and credentials.
//
//	request ─▶ same origin? ──yes─▶ User-Agent ─▶ impersonation ─▶ credential ─▶ debug log ─▶ WrapTransport ─▶ generations ─▶ server
//	                └─────────no──▶ User-Agent ──────────────────────────────────▶ debug log ─▶ WrapTransport ─▶ generations ─▶ elsewhere
//
//	credential    a fixed bearer token, a user name and password, or a CredentialSource: a token file, a plugin, ...
//	generations   one http.Transport for each identity (client certificate and CA); just one if neither can change; clients
//	              from a Pool may share them
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
//   - A transport belongs to the clients that hold it, and to nobody else: what New makes, to one client; what a Pool makes, to
//     all clients whose configurations make interchangeable connections, which Pool spells out. Nothing here holds a
//     transport behind their backs, neither a cache nor a goroutine. When the last of its clients is garbage, and the last open
//     answer, its idle connections are closed, with no finalizer of the caller's and no 90 seconds to wait; to close them at
//     once there is http.Client.CloseIdleConnections, which reaches through every round tripper of this package.
//   - Two identities never use the same connection: a client certificate is compared wherever connections are shared. A token
//     is no matter of a connection: the server judges it for each request.
//   - TLS 1.2 is the least; a CA together with Insecure is refused. A tls.Config is not changed once it is used.
//   - A file that is bad, or gone, leaves what was last good in use; that is logged with the name of the file.
//   - A peer that is gone without a word is noticed: HTTP/2 connections are pinged when idle and closed after 45 seconds;
//     TCP connections are probed and closed after 30.
//   - Credentials go to the scheme, host and port of Config.Origin only, whatever a redirect or a caller asks for.
//   - No secret and no body is logged at any verbosity: headers and query parameters are logged if they are known to be
//     harmless.
//   - A round tripper never changes the request that it is given, only a copy (the contract of http.RoundTripper).
//
// The environment is read when New or Pool.New is called: HTTPS_PROXY, HTTP_PROXY and NO_PROXY (CIDRs included),
// HTTP2_READ_IDLE_TIMEOUT_SECONDS, HTTP2_PING_TIMEOUT_SECONDS and DISABLE_HTTP2.
package transport
