package differential

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"
)

// server is an API server that scenarios are run on.
type server struct {
	url string
	// clients authenticate as: "" the administrator admin-token, "plain" a user without rights, "anonymous".
	clients map[string]*http.Client
}

// patience bounds the wait for what a server must do at once: the next event of a watch, a CRD that is served.
const patience = 10 * time.Second

// exchange is a step with its answer, as it is compared and written to a golden file.
type exchange struct {
	Request string            `json:"request,omitempty"` // as the scenario has it, and so is what was sent
	Sent    string            `json:"sent,omitempty"`
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    any               `json:"body,omitempty"`
	Events  []any             `json:"events,omitempty"`
	End     string            `json:"end,omitempty"` // how a watch ended

	whole any // the body as it came, to learn of versions and UIDs in what is not recorded
}

// comparedHeaders are those that clients look at. The others are about connections, or for humans.
var comparedHeaders = []string{"Content-Type", "Content-Encoding", "Warning", "Retry-After", "Cache-Control", "Allow", "Location", "Vary", "Www-Authenticate"}

// run is a scenario that is being run on a server.
type run struct {
	t        *testing.T
	server   *server
	scenario scenario
	answers  map[string]any // the bodies of steps that have an id, as they came
	watches  map[string]*watch
	i        int // the repetition
}

// play runs the scenario on the server and returns what happened, normalised.
func play(t *testing.T, on *server, s scenario) []exchange {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r := &run{t: t, server: on, scenario: s, answers: map[string]any{}, watches: map[string]*watch{}}
	defer func() {
		for _, w := range r.watches {
			w.stop()
		}
	}()
	r.makeNamespace(ctx)
	untilMuchOfTheSecondIsLeft()
	var exchanges []exchange
	for _, step := range s.steps {
		for r.i = 1; r.i <= max(1, step.repeat); r.i++ {
			e, err := r.do(ctx, step)
			if err != nil {
				for _, before := range exchanges {
					t.Logf("%s: %d %v", before.Request, before.Status, before.Body)
				}
				t.Fatalf("%s: %v", step.line, err)
			}
			exchanges = append(exchanges, e)
		}
	}
	return normalise(exchanges)
}

// untilMuchOfTheSecondIsLeft waits until a scenario can write all that it writes within one second. Managed fields are sorted by
// times in seconds first, so that their order depends on whether a second ends between two writes.
func untilMuchOfTheSecondIsLeft() {
	if now := time.Now(); now.Sub(now.Truncate(time.Second)) > 500*time.Millisecond {
		time.Sleep(time.Until(now.Truncate(time.Second).Add(time.Second)))
	}
}

func (r *run) makeNamespace(ctx context.Context) {
	r.t.Helper()
	e, err := r.send(ctx, step{method: "POST", path: "/api/v1/namespaces", body: "{metadata: {name: " + r.scenario.namespace + "}}"})
	if err != nil {
		r.t.Fatal(err)
	}
	if e.Status != http.StatusCreated {
		r.t.Fatalf("create the namespace %s: %v %v", r.scenario.namespace, e.Status, e.Body)
	}
}

func (r *run) do(ctx context.Context, s step) (exchange, error) {
	switch s.method {
	case "WATCH":
		return r.openWatch(ctx, s)
	case "EVENTS":
		return r.awaitEvents(ctx, s)
	case "END":
		return r.awaitEnd(ctx, s)
	}
	e, err := r.send(ctx, s)
	for deadline := time.Now().Add(patience); err == nil && s.until != "" && !reached(e, s.until); {
		if time.Now().After(deadline) {
			return e, fmt.Errorf("it does not become %s; the last answer is %d %v", s.until, e.Status, e.Body)
		}
		time.Sleep(20 * time.Millisecond)
		e, err = r.send(ctx, s)
	}
	if err != nil {
		return e, err
	}
	if s.id != "" {
		r.answers[s.id] = e.Body
	}
	return s.recorded(e), nil
}

// reached says whether the answer is what @until asks for.
func reached(e exchange, until string) bool {
	if path, value, ok := strings.Cut(until, "="); ok {
		got, ok := lookup(e.Body, path)
		return ok && fmt.Sprint(got) == value
	}
	return strconv.Itoa(e.Status) == until
}

// recorded leaves out of an exchange what the step says is not recorded.
func (s step) recorded(e exchange) exchange {
	e.whole = e.Body
	if s.brief {
		return exchange{Request: e.Request, Sent: e.Sent, Status: e.Status, whole: e.whole}
	}
	if s.without != "" {
		e.Body = without(e.Body, s.without)
	}
	if s.only != nil && e.Status < 300 {
		body := map[string]any{}
		for _, path := range s.only {
			value, ok := lookup(e.Body, path)
			if !ok {
				value = "(none)"
			}
			body[path] = value
		}
		e.Body = body
	}
	return e
}

// without returns body less the items of a list that have a value, as in "items.metadata.name=a".
func without(body any, condition string) any {
	path, value, _ := strings.Cut(condition, "=")
	list, path, _ := strings.Cut(path, ".")
	object, ok := body.(map[string]any)
	if !ok {
		return body
	}
	items, ok := object[list].([]any)
	if !ok {
		return body
	}
	object = maps.Clone(object)
	object[list] = slices.DeleteFunc(slices.Clone(items), func(item any) bool {
		got, ok := lookup(item, path)
		return ok && fmt.Sprint(got) == value
	})
	return object
}

// send sends the request of a step and returns its answer.
func (r *run) send(ctx context.Context, s step) (exchange, error) {
	e := exchange{Request: s.title(), Sent: s.sent()}
	resp, err := r.open(ctx, s)
	if err != nil {
		return e, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return e, err
	}
	e.Status, e.Headers = resp.StatusCode, selectHeaders(resp.Header)
	if len(data) > 0 {
		if e.Body, err = decode(data, resp.Header.Get("Content-Type"), s.text); err != nil {
			return e, fmt.Errorf("%s %w", e.Headers["Content-Type"], err)
		}
	}
	return e, nil
}

// title is the request as the golden file names it.
func (s step) title() string {
	if s.user != "" {
		return s.line + " as " + s.user
	}
	return s.line
}

// sent is what the request has beside its first line.
func (s step) sent() string {
	var b strings.Builder
	for _, h := range s.header {
		if !slices.Contains(slices.Collect(maps.Values(patchTypes)), h[1]) {
			fmt.Fprintf(&b, "%s: %s\n", h[0], h[1])
		}
	}
	return b.String() + s.body
}

// open sends the request of a step.
func (r *run) open(ctx context.Context, s step) (*http.Response, error) {
	path, err := r.expand(s.path, url.QueryEscape)
	if err != nil {
		return nil, err
	}
	body, err := r.expand(s.body, verbatim)
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	for _, h := range s.header {
		value, err := r.expand(h[1], verbatim)
		if err != nil {
			return nil, err
		}
		header.Add(h[0], value)
	}
	payload := []byte(body)
	if body != "" {
		if header.Get("Content-Type") == "" {
			header.Set("Content-Type", "application/json")
		}
		if !s.raw {
			if payload, err = encode(body, header.Get("Content-Type")); err != nil {
				return nil, err
			}
		}
	}
	req, err := http.NewRequestWithContext(ctx, s.method, r.server.url+r.home(path), bytes.NewReader(payload))
	if err != nil {
		return nil, err
	}
	req.Header = header
	req.Header.Set("User-Agent", "differential/1")
	client, ok := r.server.clients[s.user]
	if !ok {
		return nil, fmt.Errorf("no user %q", s.user)
	}
	return client.Do(req)
}

// home replaces the path's segment "~" by the scenario's namespace.
func (r *run) home(path string) string {
	home := "namespaces/" + r.scenario.namespace
	if strings.HasPrefix(path, "~") {
		return "/api/v1/" + home + strings.TrimPrefix(path, "~")
	}
	return strings.Replace(path, "/~", "/"+home, 1)
}

var variable = regexp.MustCompile(`\$\{([^}]+)\}`)

func verbatim(s string) string { return s }

// expand replaces ${ns}, ${i} and ${id.path.in.the.answer}, the last escaped.
func (r *run) expand(text string, escape func(string) string) (string, error) {
	var failed error
	text = variable.ReplaceAllStringFunc(text, func(match string) string {
		name := match[2 : len(match)-1]
		switch name {
		case "ns":
			return r.scenario.namespace
		case "i":
			return strconv.Itoa(r.i)
		}
		id, path, _ := strings.Cut(name, ".")
		value, ok := lookup(r.answers[id], path)
		if !ok {
			failed = fmt.Errorf("%s: there is no such value in %v", match, r.answers[id])
		}
		return escape(fmt.Sprint(value))
	})
	return text, failed
}

// lookup returns the value at a path of keys and indices such as "items.0.metadata.name"; a dot in a key is written "\.".
func lookup(value any, path string) (any, bool) {
	for key := range strings.SplitSeq(strings.ReplaceAll(path, `\.`, "\x00"), ".") {
		key = strings.ReplaceAll(key, "\x00", ".")
		switch v := value.(type) {
		case map[string]any:
			next, ok := v[key]
			if !ok {
				return nil, false
			}
			value = next
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}

func selectHeaders(h http.Header) map[string]string {
	selected := map[string]string{}
	for _, name := range comparedHeaders {
		if values := h.Values(name); len(values) > 0 {
			selected[name] = strings.Join(values, " | ")
		}
	}
	return selected
}

// unmarshalJSON keeps the spelling of numbers.
func unmarshalJSON(data []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	return value, nil
}

func toJSON(text string) ([]byte, error) { return yaml.YAMLToJSON([]byte(text)) }
