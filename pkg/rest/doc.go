// Package rest is the client of an API that follows the Kubernetes conventions: it builds a request purely, sends it
// elsewhere, and decodes what comes back.
//
//	Config ──▶ RESTClient ──▶ Request ── build ──▶ wireRequest ── send ──▶ *http.Response ──▶ Result | watch.Interface
//	(config.go) (client.go)  (request.go)         (wire.go)   (send.go)                   (result.go) (watch.go)
//	                                                              │
//	                      deadline.go  retry.go  fallback.go  observe.go ──▶ pkg/metrics
//
// The life of a request:
//
//  1. RESTClient.Get and its like begin a Request. Builder methods note what is asked for and what is wrong with it; nothing
//     touches the network, and every error is kept until the request is sent (request.go, params.go, body.go, path.go).
//  2. Do, DoRaw, Stream or Watch build the wireRequest: method, URL, headers and body as plain values (wire.go).
//  3. It gets a deadline (deadline.go), waits for the rate limiter and goes out; refused or lost attempts are repeated where
//     that is safe (send.go, retry.go), as JSON if the server does not speak what was tried (fallback.go). Each attempt is
//     reported to pkg/metrics (observe.go).
//  4. The response's body is read up to a limit; a metav1.Status becomes an error of apimachinery's api/errors (response.go,
//     status.go); otherwise a Result holds the bytes and the decoder for their media type (result.go, content.go).
//  5. A watch stays open: one goroutine cuts the stream into frames, decodes each and delivers it as an event (watch.go,
//     event.go, internal/frame).
//  6. The body of a list that is read by EachItem is cut into objects while it arrives, and each is decoded and handed out
//     before the next one (eachitem.go, listreader.go, listformat.go, internal/frame). Of an object that cannot be decoded, in
//     a list or a watch, its identity is told and the rest goes on (identity.go).
//
// # Safety
//
// Names and other path segments are checked and escaped, so that no name can retarget a request. Redirects are not
// followed. Credentials go to the configured server only. Bodies, error bodies, watch frames and objects of lists are bounded
// (limits.go). A Config, printed or marshalled in any way, hides its secrets; bodies and headers are never logged. Errors and
// metric labels have no user information and no query of a URL. An object that cannot be decoded is named, without its content.
//
// # Connections
//
// Clients of equal configurations share connections (HTTPClientFor), so that a program may make a client whenever it needs one.
// There is nothing to close: when no client and no open answer holds them any more, idle connections are closed. A program that
// wants that at once calls CloseIdleConnections of RESTClient.Client, or of the http.Client that it made its clients with.
//
// # Content
//
// Objects travel as JSON, YAML, protobuf or CBOR: as what Config.ContentType and AcceptContentTypes say and, if they say
// nothing, as protobuf for types that have it and JSON for the others. CBOR is used only if one of the two names it. A Table
// or PartialObjectMetadata is had by SetHeader("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io") and Into a
// metav1.Table.
package rest
