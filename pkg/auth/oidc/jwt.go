package oidc

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// expiry returns when a JWT says that it expires (RFC 7519, section 4.1.4). Zero means that it does not say so in a way that
// can be understood. Nothing is verified.
func expiry(token string) time.Time {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return time.Time{}
	}
	var claims struct {
		Expiry float64 `json:"exp"`
	}
	const lastYear = 253402300799 // 9999-12-31
	if json.Unmarshal(payload, &claims) != nil || claims.Expiry <= 0 || claims.Expiry > lastYear {
		return time.Time{}
	}
	return time.Unix(int64(claims.Expiry), 0)
}
