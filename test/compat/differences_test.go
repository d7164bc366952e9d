package compat

// Why cases differ.
const (
	keyAlone = "client-go leaves out a key without certificate, and the client is anonymous without a word"
	mixed    = "client-go makes a pair of a certificate and a key from different sources (kubernetes#133917)"
	noUser   = "client-go makes an anonymous client of a context whose user is not there"
	refused  = "client-go makes a config that no client can be made of: the error comes later and names neither file nor entry"
	downgrad = "client-go speaks plain HTTP to a server without scheme, though there is a CA to check it with; we speak TLS"
	fileWins = "client-go sends the flag's token only until the file is read for the second time; the flag wins with us"
	below0   = "a timeout below 0 fails all requests"
	noProxy  = "a proxy without host is none"
	newline  = "client-go keeps the newline at the end of a token file in BearerToken"
)

// differences are the cases that differ on purpose, with the reason.
var differences = map[string]string{
	"user client-key is text":                                          keyAlone,
	"user client-key-data is list":                                     keyAlone,
	"user client-key-data is text":                                     keyAlone,
	"user key without certificate":                                     keyAlone,
	"user key data without certificate":                                keyAlone,
	"flags: --client-key=key.pem":                                      keyAlone,
	"flags: --user=cert --client-certificate=ca.pem":                   mixed,
	"flags: --user=cert --client-key=ca.pem":                           mixed,
	"context user is text":                                             noUser,
	"context of a user that is not there":                              noUser,
	"cluster CA and insecure":                                          refused,
	"cluster CA file and insecure":                                     refused,
	"flags: --certificate-authority=ca.pem --insecure-skip-tls-verify": refused,
	"user basic and token file":                                        refused,
	"flags: --user=file --username=m --password=q":                     refused,
	"cluster without scheme and with CA":                               downgrad,
	"flags: --server=other":                                            downgrad,
	"flags: --user=file --token=other":                                 fileWins,
	"flags: --request-timeout=-5s":                                     below0,
	"user token file that ends with a newline":                         newline,
	"cluster proxy without host":                                       noProxy,
}
