// Package connrotation dials connections that can be closed all at once, because the credential that they were made with is
// no good any more. Clients of package rest need none of it: their transports retire connections by themselves, without
// failing the requests on them.
package connrotation
