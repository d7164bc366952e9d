package transport

import "time"

// CertCallbackRefreshDuration is how old a certificate from GetCertHolder may become before a transport asks for it again.
// It is read when a transport is made.
var CertCallbackRefreshDuration = 5 * time.Minute
