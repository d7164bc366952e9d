package wire

import (
	"path"
	"strings"
	"sync"
)

// difference is a way in which Kubewright does something else than client-go, on purpose.
type difference struct {
	// tests are patterns (path.Match) of the tests where it shows, separated by "; ". Every test that matches must show it.
	tests string
	// fields of the outcome that differ, separated by ", ".
	fields string
	reason string
}

var differences = []difference{
	// Paths.
	{"TestBuilder/prefix up; TestBuilder/suffix up; TestBuilder/absolute path up; TestOddNames/suffix/dot; TestOddNames/suffix/two dots; TestOddNames/prefix/dot; TestOddNames/prefix/two dots; TestOddNames/absolute path/dot; TestOddNames/absolute path/two dots",
		"refused", "client-go resolves dots, so that a suffix from outside can lead the request to another resource"},
	{"TestOddNames/*/newline; TestOddNames/*/NUL; TestOddNames/*/DEL",
		"refused", "no name has control characters; proxies and logs on the way may not survive them"},
	{"TestOddNames/*/semicolon; TestOddNames/*/comma",
		"escaped path", "an escaped semicolon or comma is the same to the API server, and cannot be taken for a delimiter by a proxy"},
	{"TestBuilder/request URI with an escaped slash",
		"refused", "client-go makes two segments of one"},
	{"TestBuilder/request URI with a server",
		"refused", "client-go ignores the server, so that the request goes elsewhere than it says"},
	{"TestBuilder/request URI relative; TestBuilder/request URI empty",
		"refused", "a request URI begins with a slash (RFC 9112 section 3.2); client-go adds it"},
	{"TestBuilder/request URI with a malformed query",
		"refused", "client-go drops the query, and with it what it selects"},

	// Parameters and headers.
	{"TestBuilder/timeout negative",
		"refused", "the server would refuse it"},
	{"TestBuilder/header with a line break in its name; TestBuilder/header with a line break in its value",
		"refused", "with client-go it is net/http's transport that refuses it, if the request goes through one"},

	// Bodies.
	{"TestBuilder/merge patch of an object",
		"refused", "client-go sends the object as application/json, which no server takes for a patch"},
	{"TestBuilder/body object by header in YAML",
		"body, header Content-Type", "client-go replaces the Content-Type that the caller has set by the client's"},
	{"TestBuilder/body object in a malformed type",
		"refused", "client-go replaces the Content-Type that the caller has set by the client's"},
	{"TestBuilder/body nil",
		"refused", "client-go takes a nil pointer for no body, but nil for an error"},
	{"TestBuilder/content type with parameters",
		"refused", "client-go looks for an encoder by the media type with its parameters and finds none"},

	{"TestBuilder/content type CBOR",
		"refused", "the codecs of the test have no CBOR; client-go sends JSON and does not say so"},

	// Clients.
	{"TestBuilder/host with an escaped path",
		"escaped path", "client-go makes two segments of one"},
	{"TestBuilder/host with a query; TestBuilder/host with a fragment",
		"refused", "client-go drops it, so that the requests go elsewhere than the configuration says"},
	{"TestBuilder/host of another scheme",
		"refused", "with client-go it is net/http's transport that refuses it, at the first request"},
	{"TestTypedDefaults/user agent",
		"header User-Agent", "it names Kubewright"},
	{"TestTypedClients/default/CoreV1/Events/[CU]*WithEventNamespace*; TestTypedClients/default/CoreV1/Namespaces/Finalize; TestTypedClients/default/CoreV1/Pods/Bind; TestTypedClients/default/CoreV1/Pods/Evict*; TestTypedClients/default/EventsV1beta1/Events/[CU]*WithEventNamespace; TestTypedClients/default/CertificatesV1beta1/CertificateSigningRequests/UpdateApproval; TestTypedClients/default/ExtensionsV1beta1/Deployments/Rollback; TestTypedClients/default/Policy*/Evictions/Evict",
		"body, header Accept, header Content-Type", "a client that prefers protobuf does so in all its methods; with client-go, hand-written ones prefer JSON"},
	{"TestTypedClients/default/CoreV1/Events/PatchWithEventNamespace*; TestTypedClients/default/CoreV1/Nodes/PatchStatus; TestTypedClients/default/EventsV1beta1/Events/PatchWithEventNamespace",
		"header Accept", "as above"},
	{"TestBuilder/impersonation without a user",
		"refused", "the server refuses it; client-go sends an empty user name"},

	// Answers.
	{"TestStatusErrors/* by DoRaw; TestSuccess/warning of an error by DoRaw",
		"error", "DoRaw returns the server's Status as Do does; with client-go it is an error made of the status code alone"},
	{"TestOtherErrors/* with malformed type",
		"error", "the status code says what went wrong; client-go makes an internal error of it since it cannot parse the Content-Type"},
	{"TestSuccess/malformed content type by Do",
		"error", "the request succeeded, and Raw has the body; decoding it fails. With client-go the request fails"},
	{"TestSuccess/204 by Do; TestSuccess/no content type by Do",
		"ContentType", "the answer says none; client-go returns the one that it assumes"},
	{"TestSuccess/another kind by Do",
		"Into: error", "client-go leaves the object empty and says nothing"},
	{"TestSuccess/broken off by Do",
		"requests", "what is safe is tried again; client-go fails at once"},
	{"TestSuccess/broken off by DoRaw",
		"requests, bytes", "what is safe is tried again; client-go fails at once, and returns the part of the body that it has"},
	{"TestTypedDefaults/object of another kind",
		"error", "client-go returns an empty object and says nothing"},
	{"TestTypedDefaults/content type that the server does not have; TestTypedDefaults/configured content type that the server does not have",
		"error, requests", "what is refused as protobuf is sent as JSON, which every server has"},
	{"TestRedirects/*",
		"error, requests", "redirects are not followed: API servers send none, and what they lead to could be anything (CVE-2020-8559, CVE-2022-3172)"},
	{"TestWatch/truncated event; TestWatch/protobuf truncated; TestWatch/stream that *",
		"events", "client-go closes the channel as if the server had ended the watch"},

	// Time.
	{"TestTimeouts/* between attempts by *",
		"error, requests", "if there is no time for another attempt, the answer is the result, at once; client-go waits for the deadline and returns that"},
	{"TestTimeouts/request with time for another attempt",
		"query", "the second attempt tells the server how much time is left; client-go says the same again"},
	{"TestTimeouts/request by Stream; TestTimeouts/request in the body by Stream; TestTimeouts/request by Watch",
		"duration", "with client-go, Timeout bounds neither streams nor watches"},
	{"TestTimeouts/request of a stream by Watch",
		"duration, events", "with client-go, Timeout does not bound watches"},
	{"TestTimeouts/client of a stream by Watch",
		"events", "client-go closes the channel as if the server had ended the watch"},
	{"TestTimeouts/context in the body by DoRaw; TestTimeouts/request in the body by DoRaw; TestTimeouts/client in the body by DoRaw",
		"bytes", "client-go returns the part of the body that it has"},

	// Repetition.
	{"TestRetries/creation after 50[024]; TestRetries/patch after 50[024]; TestRetries/deletion after 50[024]",
		"error, requests", "a write that failed so may have been done; client-go repeats it"},
	{"TestRetries/creation after 50[024] for ever; TestRetries/patch after 50[024] for ever; TestRetries/deletion after 50[024] for ever",
		"requests", "a write that failed so may have been done; client-go repeats it"},
	{"TestRetries/get after a reset connection; TestRetries/get after an end; TestRetries/get after an unexpected end; TestRetries/get after GOAWAY; TestRetries/get after a lost HTTP connection",
		"time", "the first wait is short and has jitter; client-go waits for a second"},
	{"TestRetries/get with one retry after a reset connection; TestRetries/get with one retry after an end; TestRetries/get with one retry after an unexpected end; TestRetries/get with one retry after GOAWAY; TestRetries/get with one retry after a lost HTTP connection",
		"time", "as above"},
	{"TestRetries/watch after a reset connection; TestRetries/watch after an end",
		"time", "as above"},
	{"TestRetries/Retry-After date; TestRetries/Retry-After too large",
		"error, requests", "RFC 9110 section 10.2.3 allows dates and any number of digits; client-go reads neither"},
	{"TestRetries/Retry-After negative",
		"error, requests", "RFC 9110 section 10.2.3 allows no negative number; client-go repeats the request at once"},
	{"TestRetries/Retry-After an hour",
		"time", "a server can make a client wait for a minute at most; client-go waits for an hour"},
	{"TestRetries/Retry-After zero",
		"time", "as after a lost connection; client-go repeats the request at once, ten times"},
}

// matched has the patterns of the table that a test has asked for.
var (
	matchedMu sync.Mutex // guards matched
	matched   = map[string]bool{}
)

// expectedDifferences returns the reasons why fields differ in a test.
func expectedDifferences(test string) map[string]string {
	test = strings.ReplaceAll(test, "_", " ") // package testing writes spaces so
	expected := map[string]string{}
	for _, d := range differences {
		for pattern := range strings.SplitSeq(d.tests, "; ") {
			ok, err := path.Match(pattern, test)
			if err != nil {
				panic(err)
			}
			if !ok {
				continue
			}
			matchedMu.Lock()
			matched[pattern] = true
			matchedMu.Unlock()
			for field := range strings.SplitSeq(d.fields, ", ") {
				expected[field] = d.reason
			}
		}
	}
	return expected
}

// unmatched returns the patterns of the table that no test has asked for.
func unmatched() []string {
	var patterns []string
	for _, d := range differences {
		for pattern := range strings.SplitSeq(d.tests, "; ") {
			if !matched[pattern] {
				patterns = append(patterns, pattern)
			}
		}
	}
	return patterns
}
